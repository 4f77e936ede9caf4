import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../src/random/distribution.js';
import type { ContinuousDistribution } from '../../../src/random/distributions/index.js';
import { createStreams, type Stream } from '../../../src/random/streams.js';
import { cases } from './cases.js';

/** Two-sided standard normal quantile at 99.99 %. */
const Z = 3.8906;

/**
 * Mean of g(X) as an integral over u by the substitution u = 1 / (1 + e^-v), which makes the trapezoidal rule converge
 * exponentially for smooth quantiles; `moments` of a case says how far its tail lets it.
 */
function expectation(distribution: Distribution, g: (x: number) => number): number {
  const step = 1 / 512;
  let sum = 0;
  for (let k = -34 / step; k <= 34 / step; k++) {
    const e = Math.exp(-k * step);
    sum += (g(distribution.quantile(1 / (1 + e))) * e * step) / ((1 + e) * (1 + e));
  }
  return sum;
}

/** For quantiles with steps or corners: midpoints, exact for straight pieces that begin at multiples of 1/5040. */
function midpointExpectation(distribution: Distribution, g: (x: number) => number): number {
  const cells = 5040 * 20;
  let sum = 0;
  for (let k = 0; k < cells; k++) sum += g(distribution.quantile((k + 0.5) / cells));
  return sum / cells;
}

function countingStream(stream: Stream): { stream: Stream; draws: () => number } {
  let draws = 0;
  return {
    stream: {
      uniform() {
        draws++;
        return stream.uniform();
      },
    },
    draws: () => draws,
  };
}

function gridOfU(): number[] {
  const grid = [0, 2 ** -53, 1e-12, 1e-9, 1e-6];
  for (let k = 1; k < 20_000; k++) grid.push(k / 20_000);
  return [...grid, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12, 1 - 2 ** -53];
}

describe.each(cases)('$title', ({ distribution, range, moments }) => {
  const smooth = !['empirical', 'constant', 'uniform', 'triangular'].includes(distribution.name);
  const integral = smooth ? expectation : midpointExpectation;

  it('mean is the integral of the quantile', () => {
    const mean = integral(distribution, (x) => x);
    expect(Math.abs(mean / distribution.mean - 1)).toBeLessThan(1e-6);
  });

  it.runIf(moments >= 2)('variance is the integral of the squared deviation', () => {
    const variance = integral(distribution, (x) => (x - distribution.mean) ** 2);
    expect(Math.abs(variance - distribution.variance)).toBeLessThanOrEqual(1e-6 * distribution.variance);
  });

  it.runIf(moments >= 4)('sample mean and variance agree at 99.99 %', () => {
    const n = 50_000;
    const stream = createStreams(2024, 0).open(distribution.name);
    const sample = Array.from({ length: n }, () => distribution.sample(stream));
    const mean = sample.reduce((sum, x) => sum + x, 0) / n;
    const variance = sample.reduce((sum, x) => sum + (x - distribution.mean) ** 2, 0) / n;
    const fourth = integral(distribution, (x) => (x - distribution.mean) ** 4);
    expect(Math.abs(mean - distribution.mean)).toBeLessThanOrEqual(Z * Math.sqrt(distribution.variance / n));
    expect(Math.abs(variance - distribution.variance)).toBeLessThanOrEqual(
      Z * Math.sqrt(Math.max(fourth - distribution.variance ** 2, 0) / n) + 1e-12 * distribution.variance,
    );
  });

  it('one sample is the quantile of one uniform', () => {
    const counted = countingStream(createStreams(7, 0).open('x'));
    const twin = createStreams(7, 0).open('x');
    for (let k = 1; k <= 1000; k++) {
      expect(distribution.sample(counted.stream)).toBe(distribution.quantile(twin.uniform()));
      expect(counted.draws()).toBe(k);
    }
  });

  it('quantile never decreases, and stays in range and finite', () => {
    const grid = gridOfU();
    const values = grid.map((u) => distribution.quantile(u));
    const decreasesAt = grid.filter((_u, k) => k > 0 && !(values[k]! >= values[k - 1]!));
    const outside = values.filter((x) => !(x >= range[0] && x <= range[1] && Number.isFinite(x)));
    expect({ decreasesAt, outside }).toEqual({ decreasesAt: [], outside: [] });
  });

  it.runIf('cdf' in distribution && distribution.variance > 0)('distribution function undoes the quantile', () => {
    const { cdf, quantile } = distribution as ContinuousDistribution;
    for (const u of [1e-6, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1 - 1e-6]) {
      const back = cdf.call(distribution, quantile.call(distribution, u));
      // The tabulated quantile of gamma is within 1e-9 of x; the others within rounding of u.
      expect(Math.abs(back - u)).toBeLessThan(
        distribution.name === 'gamma' ? 1e-8 * Math.min(u, 1 - u) + 1e-12 : 1e-12,
      );
    }
  });
});
