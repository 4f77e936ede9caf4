import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/statistics/intervals.js';
import { proportionInterval } from '../../src/statistics/proportion.js';
import { betaQuantile } from '../../src/statistics/student.js';

/** P(X <= hits) of a binomial variable. */
function binomialUpTo(hits: number, trials: number, share: number): number {
  let weight = (1 - share) ** trials;
  let sum = weight;
  for (let k = 1; k <= hits; k++) {
    weight *= ((trials - k + 1) / k) * (share / (1 - share));
    sum += weight;
  }
  return sum;
}

describe('interval of a share', () => {
  it('has an upper end where nothing was ever seen: 1 - 0.025^(1/n)', () => {
    const { interval, estimate, method } = proportionInterval([0, 0, 0], [1000, 1000, 1000], 0.95);
    expect(estimate).toBe(0);
    expect(interval!.low).toBe(0);
    expect(interval!.high).toBeCloseTo(1 - 0.025 ** (1 / 3000), 9);
    expect(method).toBe('Clopper and Pearson, 0 of 3000 requests');
  });

  it('leaves a tail of 2.5 % on each side where little was seen', () => {
    const { interval } = proportionInterval([0.001, 0.003, 0], [1000, 1000, 1000], 0.95);
    expect(binomialUpTo(4, 3000, interval!.high)).toBeCloseTo(0.025, 6);
    expect(1 - binomialUpTo(3, 3000, interval!.low)).toBeCloseTo(0.025, 6);
  });

  it('is t over the replications where enough was seen', () => {
    const shares = [0.1, 0.2, 0.15];
    expect(proportionInterval(shares, [1000, 1000, 1000], 0.95)).toEqual(meanInterval(shares, 0.95));
  });

  it('does not exist for one replication', () => {
    expect(proportionInterval([0], [1000], 0.95).interval).toBeNull();
  });
});

describe('quantile of the beta distribution', () => {
  it('is the inverse of 1 - (1 - x)^n for shapes 1 and n', () => {
    expect(betaQuantile(0.975, 1, 500)).toBeCloseTo(1 - 0.025 ** (1 / 500), 9);
  });
});
