/** Traces of measured cases with what the recording leaves to chance drawn anew. */
import { type MeasuredCase, readRun, traceOf } from './measured.js';

/** Another thread has the lock for so long; what is less is the core's: other threads use it for a moment. */
const TURN_MS = 100;

/** By how much the requests of one phase of 300 ms of CPU (D03) took longer than that where no other one had a turn [ms]. */
export function longerThanThreeTurnsMs(measured: MeasuredCase, run: number): number[] {
  const rows = traceOf(measured, run)
    .split('\n')
    .map((line) => line.split(','));
  const long = new Set(rows.filter(([, , phases]) => phases === 'c300.000').map(([, id]) => id));
  const { ids, inAppWaitMs } = readRun(measured, run);
  return [...inAppWaitMs].filter((ms, k) => long.has(ids[k]) && ms < TURN_MS);
}

/** The same requests, each changed. */
export function eachRequest(
  trace: string,
  change: (arrivalMs: number, phases: string) => readonly [arrivalMs: number, phases: string],
): string {
  const [head, ...lines] = trace.trimEnd().split('\n');
  const rows = lines.map((line) => {
    const [arrival, id, phases, ...rest] = line.split(',');
    const [arrivalMs, changed] = change(Number(arrival), phases!);
    return { arrivalMs, line: [arrivalMs.toFixed(3), id, changed, ...rest].join(',') };
  });
  rows.sort((a, b) => a.arrivalMs - b.arrivalMs);
  return [head, ...rows.map(({ line }) => line), ''].join('\n');
}
