import type { Distribution } from '../../../src/random/distribution.js';
import {
  createConstant,
  createEmpirical,
  createExponential,
  createGamma,
  createHyperexponential,
  createLognormal,
  createPareto,
  createTriangular,
  createUniform,
  createWeibull,
  gammaFromMeanAndCv,
  hyperexponentialFromMeanAndCv,
  lognormalFromMeanAndCv,
  weibullFromMeanAndCv,
} from '../../../src/random/distributions/index.js';

export interface Case {
  readonly title: string;
  readonly distribution: Distribution;
  /** Values cannot lie outside. */
  readonly range: readonly [number, number];
  /** Highest power of the value whose mean is finite enough to integrate numerically: 4 = kurtosis, 2 = variance, 1 = mean. */
  readonly moments: 1 | 2 | 4;
}

const MS = 1e6;

export const cases: readonly Case[] = [
  { title: 'constant', distribution: createConstant(3 * MS), range: [3 * MS, 3 * MS], moments: 4 },
  { title: 'uniform', distribution: createUniform(2 * MS, 9 * MS), range: [2 * MS, 9 * MS], moments: 4 },
  { title: 'triangular', distribution: createTriangular(1, 2, 8), range: [1, 8], moments: 4 },
  { title: 'triangular, mode = min', distribution: createTriangular(1, 1, 8), range: [1, 8], moments: 4 },
  { title: 'triangular, mode = max', distribution: createTriangular(1, 8, 8), range: [1, 8], moments: 4 },
  { title: 'exponential', distribution: createExponential(40 * MS), range: [0, Infinity], moments: 4 },
  {
    title: 'lognormal, cv 0.3',
    distribution: createLognormal(lognormalFromMeanAndCv(40 * MS, 0.3)),
    range: [0, Infinity],
    moments: 4,
  },
  {
    title: 'lognormal, cv 1',
    distribution: createLognormal(lognormalFromMeanAndCv(40 * MS, 1)),
    range: [0, Infinity],
    moments: 2,
  },
  {
    title: 'lognormal, cv 3',
    distribution: createLognormal(lognormalFromMeanAndCv(40 * MS, 3)),
    range: [0, Infinity],
    moments: 1,
  },
  ...[0.01, 0.25, 0.5, 1, 2, 4].map(
    (cv): Case => ({
      title: `gamma, cv ${cv}`,
      distribution: createGamma(gammaFromMeanAndCv(40 * MS, cv)),
      range: [0, Infinity],
      moments: 4,
    }),
  ),
  ...[0.25, 1, 2].map(
    (cv): Case => ({
      title: `weibull, cv ${cv}`,
      distribution: createWeibull(weibullFromMeanAndCv(40 * MS, cv)),
      range: [0, Infinity],
      moments: cv > 1 ? 2 : 4,
    }),
  ),
  {
    title: 'pareto, shape 20',
    distribution: createPareto({ shape: 20, minimum: 5 * MS }),
    range: [5 * MS, Infinity],
    moments: 4,
  },
  {
    title: 'pareto, shape 5',
    distribution: createPareto({ shape: 5, minimum: 5 * MS }),
    range: [5 * MS, Infinity],
    moments: 2,
  },
  {
    title: 'pareto, shape 2.5',
    distribution: createPareto({ shape: 2.5, minimum: 5 * MS }),
    range: [5 * MS, Infinity],
    moments: 1,
  },
  ...[1, 2, 8].map(
    (cv): Case => ({
      title: `hyperexponential, cv ${cv}`,
      distribution: createHyperexponential(hyperexponentialFromMeanAndCv(40 * MS, cv)),
      range: [0, Infinity],
      moments: 4,
    }),
  ),
  {
    title: 'hyperexponential, three branches far apart',
    distribution: createHyperexponential([
      { weight: 90, mean: 1 },
      { weight: 9, mean: 1e3 },
      { weight: 1, mean: 1e6 },
    ]),
    range: [0, Infinity],
    moments: 4,
  },
  { title: 'empirical, steps', distribution: createEmpirical([5, 1, 1, 8, 2, 4, 9, 9]), range: [1, 9], moments: 4 },
  { title: 'empirical, one value', distribution: createEmpirical([5]), range: [5, 5], moments: 4 },
  {
    title: 'empirical, lines',
    distribution: createEmpirical([5, 1, 1, 8, 2, 4, 9, 9, 10], 'linear'),
    range: [1, 10],
    moments: 4,
  },
];
