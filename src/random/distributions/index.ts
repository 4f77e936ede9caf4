import { constant } from './constant.js';
import { exponential } from './exponential.js';
import type { DistributionFamily } from './family.js';
import { gamma } from './gamma.js';
import { hyperexponential } from './hyperexponential.js';
import { lognormal } from './lognormal.js';
import { pareto } from './pareto.js';
import { triangular } from './triangular.js';
import { uniform } from './uniform.js';
import { weibull } from './weibull.js';

export { createConstant } from './constant.js';
export { createEmpirical, type EmpiricalInterpolation } from './empirical.js';
export { DistributionError } from './errors.js';
export { createExponential } from './exponential.js';
export type { ContinuousDistribution, DistributionFamily, Given } from './family.js';
export { createGamma, gammaFromMeanAndCv, gammaFromMeanAndPercentile } from './gamma.js';
export { type Branch, createHyperexponential, hyperexponentialFromMeanAndCv } from './hyperexponential.js';
export {
  createLognormal,
  lognormalFromMeanAndCv,
  lognormalFromMeanAndMedian,
  lognormalFromMeanAndPercentile,
  lognormalFromPercentiles,
} from './lognormal.js';
export { createPareto, createParetoFromMean } from './pareto.js';
export { createTriangular } from './triangular.js';
export { createUniform } from './uniform.js';
export {
  createWeibull,
  weibullFromMeanAndCv,
  weibullFromMeanAndPercentile,
  weibullFromMeanAndShape,
} from './weibull.js';

/**
 * Families determined by a few numbers. Besides them there are `createEmpirical` (recorded values) and
 * `createHyperexponential` (explicit branches).
 */
export const distributionFamilies: readonly DistributionFamily[] = [
  constant,
  uniform,
  triangular,
  exponential,
  lognormal,
  gamma,
  weibull,
  pareto,
  hyperexponential,
];
