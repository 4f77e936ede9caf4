import type { Objective } from '../../experiment/objective.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import type { BuiltConfiguration } from '../build/configuration.js';
import { readObjective } from '../notation/objective.js';
import { get, type Mapping, textAt } from '../source/tree.js';

/** The experiment of a file without problems. */
export function assemble(root: Mapping, name: string, built: readonly BuiltConfiguration[]): ExperimentSpec {
  const configurations = built.map(({ spec }) => spec);
  const baseline = textAt(root, 'baseline') ?? configurations[0]!.variant;
  const description = textAt(root, 'description') ?? '';
  return {
    name,
    description,
    configurations,
    baseline,
    run: built[0]!.run,
    slo: objectivesOf(root),
    resolved: resolvedFile(root, name, baseline, built),
    ...(built[0]!.claim !== null && { claim: built[0]!.claim }),
  };
}

/** Those of a file whose objectives have been checked. */
function objectivesOf(root: Mapping): Objective[] {
  const slo = get(root, 'slo');
  if (slo?.kind !== 'list') return [];
  return slo.items.flatMap((item) => {
    const objective = readObjective(item.kind === 'leaf' ? String(item.value) : '');
    return 'fault' in objective ? [] : [objective];
  });
}

const SYSTEM_KEYS = [
  'host',
  'ruby',
  'python',
  'server',
  'load_balancer',
  'proxy',
  'app',
  'load',
  'clients',
  'control',
  'overheads',
];

/** A file that says the same without any default. */
function resolvedFile(root: Mapping, name: string, baseline: string, built: readonly BuiltConfiguration[]): unknown {
  const pick = (from: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(SYSTEM_KEYS.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
  const first = built[0]!.resolved;
  const isCompared = get(root, 'variants') !== undefined;
  const head = { version: 1, name, description: first.description };
  const tail = { run: first.run, ...(first.slo !== undefined && { slo: first.slo }) };
  if (!isCompared) return { ...head, ...pick(first), ...tail };
  const variants = Object.fromEntries(built.map(({ spec, resolved }) => [spec.variant, pick(resolved)]));
  return { ...head, ...tail, baseline, variants };
}
