import { loadOf } from '../../experiment/load/offered-load.js';
import { type Nanos, SECOND } from '../../kernel/time.js';
import { formatDuration } from '../../schema/index.js';
import type { BuiltConfiguration } from '../build/configuration.js';
import type { Findings } from '../source/findings.js';

/** More is asked for than the system can do by hand formula. */
export function warnIfUnstable({ spec, run }: BuiltConfiguration, findings: Findings): void {
  const load = loadOf(spec, run);
  if (!load.isUnstable) return;
  findings.warning(['load'], {
    code: 'SCN_UNSTABLE',
    at: 'key',
    message: `${spec.variant}: offered load ${(load.offeredPerSec! / load.capacityPerSec).toPrecision(3)} of capacity: queues grow for the whole run`,
  });
}

/** What is done to the system when nobody comes any more shows in no figure of requests. */
export function warnIfTooLate(built: BuiltConfiguration, findings: Findings): void {
  const { spec, run } = built;
  const tell = (k: number, atNs: Nanos, end: string): void => {
    const message = `begins at ${formatDuration(atNs)}, when the last request has come: ${end}`;
    findings.warning(['operations', k], { code: 'SCN_TOO_LATE', message });
  };
  const { lastNs, lastText } = lastArrival(built);
  for (const [k, { atNs }] of (spec.system.operations ?? []).entries()) {
    if (atNs >= run.durationNs) tell(k, atNs, `the load ends at ${formatDuration(run.durationNs)}`);
    else if (atNs > lastNs) tell(k, atNs, lastText);
  }
}

/**
 * When the last request comes, where the scenario states a number of requests instead of a time: exactly with a recording, on
 * average with a rate that stays; never where it depends on the answers, and in a backlog, which is drained afterwards.
 */
function lastArrival({ spec, run }: BuiltConfiguration): { readonly lastNs: Nanos; readonly lastText: string } {
  const { load } = spec.system;
  if (load.kind === 'recorded') {
    const lastNs = load.arrivalNs[Math.min(run.requests, load.arrivalNs.length) - 1] ?? 0;
    return { lastNs, lastText: `the last request of the recording comes at ${formatDuration(lastNs)}` };
  }
  const { offeredPerSec } = loadOf(spec, run);
  if (load.kind !== 'renewal' || offeredPerSec === null || !Number.isFinite(run.requests)) {
    return { lastNs: Number.POSITIVE_INFINITY, lastText: '' };
  }
  const lastNs = (run.requests / offeredPerSec) * SECOND;
  const count = `${run.requests} requests at ${Number(offeredPerSec.toPrecision(3))}/s`;
  return { lastNs, lastText: `${count} have come after about ${formatDuration(Number(lastNs.toPrecision(2)))}` };
}
