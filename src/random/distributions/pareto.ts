import { negLogOneMinus } from '../special/neg-log.js';
import type { Stream } from '../streams.js';
import { DistributionError, requirePositive } from './errors.js';
import { type ContinuousDistribution, type DistributionFamily, defineFamily } from './family.js';

/** Pareto distribution: P(X > x) = (minimum / x)^shape. Its variance is infinite for shape <= 2. */
class Pareto implements ContinuousDistribution {
  readonly name: string;
  readonly mean: number;
  readonly variance: number;
  private readonly shape: number;
  private readonly inverseShape: number;
  private readonly minimum: number;

  constructor(shape: number, minimum: number) {
    this.name = 'pareto';
    this.shape = shape;
    this.inverseShape = 1 / shape;
    this.minimum = minimum;
    this.mean = (shape * minimum) / (shape - 1);
    this.variance = shape > 2 ? (minimum * minimum * shape) / ((shape - 1) ** 2 * (shape - 2)) : Infinity;
  }

  cdf(x: number): number {
    return x <= this.minimum ? 0 : -Math.expm1(-this.shape * Math.log(x / this.minimum));
  }

  quantile(u: number): number {
    return this.minimum * Math.exp(this.inverseShape * negLogOneMinus(u));
  }

  sample(stream: Stream): number {
    return this.minimum * Math.exp(this.inverseShape * negLogOneMinus(stream.uniform()));
  }
}

/** @throws DistributionError unless minimum > 0 and shape > 1 (otherwise the mean is infinite and no server keeps up) */
export function createPareto(parameters: { readonly shape: number; readonly minimum: number }): ContinuousDistribution {
  const { shape, minimum } = parameters;
  requirePositive('pareto', 'minimum', minimum);
  if (!(shape > 1 && shape < Infinity)) {
    throw new DistributionError(
      'pareto',
      ['shape'],
      `shape must be a number > 1, is ${shape}: at 1 or less the mean is infinite`,
    );
  }
  return new Pareto(shape, minimum);
}

/** The Pareto with this mean: minimum = mean (shape - 1) / shape. */
export function createParetoFromMean(mean: number, shape: number): ContinuousDistribution {
  requirePositive('pareto', 'mean', mean);
  return createPareto({ shape, minimum: shape > 1 ? (mean * (shape - 1)) / shape : mean });
}

export const pareto: DistributionFamily = defineFamily('pareto', [
  [['mean', 'shape'], createParetoFromMean],
  [['minimum', 'shape'], (minimum, shape) => createPareto({ minimum: minimum!, shape: shape! })],
]);
