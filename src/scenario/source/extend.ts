import type { Problem } from '../../schema/index.js';
import type { ScenarioSchema } from '../schema/index.js';
import { merge, without } from './merge.js';
import { parseYaml } from './parse-yaml.js';
import { resolvePath } from './paths.js';
import { get, type Mapping, type Tree, type TreePlace } from './tree.js';
import { unreadable } from './unreadable.js';

const LONGEST_CHAIN = 16;

export interface Extended {
  readonly tree: Mapping | null;
  readonly problems: readonly Problem[];
}

/**
 * A file on top of the one that its `extends` names, and so on. What belongs to the file itself (name, description) is
 * not inherited.
 */
export function readExtended(
  source: { readonly file: string; readonly text: string },
  schema: ScenarioSchema,
  readText: (path: string) => string,
  chain: readonly string[] = [],
): Extended {
  const parsed = parseYaml(source.file, source.text);
  if (parsed.tree === null) return { tree: null, problems: parsed.problems };
  if (parsed.tree.kind !== 'map') {
    return failed(parsed.tree.place, 'SCN_TYPE', 'a scenario is a map of keys such as version, server, app, load');
  }
  const own = parsed.tree;
  const parent = own.entries.get('extends')?.value;
  if (parent === undefined) return { tree: own, problems: [] };
  if (parent.kind !== 'leaf' || typeof parent.value !== 'string' || parent.value === '') {
    return failed(parent.place, 'SCN_TYPE', 'expected the name of a scenario file');
  }
  const file = resolvePath(source.file, parent.value);
  const files = [...chain, source.file];
  if (files.includes(file))
    return failed(parent.place, 'SCN_EXTENDS', `extends itself: ${[...files, file].join(' -> ')}`);
  if (files.length >= LONGEST_CHAIN)
    return failed(parent.place, 'SCN_EXTENDS', `a chain of more than ${LONGEST_CHAIN} files`);
  const text = read(file, parent.place, readText);
  if (typeof text !== 'string') return { tree: null, problems: [text] };
  const base = readExtended({ file, text }, schema, readText, files);
  if (base.tree === null) return base;
  const inherited = without(base.tree, ['name', 'description', 'extends', 'claim']);
  const tree = mergeVariants(schema, inherited, without(own, ['extends']));
  return { tree, problems: base.problems };
}

/** Variants of both files, by name, the inherited ones first; where both have one, it is merged like a scenario. */
function mergeVariants(schema: ScenarioSchema, base: Mapping, own: Mapping): Mapping {
  const merged = merge(schema, without(base, ['variants']), without(own, ['variants'])) as Mapping;
  const before = base.entries.get('variants');
  const after = own.entries.get('variants');
  const given = after ?? before;
  if (given === undefined) return merged;
  const entries = new Map(merged.entries);
  entries.set('variants', { key: given.key, value: variantsOf(schema, before?.value, after?.value) });
  return { ...merged, entries };
}

function variantsOf(schema: ScenarioSchema, before: Tree | undefined, after: Tree | undefined): Tree {
  if (before?.kind !== 'map' || after?.kind !== 'map') return (after ?? before)!;
  const entries = new Map(before.entries);
  for (const [name, entry] of after.entries) {
    const inherited = get(before, name);
    const isRemoved = entry.value.kind === 'leaf' && entry.value.value === null;
    if (isRemoved && inherited !== undefined) entries.delete(name);
    else
      entries.set(
        name,
        inherited === undefined ? entry : { key: entry.key, value: merge(schema, inherited, entry.value) },
      );
  }
  return { ...after, entries };
}

/** The text, or the problem that there is none. */
export function read(file: string, place: TreePlace, readText: (path: string) => string): string | Problem {
  try {
    return readText(file);
  } catch (error) {
    return fileProblem(place, file, error);
  }
}

export function fileProblem(place: TreePlace, file: string, error: unknown): Problem {
  return { ...place, code: 'SCN_FILE', expected: '', received: '', ...unreadable(file, error) };
}

function failed(place: TreePlace, code: Problem['code'], message: string): Extended {
  return { tree: null, problems: [{ ...place, code, message, expected: '', received: '', hint: '' }] };
}
