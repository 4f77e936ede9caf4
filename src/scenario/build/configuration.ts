import type { ClaimSpec } from '../../experiment/claims/spec.js';
import type { ConfigurationSpec, RunSpec } from '../../experiment/spec.js';
import { child, findings as findingsOf, isVersion, type Schema } from '../../schema/index.js';
import type { Tables } from '../csv/tables.js';
import { scenarioSchema } from '../schema/index.js';
import type { Findings } from '../source/findings.js';
import { pathFrom, resolvePath } from '../source/paths.js';
import { type Leaf, type Tree, toPlain } from '../source/tree.js';
import type { WrittenConfiguration } from '../source/variants.js';
import { BuildContext } from './context.js';
import { resolveDefaults } from './defaults.js';
import { buildRun } from './run.js';
import { buildSystem } from './system.js';

/** A configuration that was checked and built. */
export interface BuiltConfiguration {
  readonly spec: ConfigurationSpec;
  readonly run: RunSpec;
  /** The configuration with every default written out. */
  readonly resolved: Readonly<Record<string, unknown>>;
  readonly claim: ClaimSpec | null;
}

/** Checks one configuration and builds it; null when there are problems, which are then in `findings`. */
export function buildConfiguration(
  { variant, tree }: WrittenConfiguration,
  mainFile: string,
  tables: Tables,
  findings: Findings,
): BuiltConfiguration | null {
  const plain = toPlain(tree);
  checkVersionNumbers(tree, findings);
  const checked = scenarioSchema().safeParse(plain);
  if (!checked.success) {
    for (const finding of findingsOf(scenarioSchema(), checked.error, plain)) findings.add(finding);
    return null;
  }
  const resolved = resolveDefaults(plain, checked.data);
  const scenario = scenarioSchema().parse(resolved);
  const run = buildRun(scenario.run, findings);
  const system = buildSystem(scenario, new BuildContext(findings, tables));
  if (findings.problems.length > 0) return null;
  const portable = withPortablePaths(resolved, tree, mainFile) as Record<string, unknown>;
  return { spec: { variant, system }, run, resolved: portable, claim: checked.data.claim ?? null };
}

/** YAML reads 3.10 as the number 3.1: a version that does not read back as it was written is refused. */
function checkVersionNumbers(tree: Tree, findings: Findings): void {
  for (const { path, leaf } of versionsIn(tree, scenarioSchema(), [])) {
    if (typeof leaf.value !== 'number' || leaf.source === String(leaf.value)) continue;
    const message = `${leaf.source} without quotes is the number ${leaf.value}`;
    findings.problem(path, { code: 'SCN_VERSION', message, hint: `write "${leaf.source}" in quotes` });
  }
}

/** What is written where the schema has a version. */
function versionsIn(
  tree: Tree,
  schema: Schema<unknown>,
  path: readonly string[],
): { path: readonly string[]; leaf: Leaf }[] {
  if (tree.kind === 'leaf') return isVersion(schema) ? [{ path, leaf: tree }] : [];
  if (tree.kind === 'list') return [];
  return [...tree.entries].flatMap(([key, { value }]) => {
    const below = child(schema, key) as Schema<unknown> | null;
    return below === null ? [] : versionsIn(value, below, [...path, key]);
  });
}

/** Names of data files as seen from the main file: another file may have named them. */
function withPortablePaths(value: unknown, tree: Tree | undefined, mainFile: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, k) => withPortablePaths(item, tree?.kind === 'list' ? tree.items[k] : undefined, mainFile));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const below = tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined;
    const isFile = key === 'file' && typeof inner === 'string' && below !== undefined;
    if (!isFile) return [key, withPortablePaths(inner, below, mainFile)] as const;
    return [key, pathFrom(mainFile, resolvePath(below.place.file, inner))] as const;
  });
  return Object.fromEntries(entries);
}
