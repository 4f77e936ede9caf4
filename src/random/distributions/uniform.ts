import type { Stream } from '../streams.js';
import { DistributionError, requireNotNegative } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily } from './family.js';

/** Every value between `min` and `max` equally likely. */
class Uniform implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly min: number;
  private readonly range: number;

  constructor(min: number, max: number) {
    this.name = 'uniform';
    this.min = min;
    this.range = max - min;
    this.mean = (min + max) / 2;
    this.variance = (this.range * this.range) / 12;
  }

  cdf(x: number): number {
    return Math.min(Math.max((x - this.min) / this.range, 0), 1);
  }

  quantile(u: number): number {
    return this.min + u * this.range;
  }

  sample(stream: Stream): number {
    return this.min + stream.uniform() * this.range;
  }
}

/** @throws DistributionError unless 0 <= min < max */
export function createUniform(min: number, max: number): ContinuousDistribution {
  requireNotNegative('uniform', 'min', min);
  requireNotNegative('uniform', 'max', max);
  if (min >= max) throw new DistributionError('uniform', ['min', 'max'], `min ${min} must be below max ${max}`);
  return new Uniform(min, max);
}

export const uniform: DistributionFamily = defineFamily('uniform', [[['min', 'max'], createUniform]]);
