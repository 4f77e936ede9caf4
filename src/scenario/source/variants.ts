import type { Problem } from '../../schema/index.js';
import { FILE_LEVEL_KEYS, FILE_NAME, FILE_NAME_IN_WORDS, type ScenarioSchema } from '../schema/index.js';
import { merge, without } from './merge.js';
import { applyOverride, type Override, setProblem } from './override.js';
import { problemAt } from './problem-at.js';
import type { Mapping, Tree, TreePlace } from './tree.js';

/** One configuration as written: the file with the overrides of one variant on top. */
export interface WrittenConfiguration {
  readonly variant: string;
  readonly tree: Mapping;
}

export interface Split {
  readonly configurations: readonly WrittenConfiguration[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** The configurations of a file: one for each variant, or the file itself under the scenario's name. */
export function splitVariants(schema: ScenarioSchema, root: Mapping, name: string): Split {
  const base = without(root, ['variants']);
  const variants = root.entries.get('variants');
  if (variants === undefined) return { configurations: [{ variant: name, tree: base }], problems: [], warnings: [] };
  if (variants.value.kind !== 'map' || variants.value.entries.size === 0) {
    const message = 'expected a map with at least one variant';
    return { configurations: [], problems: [problemAt(variants.value.place, 'SCN_TYPE', message)], warnings: [] };
  }
  const problems: Problem[] = [];
  const configurations: WrittenConfiguration[] = [];
  for (const [variant, { key, value }] of variants.value.entries) {
    problems.push(...problemsOfVariant(variant, key, value));
    if (value.kind === 'map') {
      const overrides = without(value, FILE_LEVEL_KEYS);
      configurations.push({ variant, tree: merge(schema, base, { ...overrides, place: base.place }) as Mapping });
    } else {
      configurations.push({ variant, tree: base });
    }
  }
  return { configurations, problems, warnings: [] };
}

function problemsOfVariant(variant: string, key: TreePlace, value: Tree): Problem[] {
  const problems: Problem[] = [];
  if (!FILE_NAME.test(variant)) problems.push(problemAt(key, 'SCN_NAME', `expected ${FILE_NAME_IN_WORDS}`));
  const isEmpty = value.kind === 'leaf' && value.value === null;
  if (value.kind !== 'map' && !isEmpty)
    problems.push(problemAt(value.place, 'SCN_TYPE', 'expected a map of overrides'));
  if (value.kind !== 'map') return problems;
  for (const [name, entry] of value.entries) {
    if (!FILE_LEVEL_KEYS.includes(name)) continue;
    problems.push(
      problemAt(entry.key, 'SCN_VARIANT', `${name} is the same for all variants; state it at the top of the file`),
    );
  }
  return problems;
}

/** Applies overrides of the system (host, server, app ...) to every configuration they fit. */
export function overrideAll(
  schema: ScenarioSchema,
  configurations: readonly WrittenConfiguration[],
  override: Override,
): Split {
  const problems: Problem[] = [];
  const elsewhere: { readonly variant: string; readonly choice: string }[] = [];
  const changed = configurations.map((configuration) => {
    const applied = applyOverride(schema, configuration.tree, override);
    if ('tree' in applied) return { ...configuration, tree: applied.tree as Mapping };
    if ('problem' in applied) problems.push(applied.problem);
    else elsewhere.push({ variant: configuration.variant, choice: applied.otherChoice });
    return configuration;
  });
  const [first] = elsewhere;
  if (first === undefined) return { configurations: changed, problems, warnings: [] };
  const { choice } = first;
  const [parent, last] = [choice.slice(0, choice.lastIndexOf('.')), choice.slice(choice.lastIndexOf('.') + 1)];
  if (elsewhere.length === configurations.length) {
    const hint = `to change what ${parent} is, write --set '${parent}={${last}: {...}}'`;
    problems.push(setProblem(override.place, `no configuration has ${choice}`, 'SCN_SET', hint));
    return { configurations: changed, problems, warnings: [] };
  }
  const names = elsewhere.map(({ variant }) => variant).join(', ');
  const isOne = elsewhere.length === 1;
  const message = `changes nothing in ${names}: ${isOne ? 'it has' : 'they have'} no ${choice}`;
  return { configurations: changed, problems, warnings: [setProblem(override.place, message)] };
}
