import { describe, expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';
import { expectedBeyond, meanInterval } from '../../src/statistics/intervals.js';
import { chiSquareQuantile, normalQuantile, normalTail, tQuantile, twoSidedT } from '../../src/statistics/student.js';

/** Two-sided standard normal quantile at 99.99 %. */
const Z = 3.8906;

// Reference values: SciPy 1.17.1.
describe('quantiles of', () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 4, 2.7764451051977934],
    [0.975, 9, 2.262157162798205],
    [0.995, 9, 3.249835541592126],
    [0.9995, 9, 4.780912585931217],
    [0.9995, 29, 3.6594050194663748],
    [0.95, 1000, 1.6463788172854643],
    [0.975, 1e6, 1.959966356814107],
  ])("Student's t at %d with %d degrees of freedom", (p, degrees, expected) => {
    expect(Math.abs(tQuantile(p, degrees) / expected - 1)).toBeLessThan(1e-7);
  });

  it.each([
    [0.025, 9, 2.7003894999803584],
    [0.975, 9, 19.02276779864163],
    [0.95, 100, 124.34211340400407],
    [0.0001, 3, 0.005214832329027977],
  ])('chi-square at %d with %d degrees of freedom', (p, degrees, expected) => {
    expect(Math.abs(chiSquareQuantile(p, degrees) / expected - 1)).toBeLessThan(1e-7);
  });

  it('the normal distribution, and its tail', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalTail(1.959963984540054)).toBeCloseTo(0.025, 12);
    expect(twoSidedT(0.95, 9)).toBe(tQuantile(0.975, 9));
  });
});

describe('interval of a mean', () => {
  it('by hand: 1 to 5 has mean 3, deviation sqrt(2.5), half width 2.776 sqrt(2.5 / 5)', () => {
    const { n, estimate, interval, method, level } = meanInterval([1, 2, 3, 4, 5], 0.95);
    expect({ n, estimate, method, level }).toEqual({ n: 5, estimate: 3, method: 't over 5 replications', level: 0.95 });
    const halfWidth = 2.7764451051977934 * Math.sqrt(2.5 / 5);
    expect(interval!.halfWidth).toBeCloseTo(halfWidth, 6);
    expect(interval!.low).toBeCloseTo(3 - halfWidth, 6);
    expect(interval!.high).toBeCloseTo(3 + halfWidth, 6);
  });

  it('covers the mean as often as it says', () => {
    const stream = createStreams(77, 0).open('coverage');
    const experiments = 4000;
    let covered = 0;
    for (let k = 0; k < experiments; k++) {
      const values = Array.from({ length: 5 }, () => normalQuantile(stream.uniform()));
      const { low, high } = meanInterval(values, 0.9).interval!;
      if (low <= 0 && 0 <= high) covered++;
    }
    // Binomial: standard deviation sqrt(0.9 x 0.1 / experiments).
    expect(Math.abs(covered / experiments - 0.9)).toBeLessThan(Z * Math.sqrt(0.09 / experiments));
  });

  it('of equal values has width 0', () => {
    expect(meanInterval([4, 4, 4], 0.99).interval).toEqual({ low: 4, high: 4, halfWidth: 0 });
  });

  it.each<[string, number[], number, number, string]>([
    ['nothing', [], 0, NaN, 'not observed'],
    ['one replication', [7], 1, 7, 'one replication: no interval'],
    ['replications that did not see it', [7, NaN, 9], 2, 8, 'not observed in 1 of 3 replications'],
  ])('of %s is withheld, with the reason', (_title, values, n, estimate, method) => {
    expect(meanInterval(values, 0.95)).toEqual({ n, estimate, interval: null, level: 0.95, method });
  });
});

describe('observations expected beyond a quantile', () => {
  it('are counted on its side', () => {
    expect(expectedBeyond(1000, 0.99)).toBe(10);
    expect(expectedBeyond(1000, 0.01)).toBe(10);
  });
});
