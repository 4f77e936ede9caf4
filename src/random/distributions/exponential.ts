import { negLogOneMinus } from '../special/neg-log.js';
import type { Stream } from '../streams.js';
import { requirePositive } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily } from './family.js';

// A local copy of what is imported: compiled in as a constant (docs/decisions/0009).
const negLog = negLogOneMinus;

/** Memoryless: times between independent arrivals, and the service times of the textbook queues. */
class Exponential implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;

  constructor(mean: number) {
    this.name = 'exponential';
    this.mean = mean;
    this.variance = mean * mean;
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : -Math.expm1(-x / this.mean);
  }

  quantile(u: number): number {
    return this.mean * negLog(u);
  }

  sample(stream: Stream): number {
    return this.mean * negLog(stream.uniform());
  }
}

/** @throws DistributionError unless mean > 0 */
export function createExponential(mean: number): ContinuousDistribution {
  requirePositive('exponential', 'mean', mean);
  return new Exponential(mean);
}

export const exponential: DistributionFamily = defineFamily('exponential', [[['mean'], createExponential]]);
