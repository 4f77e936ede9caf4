import { type Estimate, intervalAround, meanInterval } from './intervals.js';
import { pairedShares } from './proportion.js';
import { twoSidedT } from './student.js';
import { tallyOf } from './tally.js';

/** Whether the variant lies below or above the baseline, beyond doubt at the confidence level. */
export type Verdict = 'lower' | 'higher' | 'undecided';

export interface PairedComparison {
  /** variant - baseline. */
  readonly difference: Estimate;
  /** mean of the variant / mean of the baseline. */
  readonly ratio: Estimate;
  /** By the interval of the difference; undecided without one. */
  readonly verdict: Verdict;
  /**
   * What pairing saves: variance of the difference with independent replications (the sum of both variances) over that of the
   * paired differences. As many times the replications would be needed without pairs. NaN below three pairs, or without spread.
   */
  readonly pairingGain: number;
}

/**
 * Compares two configurations that met the same arrivals in each replication (common random numbers).
 * The caller withholds what it has no interval for (see `pooledQuantileInterval`) by `withoutIntervals`.
 *
 * @param variant one value of each replication
 * @param baseline the same replications in the same order
 * @throws RangeError if the lengths differ
 */
export function comparePaired(
  variant: ArrayLike<number>,
  baseline: ArrayLike<number>,
  level: number,
): PairedComparison {
  if (variant.length !== baseline.length)
    throw new RangeError(`${variant.length} and ${baseline.length} replications are not pairs`);
  const differences = Array.from(variant, (value, k) => value - baseline[k]!);
  const difference = paired(meanInterval(differences, level));
  return {
    difference,
    ratio: jackknifeRatio(variant, baseline, level),
    verdict: verdictOf(difference),
    pairingGain: pairingGain(variant, baseline, differences),
  };
}

/**
 * Compares how often something happened in two configurations, replication by replication.
 *
 * @param variant 1 where it happened, 0 where not, one of each replication; `baseline` the same replications in the same order
 */
export function comparePairedEvents(
  variant: readonly number[],
  baseline: readonly number[],
  level: number,
): PairedComparison {
  const difference = pairedShares(variant, baseline, level);
  const ratio = sum(variant) / sum(baseline);
  return {
    difference,
    ratio: { ...difference, estimate: ratio, interval: null },
    verdict: verdictOf(difference),
    pairingGain: Number.NaN,
  };
}

/** The same comparison without its intervals, for a stated reason. */
export function withoutIntervals(comparison: PairedComparison, reason: string): PairedComparison {
  const bare = (estimate: Estimate): Estimate => ({ ...estimate, interval: null, method: reason });
  return {
    difference: bare(comparison.difference),
    ratio: bare(comparison.ratio),
    verdict: 'undecided',
    pairingGain: Number.NaN,
  };
}

/** Values that are equal but for what rounding leaves differ by less than this share: each is a sum of up to a million terms. */
const ROUNDING = 2 ** -53 * 1e6;

function pairingGain(variant: ArrayLike<number>, baseline: ArrayLike<number>, differences: readonly number[]): number {
  const spread = tallyOf(differences).variance;
  const least = ROUNDING * Math.max(Math.abs(tallyOf(variant).max), Math.abs(tallyOf(baseline).max));
  if (differences.length < 3 || !(spread > least * least)) return Number.NaN;
  return (tallyOf(variant).variance + tallyOf(baseline).variance) / spread;
}

function verdictOf({ interval }: Estimate): Verdict {
  if (interval === null) return 'undecided';
  if (interval.high < 0) return 'lower';
  return interval.low > 0 ? 'higher' : 'undecided';
}

function paired(estimate: Estimate): Estimate {
  return { ...estimate, method: estimate.method.replace(/^t over/, 'paired t over') };
}

/**
 * Ratio of two means from paired replications. The jackknife takes out the bias of order 1/n of the plain ratio and gives
 * a standard error that keeps the correlation of the pairs: with r the plain ratio and r_i the one without pair i, the
 * pseudo-values n r - (n - 1) r_i are treated as independent observations with n - 1 degrees of freedom.
 *
 * @see R. G. Miller (1974), The jackknife - a review, Biometrika 61, 1-15; for simulation output D. L. Iglehart (1975),
 *   Simulating stable stochastic systems, V: comparison of ratio estimators, Naval Research Logistics Quarterly 22, 553-565
 */
export function jackknifeRatio(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  level: number,
): Estimate {
  const n = numerators.length;
  const top = sum(numerators);
  const bottom = sum(denominators);
  const plain = top / bottom;
  if (n === 0 || Number.isNaN(plain)) return { n, estimate: NaN, interval: null, level, method: 'not observed' };
  if (bottom === 0) return { n, estimate: NaN, interval: null, level, method: 'baseline is 0: no ratio' };
  if (n === 1) return { n, estimate: plain, interval: null, level, method: 'one replication: no interval' };
  const pseudoValues = Array.from(
    numerators,
    (value, k) => n * plain - ((n - 1) * (top - value)) / (bottom - denominators[k]!),
  );
  const { mean, standardDeviation } = tallyOf(pseudoValues);
  if (!Number.isFinite(mean)) {
    return {
      n,
      estimate: plain,
      interval: null,
      level,
      method: 'baseline is 0 in all replications but one: no interval',
    };
  }
  const halfWidth = (twoSidedT(level, n - 1) * standardDeviation) / Math.sqrt(n);
  return {
    n,
    estimate: mean,
    interval: intervalAround(mean, halfWidth),
    level,
    method: `jackknife over ${n} replications`,
  };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k]!;
  return total;
}
