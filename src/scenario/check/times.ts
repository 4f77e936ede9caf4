/** Times in a scenario that lie where nothing of them is seen. */
import { loadOf } from '../../experiment/load/offered-load.js';
import { type Nanos, SECOND } from '../../kernel/time.js';
import type { LoadSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import type { BuiltConfiguration } from '../build/configuration.js';
import type { Findings } from '../source/findings.js';

type Steps = Extract<LoadSpec, { kind: 'poisson-steps' }>;

/** Warns of operations after the last request, and of rates after the end of the load. */
export function warnOfTimes(built: BuiltConfiguration, findings: Findings): void {
  const { spec, run } = built;
  const { load, operations = [] } = spec.system;
  const tell = (path: readonly PropertyKey[], message: string): void =>
    findings.warning(path, { code: 'SCN_TOO_LATE', message });
  const { lastNs, lastText } = lastArrival(built);
  for (const [k, { atNs }] of operations.entries()) {
    if (atNs < run.durationNs && atNs <= lastNs) continue;
    const end = atNs >= run.durationNs ? `the load ends at ${formatDuration(run.durationNs)}` : lastText;
    tell(['operations', k], `begins at ${formatDuration(atNs)}, when the last request has come: ${end}`);
  }
  if (load.kind !== 'poisson-steps') return;
  const endNs = Math.min(run.durationNs, requestsAreOverNs(load, run.requests));
  for (const [k, fromNs] of load.fromNs.entries()) {
    if (fromNs < endNs) continue;
    const end = endNs === run.durationNs ? formatDuration(endNs) : `about ${rounded(endNs)}`;
    tell(['load', 'open', 'rate', k], `begins at ${formatDuration(fromNs)}: the load ends at ${end}`);
  }
}

/**
 * When the last request comes, where something else than the length of the run says it: exactly with a recording, on average with
 * a stated number of requests at known rates; never where it depends on the answers, and in a backlog, which is drained afterwards.
 */
function lastArrival({ spec, run }: BuiltConfiguration): { readonly lastNs: Nanos; readonly lastText: string } {
  const { load } = spec.system;
  if (load.kind === 'recorded') {
    const lastNs = load.arrivalNs[Math.min(run.requests, load.arrivalNs.length) - 1] ?? 0;
    return { lastNs, lastText: `the last request of the recording comes at ${formatDuration(lastNs)}` };
  }
  if (load.kind === 'poisson-steps') return lastOfSteps(load, run.requests);
  const { offeredPerSec } = loadOf(spec, run);
  if (load.kind !== 'renewal' || offeredPerSec === null || !Number.isFinite(run.requests)) {
    return { lastNs: Number.POSITIVE_INFINITY, lastText: '' };
  }
  const lastNs = (run.requests / offeredPerSec) * SECOND;
  const count = `${run.requests} requests at ${Number(offeredPerSec.toPrecision(3))}/s`;
  return { lastNs, lastText: `${count} have come after about ${rounded(lastNs)}` };
}

function lastOfSteps(load: Steps, requests: number): { readonly lastNs: Nanos; readonly lastText: string } {
  const overNs = requestsAreOverNs(load, requests);
  const quietNs = quietFromNs(load);
  if (quietNs < Number.POSITIVE_INFINITY && quietNs <= overNs)
    return { lastNs: quietNs, lastText: `the rate is 0 from ${formatDuration(quietNs)} on` };
  return { lastNs: overNs, lastText: `${requests} requests at these rates have come after about ${rounded(overNs)}` };
}

/** From when on the rate is 0 for good; Infinity: it is not. */
function quietFromNs({ fromNs, ratePerSec }: Steps): Nanos {
  let last = ratePerSec.length;
  while (last > 0 && ratePerSec[last - 1] === 0) last--;
  return fromNs[last] ?? Number.POSITIVE_INFINITY;
}

/** When so many requests have come on average; Infinity: never. */
function requestsAreOverNs({ fromNs, ratePerSec, atStart = 0 }: Steps, requests: number): Nanos {
  let left = requests - atStart;
  for (const [k, rate] of ratePerSec.entries()) {
    if (left <= 0) return fromNs[k]!;
    const seconds = ((fromNs[k + 1] ?? Number.POSITIVE_INFINITY) - fromNs[k]!) / SECOND;
    if (rate > 0 && rate * seconds >= left) return Math.round(fromNs[k]! + (left / rate) * SECOND);
    if (rate > 0) left -= rate * seconds;
  }
  return Number.POSITIVE_INFINITY;
}

function rounded(ns: Nanos): string {
  return formatDuration(Number(ns.toPrecision(2)));
}
