import { negLogOneMinus } from '../special/neg-log.js';
import type { Stream } from '../streams.js';
import { DistributionError, requirePositive } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily } from './family.js';

/** One of several exponentials, chosen with a probability in proportion to its weight. */
export interface Branch {
  readonly weight: number;
  readonly mean: number;
}

/** Steps smaller than this, relative to the value, end the search for a quantile. */
const PRECISION = 1e-13;

/**
 * Mixture of exponentials: many short requests, a few long ones.
 *
 * The quantile is the true inverse, so that it never decreases in u and one uniform makes a variate. With S the
 * probability of a greater value, -ln S is increasing and concave: Newton's method started below the solution climbs to
 * it without a safeguard. Relative error of a variate about 1e-13; 150 to 300 ns.
 */
class Hyperexponential implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly probabilities: Float64Array;
  private readonly rates: Float64Array;
  private readonly logProbabilities: Float64Array;
  /** Mean of the rates: slope of -ln S at 0, where it is steepest. */
  private readonly steepest: number;

  constructor(probabilities: Float64Array, means: Float64Array) {
    this.name = 'hyperexponential';
    this.probabilities = probabilities;
    this.rates = means.map((mean) => 1 / mean);
    this.logProbabilities = probabilities.map((p) => Math.log(p));
    this.steepest = dot(probabilities, this.rates);
    this.mean = dot(probabilities, means);
    const meanSquare =
      2 *
      dot(
        probabilities,
        means.map((mean) => mean * mean),
      );
    this.variance = meanSquare - this.mean * this.mean;
  }

  cdf(x: number): number {
    let below = 0;
    for (let k = 0; k < this.rates.length; k++) below -= this.probabilities[k]! * Math.expm1(-x * this.rates[k]!);
    return x <= 0 ? 0 : below;
  }

  quantile(u: number): number {
    const target = negLogOneMinus(u);
    let x = this.below(target);
    for (;;) {
      const step = this.newtonStep(x, target);
      if (step > 0) x += step; // at u = 1, where x is Infinity, it is NaN
      if (!(step > PRECISION * x)) return x;
    }
  }

  sample(stream: Stream): number {
    return this.quantile(stream.uniform());
  }

  /** A lower bound of the solution: S >= p_k exp(-x / mean_k) for each branch, and -ln S <= x times its slope at 0. */
  private below(target: number): number {
    const { rates, logProbabilities } = this;
    let bound = target / this.steepest;
    for (let k = 0; k < rates.length; k++) {
      const x = (target + logProbabilities[k]!) / rates[k]!;
      if (x > bound) bound = x;
    }
    return bound;
  }

  private newtonStep(x: number, target: number): number {
    const { probabilities, rates } = this;
    let survival = 0;
    let density = 0;
    for (let k = 0; k < rates.length; k++) {
      const part = probabilities[k]! * Math.exp(-x * rates[k]!);
      survival += part;
      density += part * rates[k]!;
    }
    return ((target + Math.log(survival)) * survival) / density;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}

/** @throws DistributionError unless there is a branch and all weights and means are > 0 */
export function createHyperexponential(branches: readonly Branch[]): ContinuousDistribution {
  if (branches.length === 0) throw new DistributionError('hyperexponential', ['branches'], 'needs at least one branch');
  for (const { weight, mean } of branches) {
    requirePositive('hyperexponential', 'weight', weight);
    requirePositive('hyperexponential', 'mean', mean);
  }
  const total = branches.reduce((sum, { weight }) => sum + weight, 0);
  const probabilities = Float64Array.from(branches, ({ weight }) => weight / total);
  return new Hyperexponential(
    probabilities,
    Float64Array.from(branches, ({ mean }) => mean),
  );
}

/**
 * Two branches with balanced means (each carries half of the mean): p = (1 + sqrt((cv^2 - 1) / (cv^2 + 1))) / 2.
 *
 * @throws DistributionError unless cv >= 1
 * @see W. Whitt (1982), Approximating a point process by a renewal process, Operations Research 30, 125-147, section 3.1
 */
export function hyperexponentialFromMeanAndCv(mean: number, cv: number): readonly Branch[] {
  requirePositive('hyperexponential', 'mean', mean);
  if (!(cv >= 1 && cv < Infinity)) {
    throw new DistributionError(
      'hyperexponential',
      ['cv'],
      `cv must be at least 1, is ${cv}; below 1 use gamma or lognormal`,
    );
  }
  const p = (1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
  return [
    { weight: p, mean: mean / (2 * p) },
    { weight: 1 - p, mean: mean / (2 * (1 - p)) },
  ];
}

export const hyperexponential: DistributionFamily = defineFamily('hyperexponential', [
  [['mean', 'cv'], (mean, cv) => createHyperexponential(hyperexponentialFromMeanAndCv(mean!, cv!))],
]);
