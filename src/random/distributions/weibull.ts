import { logGamma } from '../special/log-gamma.js';
import { negLogOneMinus } from '../special/neg-log.js';
import { maximumOf, solveIncreasing } from '../special/roots.js';
import type { Stream } from '../streams.js';
import { DistributionError, requirePositive } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily, percentileLevel } from './family.js';

/** 1 / shape is searched between these: cv from 1.3e-4 to 1e5. */
const MIN_INVERSE_SHAPE = 1e-4;
const MAX_INVERSE_SHAPE = 20;

/** Weibull distribution: a power of an exponential; shape < 1 has a heavier tail than it, shape > 1 a lighter one. */
class Weibull implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly shape: number;
  private readonly inverseShape: number;
  private readonly scale: number;

  constructor(shape: number, scale: number) {
    this.name = 'weibull';
    this.shape = shape;
    this.inverseShape = 1 / shape;
    this.scale = scale;
    this.mean = scale * Math.exp(logGamma(1 + 1 / shape));
    this.variance = this.mean * this.mean * squaredCv(1 / shape);
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : -Math.expm1(-Math.exp(this.shape * Math.log(x / this.scale)));
  }

  quantile(u: number): number {
    // exp(ln) and not a power: engines agree on these two to the last bit, on Math.pow they do not.
    return this.scale * Math.exp(this.inverseShape * Math.log(negLogOneMinus(u)));
  }

  sample(stream: Stream): number {
    return this.scale * Math.exp(this.inverseShape * Math.log(negLogOneMinus(stream.uniform())));
  }
}

/** cv^2 = Gamma(1 + 2t) / Gamma(1 + t)^2 - 1, with t = 1 / shape. */
function squaredCv(inverseShape: number): number {
  return Math.expm1(logGamma(1 + 2 * inverseShape) - 2 * logGamma(1 + inverseShape));
}

export interface WeibullParams {
  readonly shape: number;
  readonly scale: number;
}

/** @throws DistributionError unless shape and scale are > 0 */
export function createWeibull({ shape, scale }: WeibullParams): ContinuousDistribution {
  requirePositive('weibull', 'shape', shape);
  requirePositive('weibull', 'scale', scale);
  return new Weibull(shape, scale);
}

/** The Weibull with this mean and shape. */
export function weibullFromMeanAndShape(mean: number, shape: number): WeibullParams {
  requirePositive('weibull', 'mean', mean);
  requirePositive('weibull', 'shape', shape);
  return { shape, scale: mean / Math.exp(logGamma(1 + 1 / shape)) };
}

/** From mean and coefficient of variation; the shape solves the formula of cv^2. */
export function weibullFromMeanAndCv(mean: number, cv: number): WeibullParams {
  requirePositive('weibull', 'mean', mean);
  requirePositive('weibull', 'cv', cv);
  const wanted = cv * cv;
  const excess = (inverseShape: number): number => squaredCv(inverseShape) - wanted;
  if (excess(MIN_INVERSE_SHAPE) > 0 || excess(MAX_INVERSE_SHAPE) < 0) {
    throw new DistributionError('weibull', ['cv'], `cv ${cv} is outside 0.00013 to 350000`);
  }
  return weibullFromMeanAndShape(mean, 1 / solveIncreasing(excess, MIN_INVERSE_SHAPE, MAX_INVERSE_SHAPE));
}

/**
 * From mean and a percentile above it. Where two shapes fit, the less variable one is taken.
 *
 * @throws DistributionError if value / mean is not above 1, or above what any shape reaches (p95: 4.7)
 */
export function weibullFromMeanAndPercentile(mean: number, key: string, value: number): WeibullParams {
  requirePositive('weibull', 'mean', mean);
  requirePositive('weibull', key, value);
  const logStandard = Math.log(-Math.log1p(-percentileLevel(key)));
  const logRatio = Math.log(value / mean);
  // ln(percentile / mean) by t = 1 / shape: 0 at t = 0, concave.
  const reached = (inverseShape: number): number => inverseShape * logStandard - logGamma(1 + inverseShape);
  const most = maximumOf(reached, MIN_INVERSE_SHAPE, MAX_INVERSE_SHAPE);
  if (logRatio < reached(MIN_INVERSE_SHAPE) || logRatio > reached(most)) {
    const ratio = Math.exp(logRatio).toPrecision(4);
    const limit = Math.exp(reached(most)).toPrecision(4);
    throw new DistributionError(
      'weibull',
      ['mean', key],
      `${key} must be more than 1 and at most ${limit} times the mean, is ${ratio} times`,
    );
  }
  return weibullFromMeanAndShape(mean, 1 / solveIncreasing((t) => reached(t) - logRatio, MIN_INVERSE_SHAPE, most));
}

export const weibull: DistributionFamily = defineFamily('weibull', [
  [['mean', 'cv'], (mean, cv) => createWeibull(weibullFromMeanAndCv(mean!, cv!))],
  [['mean', 'p95'], (mean, p95) => createWeibull(weibullFromMeanAndPercentile(mean!, 'p95', p95!))],
  [['mean', 'p99'], (mean, p99) => createWeibull(weibullFromMeanAndPercentile(mean!, 'p99', p99!))],
  [['mean', 'shape'], (mean, shape) => createWeibull(weibullFromMeanAndShape(mean!, shape!))],
]);
