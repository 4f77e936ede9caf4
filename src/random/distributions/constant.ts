import type { Stream } from '../streams.js';
import { requireNotNegative } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily } from './family.js';

/** Always the same value. Takes its uniform like every other, so that a constant can replace another distribution in a stream. */
class Constant implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;

  constructor(value: number) {
    this.name = 'constant';
    this.mean = value;
    this.variance = 0;
  }

  cdf(x: number): number {
    return x < this.mean ? 0 : 1;
  }

  quantile(_u: number): number {
    return this.mean;
  }

  sample(stream: Stream): number {
    stream.uniform();
    return this.mean;
  }
}

/** @throws DistributionError unless value >= 0 */
export function createConstant(value: number): ContinuousDistribution {
  requireNotNegative('constant', 'value', value);
  return new Constant(value);
}

export const constant: DistributionFamily = defineFamily('constant', [[['value'], createConstant]]);
