import { type Estimate, meanInterval } from './intervals.js';
import { normalTail } from './student.js';
import { tallyOf } from './tally.js';

export interface BatchMeans {
  /** Interval of the mean, as if the batch means were independent. */
  readonly mean: Estimate;
  /** Lag-1 correlation of the batch means, end terms included: von Neumann's statistic 1 - sum of squared steps / (2 x sum of squared deviations). */
  readonly correlation: number;
  /** Probability of a correlation at least as large if the batch means are independent. Small: the interval is too narrow. */
  readonly pValue: number;
}

/**
 * Interval of the mean of one long, correlated series: equal batches in order, their means treated as observations.
 * Values that do not fill the last batch are left out at the start, next to the warm-up.
 *
 * @param batches at least 3; 20 to 40 is usual
 * @throws RangeError if there are fewer values than batches, or fewer than 3 batches
 * @see J. von Neumann (1941), Annals of Mathematical Statistics 12, 367-395; as used for batches by G. S. Fishman and
 *   L. S. Yarberry (1997), INFORMS Journal on Computing 9, 296-310, equations 5 to 8
 */
export function batchMeans(values: ArrayLike<number>, batches: number, level: number): BatchMeans {
  if (!(batches >= 3)) throw new RangeError(`batch means need at least 3 batches, got ${batches}`);
  const size = Math.floor(values.length / batches);
  if (size < 1) throw new RangeError(`${values.length} values do not fill ${batches} batches`);
  const means = meansOfBatches(values, batches, size);
  const interval = meanInterval(means, level);
  const correlation = vonNeumannCorrelation(means);
  const z = correlation * Math.sqrt((batches * batches - 1) / (batches - 2));
  return {
    mean: { ...interval, method: interval.method.replace('replications', `batches of ${size}`) },
    correlation,
    pValue: normalTail(z),
  };
}

/** 0 for a constant series, which has no correlation. */
export function vonNeumannCorrelation(series: ArrayLike<number>): number {
  const { mean } = tallyOf(series);
  let steps = 0;
  let deviations = 0;
  for (let k = 0; k < series.length; k++) {
    deviations += (series[k]! - mean) ** 2;
    if (k > 0) steps += (series[k]! - series[k - 1]!) ** 2;
  }
  return deviations === 0 ? 0 : 1 - steps / (2 * deviations);
}

function meansOfBatches(values: ArrayLike<number>, batches: number, size: number): Float64Array {
  const means = new Float64Array(batches);
  const start = values.length - batches * size;
  for (let batch = 0; batch < batches; batch++) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += values[start + batch * size + k]!;
    means[batch] = sum / size;
  }
  return means;
}
