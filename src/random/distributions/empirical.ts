import type { Distribution } from '../distribution.js';
import type { Stream } from '../streams.js';
import { DistributionError } from './errors.js';

/** `step`: only recorded values occur (resampling). `linear`: values between neighbours too, the inverse of type 7 quantiles. */
export type EmpiricalInterpolation = 'step' | 'linear';

/** Each of the recorded values is equally likely. */
class EmpiricalSteps implements Distribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly sorted: Float64Array;

  constructor(sorted: Float64Array) {
    this.name = 'empirical';
    this.sorted = sorted;
    this.mean = average(sorted, (value) => value);
    this.variance = average(sorted, (value) => (value - this.mean) ** 2);
  }

  quantile(u: number): number {
    return this.sorted[Math.floor(u * this.sorted.length)]!;
  }

  sample(stream: Stream): number {
    return this.sorted[Math.floor(stream.uniform() * this.sorted.length)]!;
  }
}

/** Straight lines between the sorted values, each line equally likely. */
class EmpiricalLines implements Distribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly sorted: Float64Array;

  constructor(sorted: Float64Array) {
    this.name = 'empirical';
    this.sorted = sorted;
    const lefts = sorted.subarray(0, -1);
    this.mean = average(lefts, (left, k) => (left + sorted[k + 1]!) / 2);
    this.variance = average(lefts, (left, k) => {
      const [a, b] = [left - this.mean, sorted[k + 1]! - this.mean];
      return (a * a + a * b + b * b) / 3;
    });
  }

  quantile(u: number): number {
    const position = u * (this.sorted.length - 1);
    const k = Math.floor(position);
    const low = this.sorted[k]!;
    return low + (position - k) * (this.sorted[k + 1]! - low);
  }

  sample(stream: Stream): number {
    return this.quantile(stream.uniform());
  }
}

function average(values: Float64Array, term: (value: number, index: number) => number): number {
  return values.reduce((sum, value, k) => sum + term(value, k), 0) / values.length;
}

/**
 * The distribution of recorded values. Their order does not matter.
 *
 * @param interpolation default `step`
 * @throws DistributionError if there are no values, or one is not a number >= 0
 */
export function createEmpirical(
  values: ArrayLike<number>,
  interpolation: EmpiricalInterpolation = 'step',
): Distribution {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new DistributionError('empirical', ['values'], 'needs at least one value');
  const bad = sorted.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bad >= 0)
    throw new DistributionError('empirical', ['values'], `every value must be a number >= 0, one is ${sorted[bad]}`);
  return interpolation === 'step' || sorted.length === 1 ? new EmpiricalSteps(sorted) : new EmpiricalLines(sorted);
}
