import { normalCdf, normalQuantile } from '../special/normal.js';
import type { Stream } from '../streams.js';
import { DistributionError, requirePositive } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily, percentileLevel } from './family.js';

/** ln X is normal with mean `mu` and standard deviation `sigma`: the usual shape of request times. */
class Lognormal implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly mu: number;
  private readonly sigma: number;

  constructor(mu: number, sigma: number) {
    this.name = 'lognormal';
    this.mu = mu;
    this.sigma = sigma;
    this.mean = Math.exp(mu + (sigma * sigma) / 2);
    this.variance = this.mean * this.mean * Math.expm1(sigma * sigma);
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : normalCdf((Math.log(x) - this.mu) / this.sigma);
  }

  quantile(u: number): number {
    return Math.exp(this.mu + this.sigma * normalQuantile(u));
  }

  sample(stream: Stream): number {
    return Math.exp(this.mu + this.sigma * normalQuantile(stream.uniform()));
  }
}

/** Parameters of the normal distribution of ln X. */
export interface LognormalParams {
  readonly mu: number;
  readonly sigma: number;
}

/** @throws DistributionError unless sigma > 0 */
export function createLognormal({ mu, sigma }: LognormalParams): ContinuousDistribution {
  requirePositive('lognormal', 'sigma', sigma);
  return new Lognormal(mu, sigma);
}

/** From mean and coefficient of variation: sigma^2 = ln(1 + cv^2). */
export function lognormalFromMeanAndCv(mean: number, cv: number): LognormalParams {
  requirePositive('lognormal', 'mean', mean);
  requirePositive('lognormal', 'cv', cv);
  const sigmaSquared = Math.log1p(cv * cv);
  return { mu: Math.log(mean) - sigmaSquared / 2, sigma: Math.sqrt(sigmaSquared) };
}

/** From mean and median: sigma^2 = 2 ln(mean / p50). */
export function lognormalFromMeanAndMedian(mean: number, p50: number): LognormalParams {
  requirePositive('lognormal', 'mean', mean);
  requirePositive('lognormal', 'p50', p50);
  if (p50 >= mean)
    throw new DistributionError('lognormal', ['mean', 'p50'], `p50 ${p50} must be below the mean ${mean}`);
  return { mu: Math.log(p50), sigma: Math.sqrt(2 * Math.log(mean / p50)) };
}

/**
 * From mean and a percentile above it. sigma solves sigma^2 / 2 - z sigma + ln(value / mean) = 0; of its two solutions
 * the smaller is taken, the larger one being a law whose mean comes from a handful of astronomical values (cv > 14 at p95).
 *
 * @param key the percentile, e.g. `p95`
 * @throws DistributionError unless mean < value <= mean exp(z^2 / 2), z the normal quantile (p95: 3.87 times the mean)
 */
export function lognormalFromMeanAndPercentile(mean: number, key: string, value: number): LognormalParams {
  requirePositive('lognormal', 'mean', mean);
  requirePositive('lognormal', key, value);
  const z = normalQuantile(percentileLevel(key));
  const logRatio = Math.log(value / mean);
  const discriminant = z * z - 2 * logRatio;
  if (logRatio <= 0 || discriminant < 0) {
    const most = Math.exp((z * z) / 2).toPrecision(4);
    const ratio = (value / mean).toPrecision(4);
    throw new DistributionError(
      'lognormal',
      ['mean', key],
      `${key} must be more than 1 and at most ${most} times the mean, is ${ratio} times`,
    );
  }
  const sigma = (2 * logRatio) / (z + Math.sqrt(discriminant));
  return { mu: Math.log(mean) - (sigma * sigma) / 2, sigma };
}

/** From two percentiles, e.g. `p50` and `p95`: sigma = ln(high / low) / (z_high - z_low). */
export function lognormalFromPercentiles(lowKey: string, low: number, highKey: string, high: number): LognormalParams {
  requirePositive('lognormal', lowKey, low);
  requirePositive('lognormal', highKey, high);
  if (low >= high)
    throw new DistributionError('lognormal', [lowKey, highKey], `${lowKey} ${low} must be below ${highKey} ${high}`);
  const zLow = normalQuantile(percentileLevel(lowKey));
  const sigma = Math.log(high / low) / (normalQuantile(percentileLevel(highKey)) - zLow);
  return { mu: Math.log(low) - sigma * zLow, sigma };
}

export const lognormal: DistributionFamily = defineFamily('lognormal', [
  [['mean', 'cv'], (mean, cv) => createLognormal(lognormalFromMeanAndCv(mean!, cv!))],
  [['mean', 'p50'], (mean, p50) => createLognormal(lognormalFromMeanAndMedian(mean!, p50!))],
  [['mean', 'p95'], (mean, p95) => createLognormal(lognormalFromMeanAndPercentile(mean!, 'p95', p95!))],
  [['mean', 'p99'], (mean, p99) => createLognormal(lognormalFromMeanAndPercentile(mean!, 'p99', p99!))],
  [['p50', 'p95'], (p50, p95) => createLognormal(lognormalFromPercentiles('p50', p50!, 'p95', p95!))],
  [['p50', 'p99'], (p50, p99) => createLognormal(lognormalFromPercentiles('p50', p50!, 'p99', p99!))],
]);
