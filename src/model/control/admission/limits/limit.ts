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

/** A kind of limit, by the name it has in scenario files. */
export interface LimitType<P> {
  readonly name: string;
  readonly params: Schema<P>;
  /** In a few words, for `explain`. */
  explain(params: P): string;
  /** @param nowNs reads the clock */
  create(params: P, nowNs: () => Nanos): ConcurrencyLimit;
}
