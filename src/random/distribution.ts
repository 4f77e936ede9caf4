import type { Stream } from './streams.js';

/**
 * A random quantity, in whatever unit the field that holds it states (durations: nanoseconds).
 *
 * One variate costs exactly one uniform (inverse CDF), so that a stream stays aligned between configurations
 * whatever the values drawn.
 */
export interface Distribution {
  /** Name of the family as written in scenario files, e.g. `exponential`. */
  readonly name: string;
  readonly mean: number;
  /** May be Infinity (a Pareto with shape <= 2). */
  readonly variance: number;
  /** Inverse of the cumulative distribution function; `u` in [0, 1). Never decreasing in `u`. */
  quantile(u: number): number;
  /** One variate: `quantile(stream.uniform())`. */
  sample(stream: Stream): number;
}
