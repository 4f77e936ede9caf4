import { describe, expect, it } from 'vitest';
import {
  createExponential,
  createHyperexponential,
  createPareto,
  createWeibull,
} from '../../../src/random/distributions/index.js';
import { logIncompleteGamma, lowerGamma, upperGamma } from '../../../src/random/special/incomplete-gamma.js';
import { logGamma } from '../../../src/random/special/log-gamma.js';
import { negLogOneMinus } from '../../../src/random/special/neg-log.js';
import { normalCdf, normalQuantile } from '../../../src/random/special/normal.js';
import { power } from '../../../src/random/special/power.js';
import { maximumOf, solveIncreasing } from '../../../src/random/special/roots.js';
import { normalQuantile as jstatNormalQuantile } from '../../../src/statistics/student.js';

const relativeError = (got: number, expected: number): number => Math.abs(got - expected) / Math.abs(expected);

// Reference values: mpmath 1.3 with 40 digits, rounded to double.
describe('normal distribution', () => {
  it.each([
    [1e-300, -37.0470962993612],
    [1e-16, -8.222082216130435],
    [1e-9, -5.9978070150076865],
    [1e-5, -4.264890793922825],
    [0.001, -3.0902323061678136],
    [0.024, -1.9773684281819468],
    [0.075, -1.439531470938456],
    [0.3, -0.5244005127080408],
    [0.49, -0.025068908258711057],
    [0.7, 0.5244005127080407],
    [0.95, 1.6448536269514722],
    [0.99, 2.3263478740408408],
    [0.9999, 3.7190164854557084],
    [1 - 2 ** -53, 8.209536151601387],
  ])('quantile at %d', (p, expected) => {
    expect(relativeError(normalQuantile(p), expected)).toBeLessThan(1e-15);
  });

  it('quantile at 0, 0.5 and 1', () => {
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
  });

  it('quantile agrees with jstat to its 1e-12', () => {
    for (let k = 1; k < 1000; k++) {
      const p = k / 1000;
      expect(Math.abs(normalQuantile(p) - jstatNormalQuantile(p))).toBeLessThan(1e-12);
    }
  });

  it.each([
    [-30, 4.906713927148187e-198],
    [-10, 7.619853024160525e-24],
    [-2, 0.02275013194817921],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [1, 0.8413447460685429],
    [3, 0.9986501019683699],
  ])('distribution function at %d', (z, expected) => {
    expect(relativeError(normalCdf(z), expected)).toBeLessThan(1e-12);
  });
});

describe('gamma functions', () => {
  it.each([
    [1e-6, 13.815509980749432],
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524522],
    [3.48, 1.1789766858279849],
    [10.5, 13.940625219403763],
    [12, 17.502307845873887],
    [170, 701.437263808737],
    [1e6, 12815504.569147611],
  ])('ln Gamma(%d)', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(4e-15 * Math.max(1, Math.abs(expected)));
  });

  // At shape 1e4 the front factor is a difference of numbers near 1e5: 1e-11 is what doubles leave.
  it.each([
    [0.01, 1e-6, 0.8759337598323533, 0.1240662401676467, 1e-12],
    [0.1, 0.05, 0.7755386354510305, 0.22446136454896942, 1e-12],
    [0.5, 0.5, 0.6826894921370859, 0.3173105078629141, 1e-12],
    [1, 3, 0.950212931632136, 0.049787068367863944, 1e-12],
    [2.5, 1, 0.15085496391539036, 0.8491450360846097, 1e-12],
    [2.5, 30, 0.9999999999878454, 1.215456977718304e-11, 1e-12],
    [10, 2, 4.6498075017263805e-5, 0.9999535019249828, 1e-12],
    [10, 50, 0.9999999999987403, 1.2596084591660908e-12, 1e-12],
    [100, 100, 0.5132987982791487, 0.48670120172085135, 1e-12],
    [100, 200, 0.9999999999999981, 1.843893649711574e-15, 1e-12],
    [1e4, 9.9e3, 0.15865119219356463, 0.8413488078064354, 1e-10],
  ])('P and Q(%d, %d)', (a, x, lower, upper, tolerance) => {
    expect(relativeError(lowerGamma(a, x), lower)).toBeLessThan(tolerance);
    expect(relativeError(upperGamma(a, x), upper)).toBeLessThan(tolerance);
  });

  it('do not underflow in logarithms: P(a, x) = x^a / Gamma(a + 1) for small x', () => {
    const logX = -5000;
    expect(relativeError(logIncompleteGamma(0.3, logX).lower, 0.3 * logX - logGamma(1.3))).toBeLessThan(1e-14);
  });
});

describe('-ln(1 - u)', () => {
  const points: number[] = [0, 2 ** -53, 1 - 2 ** -53, 1e-300];
  for (let k = 0; k < 200_000; k++) points.push((k * 0.6180339887498949) % 1, ((k * 0.6180339887498949) % 1) * 1e-9);
  for (let cell = 1; cell < 1024; cell++) points.push(cell / 1024 - 2 ** -53, cell / 1024, cell / 1024 + 2 ** -53);

  it('is within 4 units of the last place of the library function', () => {
    let worst = 0;
    for (const u of points) {
      if (u > 0) worst = Math.max(worst, relativeError(negLogOneMinus(u), -Math.log1p(-u)) / Number.EPSILON);
    }
    expect(worst).toBeLessThan(4);
  });

  it('is Infinity at 1, which is outside of what is drawn, and so are the quantiles made of it', () => {
    expect(negLogOneMinus(1)).toBe(Infinity);
    const made = [
      createExponential(1),
      createWeibull({ shape: 0.5, scale: 1 }),
      createPareto({ minimum: 1, shape: 3 }),
      createHyperexponential([
        { weight: 1, mean: 1 },
        { weight: 2, mean: 9 },
      ]),
    ];
    for (const distribution of made) expect(distribution.quantile(1), distribution.name).toBe(Infinity);
  });

  it('is 0 at 0 and increases across the borders of its cells', () => {
    expect(negLogOneMinus(0)).toBe(0);
    for (let border = 1; border < 1024; border++) {
      const at = border / 1024;
      expect(negLogOneMinus(at + 1e-12)).toBeGreaterThan(negLogOneMinus(at));
      expect(negLogOneMinus(at)).toBeGreaterThan(negLogOneMinus(at - 1e-12));
    }
  });
});

describe('searches', () => {
  it('find the root of an increasing function to the last bit', () => {
    expect(solveIncreasing((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
    expect(() => solveIncreasing((x) => x + 1, 0, 1)).toThrow(RangeError);
  });

  it('find a maximum', () => {
    expect(maximumOf((x) => -((x - 0.3) ** 2), -5, 5)).toBeCloseTo(0.3, 6);
  });
});

describe('power', () => {
  it.each([
    [2, 10, 1024],
    [0.5, 3, 0.125],
    [0.9, 0.5, 0.9486832980505138], // the square root
    [3, -2, 1 / 9],
    [1.0001, 10_000, 2.7181459268249255], // mpmath
  ])('%d to the power of %d', (base, exponent, expected) => {
    expect(relativeError(power(base, exponent), expected)).toBeLessThan(4e-15 + 1e-16 * exponent);
  });

  it('of 0 and to the power of 0', () => {
    expect([power(0, 2), power(0, 0), power(7, 0), power(1, 1e9)]).toEqual([0, 1, 1, 1]);
  });
});
