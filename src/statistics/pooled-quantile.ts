import { type Estimate, expectedBeyond, MIN_OBSERVATIONS_BEYOND_QUANTILE } from './intervals.js';
import { curveIndex, lawShare, type QuantileCurve, shareAbove } from './quantile-curve.js';
import { twoSidedT } from './student.js';

/** What one replication knows of a distribution. */
export interface Sampled {
  readonly curve: QuantileCurve;
  /** Observations behind the curve. */
  readonly observations: number;
}

/**
 * Quantile of all replications together (type 7), each with the same weight: where the share of requests above, averaged over
 * the replications, is 1 - p. The mean of the replications' own quantiles would be biased wherever a run is short.
 *
 * @param p one of the levels that a curve has
 * @returns NaN if there is nothing, or a replication without observations
 */
export function pooledQuantile(samples: readonly Sampled[], p: number): number {
  const index = curveIndex(p);
  const own = samples.map(({ curve }) => curve[index]!);
  const least = Math.min(...own);
  if (samples.length === 0 || least === Math.max(...own)) return own[0] ?? Number.NaN;
  const isAbove = aboveTarget(samples, targetShare(samples, p));
  // The neighbours of the level hold it in nearly all cases; the extremes in all.
  let low = Math.min(...samples.map(({ curve }) => curve[index - 1]!));
  if (!isAbove(low)) low = Math.min(...samples.map(({ curve }) => curve[0]!));
  let high = Math.max(...samples.map(({ curve }) => curve[index + 1]!));
  if (isAbove(high)) high = Math.max(...samples.map(({ curve }) => curve.at(-1)!));
  for (let k = 0; k < HALVINGS_OF_ESTIMATE; k++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (isAbove(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** Far below a nanosecond, and below what can be seen of the end of an interval. */
const HALVINGS_OF_ESTIMATE = 40;
const HALVINGS_OF_END = 24;

/**
 * The pooled quantile and its interval: every value q for which the shares of requests above q, one of each replication, are
 * compatible with 1 - p by a t test of the logarithm of their mean (delta method). Such shares are means and nearer to
 * normal than the replications' quantiles, and their logarithm takes out most of the skewness that is left, which makes
 * intervals around a mean of quantiles miss too often above. The interval is not symmetric. It is withheld if fewer than 10
 * observations are expected beyond the quantile in a replication.
 *
 * @param samples one of each replication
 * @see R. S. Woodruff (1952), Confidence intervals for medians and other position measures, Journal of the American
 *   Statistical Association 47, 635-646, for inverting the test of a share
 */
export function pooledQuantileInterval(samples: readonly Sampled[], level: number, p: number): Estimate {
  const n = samples.length;
  const observed = samples.filter(({ observations }) => observations > 0);
  const estimate = pooledQuantile(observed, p);
  const none = (method: string): Estimate => ({ n: observed.length, estimate, interval: null, level, method });
  if (observed.length === 0) return none('not observed');
  if (observed.length < n) return none(`not observed in ${n - observed.length} of ${n} replications`);
  if (n === 1) return none('one replication: no interval');
  const fewest = Math.min(...samples.map(({ observations }) => observations));
  if (expectedBeyond(fewest, p) < MIN_OBSERVATIONS_BEYOND_QUANTILE)
    return none(`fewer than ${MIN_OBSERVATIONS_BEYOND_QUANTILE} observations beyond the quantile`);
  const isCompatible = compatible(samples, targetShare(samples, p), level);
  const low = endOf(isCompatible, estimate, Math.min(...samples.map(({ curve }) => curve[0]!)));
  const high = endOf(isCompatible, estimate, Math.max(...samples.map(({ curve }) => curve.at(-1)!)));
  const method = `inverted t over ${n} replications`;
  return { n, estimate, interval: { low, high, halfWidth: (high - low) / 2 }, level, method };
}

/** Share of the law above the quantile of type 7 of all observations together. */
function targetShare(samples: readonly Sampled[], p: number): number {
  return lawShare(
    1 - p,
    samples.reduce((sum, { observations }) => sum + observations, 0),
  );
}

/** Whether on average more than the target is above a value. */
function aboveTarget(samples: readonly Sampled[], target: number): (value: number) => boolean {
  const sum = target * samples.length;
  return (value) => {
    let shares = 0;
    for (const { curve, observations } of samples) shares += shareAbove(curve, observations, value);
    return shares > sum;
  };
}

function compatible(samples: readonly Sampled[], target: number, level: number): (value: number) => boolean {
  const n = samples.length;
  const t = twoSidedT(level, n - 1);
  const shares = new Float64Array(n);
  return (value) => {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      shares[k] = shareAbove(samples[k]!.curve, samples[k]!.observations, value);
      sum += shares[k]!;
    }
    const mean = sum / n;
    if (!(mean > 0)) return false;
    let squares = 0;
    for (let k = 0; k < n; k++) squares += (shares[k]! - mean) ** 2;
    const error = Math.sqrt(squares / (n - 1) / n);
    return Math.abs(Math.log(mean / target)) * mean <= t * error;
  };
}

/** How far from the estimate values are compatible, towards one that is beyond all observations. */
function endOf(isCompatible: (value: number) => boolean, estimate: number, beyond: number): number {
  if (isCompatible(beyond)) return beyond;
  let inside = estimate;
  let outside = beyond;
  for (let k = 0; k < HALVINGS_OF_END; k++) {
    const middle = inside + (outside - inside) / 2;
    if (isCompatible(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
