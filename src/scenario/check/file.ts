import { nearest, type Problem } from '../../schema/index.js';
import type { BuiltConfiguration } from '../build/configuration.js';
import { readObjective } from '../notation/objective.js';
import { problemAt } from '../source/problem-at.js';
import { get, type Mapping } from '../source/tree.js';
import { checkClaim } from './claim.js';

/** What can only be said of the file as a whole. */
export function checkFile(root: Mapping, variants: readonly string[], built: readonly BuiltConfiguration[]): Problem[] {
  const problems: Problem[] = [];
  checkBaseline(root, variants, problems);
  checkObjectives(root, built, problems);
  checkRuns(root, built, problems);
  problems.push(...checkClaim(root, built));
  return problems;
}

function checkBaseline(root: Mapping, variants: readonly string[], problems: Problem[]): void {
  const baseline = get(root, 'baseline');
  if (baseline?.kind !== 'leaf' || typeof baseline.value !== 'string' || variants.includes(baseline.value)) return;
  const near = nearest(baseline.value, variants);
  const hint = near === null ? `there are ${variants.join(', ')}` : `did you mean ${near}?`;
  problems.push(problemAt(baseline.place, 'SCN_CHOICE', `no variant is called ${baseline.value}`, hint));
}

function checkObjectives(root: Mapping, built: readonly BuiltConfiguration[], problems: Problem[]): void {
  const slo = get(root, 'slo');
  if (slo?.kind !== 'list') return;
  const classes = new Set(built.flatMap(({ spec }) => spec.system.app.classes.map((c) => c.name)));
  for (const item of slo.items) {
    if (item.kind !== 'leaf' || typeof item.value !== 'string') continue;
    const objective = readObjective(item.value);
    const isKnown =
      'fault' in objective || objective.className === 'all' || classes.size === 0 || classes.has(objective.className);
    const fault = 'fault' in objective ? objective.fault : isKnown ? null : `no class is called ${objective.className}`;
    if (fault !== null) problems.push(problemAt(item.place, 'SCN_SLO', fault));
  }
}

/** Warm-up and run length have defaults that depend on the load; all variants must come to the same. */
function checkRuns(root: Mapping, built: readonly BuiltConfiguration[], problems: Problem[]): void {
  const runs = new Set(built.map(({ run }) => JSON.stringify(run, (_, v) => (v === Infinity ? 'all' : v))));
  if (runs.size < 2) return;
  const place = root.entries.get('run')?.key ?? root.place;
  const message =
    'some variants replay recorded arrivals or drain a backlog and others do not, so their default lengths and warm-ups differ';
  const hint = 'state run.duration (or requests) and run.warmup';
  problems.push(problemAt({ ...place, length: Math.min(place.length, 3), path: 'run' }, 'SCN_VARIANT', message, hint));
}
