/**
 * How long a server with one thread a worker is taken by a request beyond its demand, read from a recording. It differs from run to run: by what
 * else the machine does, and by how slow it is.
 *
 * The end of an application is reckoned from the latency. So a replay with the mean overhead of its run put in is no independent test of the latencies: it tests the queueing, which at
 * a server of one thread follows almost from arrivals, demand and overhead (D. V. Lindley, The theory of queues with a single server, 1952).
 */
import { experimentOf, type MeasuredCase, type Requests, readRun, replay } from './measured.js';
import { eachRequest } from './varied-traces.js';

export interface Overhead {
  /** From the end of the application to its start for a request that waited by then, mean [ms]. */
  readonly betweenMs: number;
  /** Inside the application, mean [ms]. */
  readonly inAppMs: number;
}

/** @param runs of one case, all measured or all simulated */
export function overheadOf(runs: readonly Requests[]): Overhead {
  return {
    betweenMs: mean(runs.flatMap(betweenRequestsMs)),
    inAppMs: mean(runs.flatMap(({ inAppWaitMs, status }) => [...inAppWaitMs.filter((_, k) => status[k] === 'ok')])),
  };
}

/** Each worker's requests in turn; what comes after one that was killed is left out. */
function betweenRequestsMs({ sentMs, queueMs, latencyMs, afterAppMs, worker, status }: Requests): number[] {
  const startMs = sentMs.map((ms, k) => ms + queueMs[k]!);
  const endMs = sentMs.map((ms, k) => ms + latencyMs[k]! - afterAppMs[k]!);
  const last = new Map<string, number>();
  const between: number[] = [];
  for (const k of [...sentMs.keys()].sort((a, b) => startMs[a]! - startMs[b]!)) {
    const before = last.get(worker[k]!);
    last.set(worker[k]!, k);
    if (before === undefined || status[before] !== 'ok' || Number.isNaN(startMs[k]!)) continue;
    const waited = endMs[before]! - sentMs[k]!;
    if (waited > ARRIVING_MS) between.push(startMs[k]! - endMs[before]!);
  }
  return between;
}

/** A connection that was opened so long ago is in the listen queue. */
const ARRIVING_MS = 1;

/** The trace with each request longer (or shorter) by so much [ms], under the lock. */
export function lengthened(trace: string, byMs: number): string {
  return eachRequest(trace, (arrivalMs, phases) => {
    const each = phases.split(';').map((phase) => ({ kind: phase[0]!, ms: Number(phase.slice(1)) }));
    const longest = each.reduce((best, phase) => (phase.kind !== 'i' && phase.ms > best.ms ? phase : best), {
      kind: '',
      ms: 0,
    });
    longest.ms = Math.max(0, longest.ms + byMs);
    return [arrivalMs, each.map(({ kind, ms }) => `${kind}${ms.toFixed(3)}`).join(';')];
  });
}

const killedMs = ({ ids, status, latencyMs }: Requests): number[] =>
  ids.flatMap((_, k) => (status[k] === 'ok' ? [] : [latencyMs[k]!]));

/** Of one replication in so many the master's second lies as it lay when this was measured; the first of them is 52. */
const DRAWS = { from: 50, to: 250 };

/** A replay that kills its requests after the times measured, within 25 ms. Null: none in 200. */
export function replayKillingAsMeasured(measured: MeasuredCase, change?: (trace: string) => string): Requests | null {
  const experiment = experimentOf(measured, 1, [], change);
  const realMs = killedMs(readRun(measured, 1));
  for (let draw = DRAWS.from; draw < DRAWS.to; draw++) {
    const run = replay(experiment, draw);
    const ms = killedMs(run);
    if (ms.length === realMs.length && ms.every((one, k) => Math.abs(one - realMs[k]!) < 25)) return run;
  }
  return null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
