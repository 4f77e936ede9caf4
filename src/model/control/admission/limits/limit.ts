import type { Nanos } from '../../../../kernel/time.js';
import type { Schema } from '../../../../schema/index.js';

/** How many requests may be in a host at the same time, and what it learns from those that leave. */
export interface ConcurrencyLimit {
  /** Whole number >= 1. */
  readonly limit: number;
  /**
   * A request has left the host.
   *
   * @param roundTripNs from its admission to its answer
   * @param inFlight requests in the host when it was admitted, itself included
   * @param isDropped it was not served (timeout, refused, killed, shed)
   */
  sample(roundTripNs: Nanos, inFlight: number, isDropped: boolean): void;
}

/** For limits that move between two bounds, and begin where the user may have said. */
export function outsideBounds({
  initial,
  min,
  max,
}: {
  readonly initial: number | null;
  readonly min: number;
  readonly max: number;
}): { readonly key: string; readonly message: string } | null {
  if (min > max) return { key: 'min', message: `min ${min} is above max ${max}` };
  if (initial === null || (initial >= min && initial <= max)) return null;
  return { key: 'initial', message: `expected initial from min ${min} to max ${max}; received ${initial}` };
}

/** Where such a limit begins. @param usual where nothing is said, if the bounds allow it */
export function firstLimit({ initial, min, max }: Parameters<typeof outsideBounds>[0], usual: number): number {
  return initial ?? Math.min(max, Math.max(min, usual));
}

/** A kind of limit, by the name it has in scenario files. */
export interface LimitType<P> {
  readonly name: string;
  readonly params: Schema<P>;
  /** Settings of which one contradicts another: what is wrong, and at which key; null if nothing is. */
  contradiction?(params: P): { readonly key: string; readonly message: string } | null;
  /** In a few words, for `explain`. */
  explain(params: P): string;
  /** @param nowNs reads the clock */
  create(params: P, nowNs: () => Nanos): ConcurrencyLimit;
}
