import { twoSidedT } from './student.js';
import { tallyOf } from './tally.js';

/** An estimate with its confidence interval, or the reason why there is none. */
export interface Estimate {
  /** Replications (or pairs, or batches) behind it. */
  readonly n: number;
  /** NaN if there is nothing to estimate from. */
  readonly estimate: number;
  /** null where no interval can be justified; `method` then says why. */
  readonly interval: Interval | null;
  /** Confidence level asked for, e.g. 0.95. */
  readonly level: number;
  /** How the interval was made, or why there is none, e.g. `t over 10 replications`. */
  readonly method: string;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
}

/** Below this many observations beyond a quantile, its estimate hangs on single requests. */
export const MIN_OBSERVATIONS_BEYOND_QUANTILE = 10;

/** Observations expected beyond the quantile `p` among `observations`: above it for p >= 0.5, below it otherwise. */
export function expectedBeyond(observations: number, p: number): number {
  // Rounded far below a request: 1000 observations have 10 beyond p99, though 1 - 0.99 is a little less than 0.01.
  return Math.round(observations * Math.min(p, 1 - p) * 1e9) / 1e9;
}

/**
 * t interval of a mean over independent replications.
 *
 * @param values one of each replication; NaN where the quantity was not observed, which rules out an interval
 * @param level confidence level, e.g. 0.95
 */
export function meanInterval(values: ArrayLike<number>, level: number): Estimate {
  const observed = Array.from(values).filter((value) => !Number.isNaN(value));
  const missing = values.length - observed.length;
  const n = observed.length;
  const { mean, standardDeviation } = tallyOf(observed);
  if (n === 0) return { n, estimate: NaN, interval: null, level, method: 'not observed' };
  if (missing > 0)
    return {
      n,
      estimate: mean,
      interval: null,
      level,
      method: `not observed in ${missing} of ${values.length} replications`,
    };
  if (n === 1) return { n, estimate: mean, interval: null, level, method: 'one replication: no interval' };
  const halfWidth = (twoSidedT(level, n - 1) * standardDeviation) / Math.sqrt(n);
  return { n, estimate: mean, interval: intervalAround(mean, halfWidth), level, method: `t over ${n} replications` };
}

export function intervalAround(estimate: number, halfWidth: number): Interval {
  return { low: estimate - halfWidth, high: estimate + halfWidth, halfWidth };
}
