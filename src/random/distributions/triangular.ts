import type { Stream } from '../streams.js';
import { DistributionError, requireNotNegative } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily } from './family.js';

/** Density rises in a straight line from `min` to `mode` and falls in one to `max`. */
class Triangular implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly min: number;
  private readonly max: number;
  /** Probability of a value below the mode. */
  private readonly belowMode: number;
  /** Square of the distance from `min` is this times u, below the mode. */
  private readonly rising: number;
  /** Square of the distance to `max` is this times 1 - u, above the mode. */
  private readonly falling: number;

  constructor(min: number, mode: number, max: number) {
    this.name = 'triangular';
    this.min = min;
    this.max = max;
    this.belowMode = (mode - min) / (max - min);
    this.rising = (max - min) * (mode - min);
    this.falling = (max - min) * (max - mode);
    this.mean = (min + mode + max) / 3;
    this.variance = ((max - min) ** 2 - (mode - min) * (max - mode)) / 18;
  }

  cdf(x: number): number {
    if (x <= this.min) return 0;
    if (x >= this.max) return 1;
    const mode = this.min + this.belowMode * (this.max - this.min);
    return x < mode ? (x - this.min) ** 2 / this.rising : 1 - (this.max - x) ** 2 / this.falling;
  }

  quantile(u: number): number {
    if (u < this.belowMode) return this.min + Math.sqrt(u * this.rising);
    return this.max - Math.sqrt((1 - u) * this.falling);
  }

  sample(stream: Stream): number {
    return this.quantile(stream.uniform());
  }
}

/** @throws DistributionError unless 0 <= min <= mode <= max and min < max */
export function createTriangular(min: number, mode: number, max: number): ContinuousDistribution {
  requireNotNegative('triangular', 'min', min);
  requireNotNegative('triangular', 'mode', mode);
  requireNotNegative('triangular', 'max', max);
  if (!(min <= mode && mode <= max && min < max)) {
    throw new DistributionError(
      'triangular',
      ['min', 'mode', 'max'],
      `min ${min}, mode ${mode}, max ${max} must ascend`,
    );
  }
  return new Triangular(min, mode, max);
}

export const triangular: DistributionFamily = defineFamily('triangular', [[['min', 'mode', 'max'], createTriangular]]);
