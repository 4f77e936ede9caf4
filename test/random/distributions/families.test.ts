import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContinuousDistribution,
  createEmpirical,
  createGamma,
  createHyperexponential,
  createUniform,
  DistributionError,
  distributionFamilies,
  type Given,
} from '../../../src/random/distributions/index.js';

function create(name: string, given: Given): ContinuousDistribution {
  const family = distributionFamilies.find((candidate) => candidate.name === name);
  if (family === undefined) throw new Error(`no family ${name}`);
  return family.create(given);
}

/** What `distribution` has for a key of the scenario language. */
function property(distribution: ContinuousDistribution, key: string): number {
  if (key === 'mean') return distribution.mean;
  if (key === 'cv') return Math.sqrt(distribution.variance) / distribution.mean;
  return distribution.quantile(Number(`0.${key.slice(1)}`));
}

describe('a family gives back what it was told', () => {
  it.each<[string, Given]>([
    ['exponential', { mean: 2e7 }],
    ['lognormal', { mean: 4e7, cv: 0.8 }],
    ['lognormal', { mean: 4e7, p50: 3e7 }],
    ['lognormal', { mean: 4e7, p95: 1.2e8 }],
    ['lognormal', { mean: 4e7, p99: 3e8 }],
    ['lognormal', { p50: 3e7, p95: 1.2e8 }],
    ['lognormal', { p50: 3e7, p99: 9e8 }],
    ['gamma', { mean: 4e7, cv: 0.5 }],
    ['gamma', { mean: 4e7, cv: 3 }],
    ['gamma', { mean: 4e7, p95: 4.4e7 }],
    ['gamma', { mean: 4e7, p95: 1.2e8 }],
    ['gamma', { mean: 4e7, p95: 1.55e8 }],
    ['gamma', { mean: 4e7, p99: 1.2e8 }],
    ['weibull', { mean: 4e7, cv: 0.5 }],
    ['weibull', { mean: 4e7, cv: 3 }],
    ['weibull', { mean: 4e7, p95: 4.4e7 }],
    ['weibull', { mean: 4e7, p95: 1.2e8 }],
    ['weibull', { mean: 4e7, p99: 1.2e8 }],
    ['hyperexponential', { mean: 4e7, cv: 1 }],
    ['hyperexponential', { mean: 4e7, cv: 4 }],
  ])('%s %o', (name, given) => {
    const distribution = create(name, given);
    for (const [key, value] of Object.entries(given))
      expect(Math.abs(property(distribution, key) / value - 1)).toBeLessThan(1e-8);
  });

  it('lognormal from any mean and p95 that are possible together', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e12, noNaN: true }),
        fc.double({ min: 1.001, max: 3.86, noNaN: true }),
        (mean, ratio) => {
          const distribution = create('lognormal', { mean, p95: mean * ratio });
          expect(Math.abs(distribution.mean / mean - 1)).toBeLessThan(1e-9);
          expect(Math.abs(distribution.quantile(0.95) / (mean * ratio) - 1)).toBeLessThan(1e-9);
        },
      ),
      { seed: 1 },
    );
  });

  it('shape and minimum of a Pareto', () => {
    expect(create('pareto', { minimum: 3, shape: 2 }).quantile(0)).toBe(3);
    expect(create('pareto', { minimum: 3, shape: 2 }).mean).toBe(6);
    expect(create('pareto', { minimum: 3, shape: 2 }).variance).toBe(Infinity);
    expect(create('pareto', { mean: 6, shape: 2 }).quantile(0)).toBe(3);
  });

  it('a gamma or Weibull of shape 1 is the exponential', () => {
    for (const name of ['gamma', 'weibull']) {
      const distribution = create(name, { mean: 5, shape: 1 });
      for (const u of [0.01, 0.5, 0.99])
        expect(Math.abs(distribution.quantile(u) / (-5 * Math.log1p(-u)) - 1)).toBeLessThan(1e-10);
    }
  });
});

describe('what no member has is refused', () => {
  it.each<[string, Given, RegExp]>([
    ['constant', { value: -1 }, /constant: value must be a number >= 0, is -1/],
    ['uniform', { min: 5, max: 5 }, /uniform: min 5 must be below max 5/],
    ['triangular', { min: 1, mode: 9, max: 5 }, /must ascend/],
    ['exponential', { mean: 0 }, /mean must be a number > 0, is 0/],
    ['exponential', { mean: NaN }, /mean must be a number > 0/],
    ['lognormal', { mean: 40, p95: 20 }, /p95 must be more than 1 and at most 3\.868 times the mean, is 0\.5000 times/],
    ['lognormal', { mean: 40, p95: 200 }, /at most 3\.868 times the mean, is 5\.000 times/],
    ['lognormal', { mean: 40, p50: 50 }, /p50 50 must be below the mean 40/],
    ['lognormal', { p50: 40, p95: 40 }, /p50 40 must be below p95 40/],
    ['lognormal', { mean: 40, cv: 0 }, /cv must be a number > 0/],
    ['lognormal', { mean: 40 }, /needs mean \+ cv, or mean \+ p50, .*got mean$/],
    ['lognormal', { mean: 40, cv: 1, p95: 100 }, /got mean \+ cv \+ p95/],
    ['gamma', { mean: 40, p95: 20 }, /no gamma distribution has its p95 at 0\.5000 times the mean/],
    ['gamma', { mean: 40, p95: 400 }, /no gamma distribution has its p95 at 10\.00 times the mean/],
    ['gamma', { mean: 40, cv: 20 }, /shape 0\.0025 is outside/],
    ['weibull', { mean: 40, p95: 400 }, /p95 must be more than 1 and at most 4\.\d+ times the mean, is 10\.00 times/],
    ['weibull', { mean: 40, p95: 40 }, /is 1\.000 times/],
    ['weibull', { mean: 40, cv: 1e-6 }, /cv 0\.000001 is outside/],
    ['pareto', { mean: 40, shape: 1 }, /shape must be a number > 1, is 1: at 1 or less the mean is infinite/],
    ['hyperexponential', { mean: 40, cv: 0.5 }, /cv must be at least 1, is 0\.5/],
  ])('%s %o', (name, given, message) => {
    expect(() => create(name, given)).toThrow(DistributionError);
    expect(() => create(name, given)).toThrow(message);
  });

  it('names the family and the keys at fault', () => {
    try {
      createUniform(3, 2);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ family: 'uniform', parameters: ['min', 'max'] });
    }
  });

  it('empty or impossible lists', () => {
    expect(() => createEmpirical([])).toThrow(/at least one value/);
    expect(() => createEmpirical([1, -2])).toThrow(/one is -2/);
    expect(() => createEmpirical([1, NaN])).toThrow(/one is NaN/);
    expect(() => createHyperexponential([])).toThrow(/at least one branch/);
    expect(() => createHyperexponential([{ weight: 0, mean: 1 }])).toThrow(/weight must be/);
    expect(() => createGamma({ shape: 1, scale: 0 })).toThrow(/scale must be/);
  });
});
