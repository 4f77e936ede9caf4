import { describe, expect, it } from 'vitest';
import {
  createEmpirical,
  createExponential,
  createGamma,
  createLognormal,
  createPareto,
  createTriangular,
  createWeibull,
} from '../../../src/random/distributions/index.js';

const LEVELS = [0.001, 0.25, 0.5, 0.95, 0.999];

// Reference values: SciPy 1.17.1 (scipy.stats, method ppf).
describe('quantiles agree with SciPy', () => {
  it.each([
    [
      'exponential',
      createExponential(1),
      [0.0010005003335835335, 0.2876820724517809, Math.LN2, 2.99573227355399, 6.907755278982136],
      1e-14,
    ],
    [
      'gamma, shape 2.5',
      createGamma({ shape: 2.5, scale: 1 }),
      [0.1051063013146096, 1.3373014047160818, 2.175730095547763, 5.535248846758176, 10.257502826216436],
      1e-10,
    ],
    [
      'gamma, shape 0.3',
      createGamma({ shape: 0.3, scale: 1 }),
      [6.972699096783344e-11, 0.006899802569055457, 0.07313113586695198, 1.372349944100886, 4.618936042791333],
      1e-9,
    ],
    [
      'weibull, shape 0.7',
      createWeibull({ shape: 0.7, scale: 1 }),
      [5.1831771691495365e-5, 0.16866240310352365, 0.5923901129521337, 4.794226728389652, 15.81440207294256],
      1e-13,
    ],
    [
      'lognormal, sigma 0.8',
      createLognormal({ mu: 0, sigma: 0.8 }),
      [0.08440017153861461, 0.5829861786766317, 1, 3.7280410258883814, 11.848317151138513],
      1e-13,
    ],
    [
      'pareto, shape 3',
      createPareto({ shape: 3, minimum: 1 }),
      [1.0003335557285393, 1.100642416298209, 1.2599210498948732, 2.7144176165949054, 9.999999999999996],
      1e-13,
    ],
    [
      'triangular',
      createTriangular(2, 4, 10),
      [2.126491106406735, 4, 5.101020514433644, 8.450806661517031, 9.780910976997934],
      1e-14,
    ],
  ])('%s', (_title, distribution, expected, tolerance) => {
    LEVELS.forEach((level, k) => {
      expect(Math.abs(distribution.quantile(level) / expected[k]! - 1)).toBeLessThan(tolerance);
    });
  });
});

describe('empirical', () => {
  it('by steps resamples the values, each with the same share of u', () => {
    const distribution = createEmpirical([30, 10, 20, 40]);
    expect([0, 0.2499, 0.25, 0.5, 0.74, 0.75, 0.9999].map((u) => distribution.quantile(u))).toEqual([
      10, 10, 20, 30, 30, 40, 40,
    ]);
    expect(distribution.mean).toBe(25);
    expect(distribution.variance).toBe(125);
  });

  it('by lines is the type 7 quantile (numpy.quantile)', () => {
    const distribution = createEmpirical([3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20], 'linear');
    const expected = [6, 7.5, 9, 16, 19.6];
    [0.1, 0.25, 0.5, 0.9, 0.99].forEach((level, k) => {
      expect(distribution.quantile(level)).toBeCloseTo(expected[k]!, 12);
    });
  });

  it('does not keep or change the array it was given', () => {
    const values = [3, 1, 2];
    const distribution = createEmpirical(values);
    expect(values).toEqual([3, 1, 2]);
    values[0] = 1000;
    expect(distribution.quantile(0.99)).toBe(3);
  });
});
