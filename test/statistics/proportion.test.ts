import { describe, expect, it } from 'vitest';
import { clopperPearson } from '../../src/statistics/clopper-pearson.js';
import { meanInterval } from '../../src/statistics/intervals.js';
import { pairedShares, proportionInterval, shareOfReplications } from '../../src/statistics/proportion.js';
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

describe('interval of Clopper and Pearson', () => {
  // R. G. Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 857-872,
  // table I, method 5; the last from the manual of R, binom.test, after W. J. Conover (1971), p. 97.
  it.each([
    [81, 263, 0.2527, 0.3676, 4],
    [15, 148, 0.0578, 0.1617, 4],
    [0, 20, 0, 0.1684, 4],
    [1, 29, 0.0009, 0.1776, 4],
    [682, 925, 0.7076683, 0.7654066, 7],
  ])('of %i in %i has its published ends', (hits, trials, low, high, decimals) => {
    const interval = clopperPearson(hits, trials, 0.95);
    expect(interval.low).toBeCloseTo(low, decimals);
    expect(interval.high).toBeCloseTo(high, decimals);
  });

  it('contains the truth at least as often as promised, whatever it is: added up over all outcomes', () => {
    for (const truth of [0.01, 0.2, 0.5, 0.77]) {
      const trials = 12;
      const covered = Array.from({ length: trials + 1 }, (_, hits) => {
        const { low, high } = clopperPearson(hits, trials, 0.9);
        const weight = binomialUpTo(hits, trials, truth) - (hits === 0 ? 0 : binomialUpTo(hits - 1, trials, truth));
        return low <= truth && truth <= high ? weight : 0;
      }).reduce((a, b) => a + b, 0);
      expect(covered).toBeGreaterThanOrEqual(0.9);
    }
  });
});

describe('the share of replications in which something happened', () => {
  it('is not known for sure because it happened in all of ten, or in none', () => {
    const all = shareOfReplications(Array(10).fill(1), 0.95);
    expect(all.estimate).toBe(1);
    expect(all.interval!.low).toBeCloseTo(0.025 ** 0.1, 9);
    expect(all.interval!.high).toBe(1);
    expect(all.method).toBe('Clopper and Pearson, 10 of 10 replications');
    expect(shareOfReplications([0], 0.95).interval).toMatchObject({ low: 0, high: 0.975 });
  });

  it('differs between configurations only if enough of the pairs say so', () => {
    const pairs = (n: number) => pairedShares(Array(n).fill(1), Array(n).fill(0), 0.95);
    // All of n pairs differ: the share of such pairs is above 0.0125^(1/n), that of the opposite below 1 - 0.0125^(1/n).
    const [five, ten] = [pairs(5), pairs(10)];
    expect(five.interval!.low).toBeCloseTo(2 * 0.0125 ** (1 / 5) - 1, 9);
    expect(five.interval!.low).toBeLessThan(0);
    expect(ten.interval!.low).toBeGreaterThan(0);
    expect(ten.estimate).toBe(1);
    expect(pairedShares([1, 0, 1], [1, 0, 1], 0.95).interval!.high).toBeCloseTo(1 - 0.0125 ** (1 / 3), 9);
  });
});
