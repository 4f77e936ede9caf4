import type { Nanos } from '../../kernel/time.js';
import type { RunSpec } from '../spec.js';

/**
 * Where the discarded start of a run ends. Exactly one of the two is in force; the other is 0.
 * A request belongs to the warm-up by its arrival, never by its departure: a cut by departure would drop the slow ones.
 */
export interface WarmUp {
  /** Requests that arrive before this time are not counted [ns]. */
  readonly untilNs: Nanos;
  /** This many first arrivals are not counted. */
  readonly arrivals: number;
}

/**
 * Share of a run that is cut before anything is known about it, and the least that `auto` cuts: a start that is over
 * sooner costs a tenth of the observations, which widens intervals by a twentieth.
 */
export const PROVISIONAL_SHARE = 0.1;

/**
 * A fraction is one of the requests where their number is limited, else of the duration, else of a trace's length.
 *
 * @param expected requests after which the load is used up; Infinity when the clock ends it
 * @throws RangeError if a fraction is asked of a load without end
 */
export function warmUpOf(run: RunSpec, expected: number): WarmUp {
  const { warmup } = run;
  if (warmup.kind === 'time') return { untilNs: warmup.ns, arrivals: 0 };
  const fraction = warmup.kind === 'auto' ? PROVISIONAL_SHARE : warmup.fraction;
  const byClock = !Number.isFinite(run.requests) && Number.isFinite(run.durationNs);
  if (byClock) return { untilNs: Math.round(fraction * run.durationNs), arrivals: 0 };
  if (!Number.isFinite(expected)) throw new RangeError('a load without end has no fraction to cut as warm-up');
  return { untilNs: 0, arrivals: Math.floor(fraction * expected) };
}
