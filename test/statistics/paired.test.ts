import { describe, expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';
import { comparePaired, jackknifeRatio, withoutIntervals } from '../../src/statistics/paired.js';
import { normalQuantile } from '../../src/statistics/student.js';

const Z = 3.8906;

describe('paired comparison', () => {
  it('by hand: differences 1 2 3, mean 2, half width t(0.975, 2) / sqrt 3', () => {
    const { difference, verdict } = comparePaired([11, 22, 33], [10, 20, 30], 0.95);
    expect(difference).toMatchObject({ n: 3, estimate: 2, method: 'paired t over 3 replications' });
    expect(difference.interval!.halfWidth).toBeCloseTo(4.302652729749462 / Math.sqrt(3), 6);
    expect(verdict).toBe('undecided');
  });

  it('ratio by hand: 2 4 9 over 1 2 3, jackknife with pseudo-values 2.5 - 2 (13 / 5 - 2.5) …', () => {
    // Plain ratio 15 / 6 = 2.5; without each pair 13/5, 11/4, 6/3; pseudo-values 3 x 2.5 - 2 r_i = 2.3, 2, 3.5.
    const { estimate, interval, method } = jackknifeRatio([2, 4, 9], [1, 2, 3], 0.95);
    expect(estimate).toBeCloseTo((2.3 + 2 + 3.5) / 3, 12);
    const deviation = Math.sqrt((0.3 ** 2 + 0.6 ** 2 + 0.9 ** 2) / 2);
    expect(interval!.halfWidth).toBeCloseTo((4.302652729749462 * deviation) / Math.sqrt(3), 6);
    expect(method).toBe('jackknife over 3 replications');
  });

  it('gains by pairs what both variances added are of that of the difference', () => {
    // Variances 1 and 4, of the difference (0, -1, -2) 1: 5 times the replications without pairs.
    expect(comparePaired([1, 2, 3], [1, 3, 5], 0.95).pairingGain).toBeCloseTo(5, 12);
    // Against each other: variances 1 and 1, of the difference (-2, 0, 2) 4: half as many would do without.
    expect(comparePaired([1, 2, 3], [3, 2, 1], 0.95).pairingGain).toBeCloseTo(0.5, 12);
    expect(comparePaired([1, 2, 3], [2, 3, 4], 0.95).pairingGain).toBeNaN(); // the difference does not vary
    expect(comparePaired([0.1 + 0.2, 0.7, 1.1], [0.3, 0.7, 1.1], 0.95).pairingGain).toBeNaN(); // … but for rounding
    expect(comparePaired([1, 3], [2, 1], 0.95).pairingGain).toBeNaN(); // two pairs say nothing of variances
  });

  it.each<[string, number[], number[]]>([
    ['lower', [8, 9, 10, 9], [18, 19, 20, 20]],
    ['higher', [18, 19, 20, 20], [8, 9, 10, 9]],
    ['undecided', [8, 19, 10, 20], [18, 9, 20, 10]],
    ['undecided', [5, 6, 7], [5, 6, 7]],
    ['undecided', [5], [9]],
  ])('is %s when the interval of the difference says so', (verdict, variant, baseline) => {
    expect(comparePaired(variant, baseline, 0.99).verdict).toBe(verdict);
  });

  it('sees a small difference through noise that the pairs share', () => {
    const baseline = [100, 250, 170, 310, 90];
    const variant = baseline.map((value, k) => value + 2 + 0.1 * (k % 2));
    const { difference, verdict } = comparePaired(variant, baseline, 0.999);
    expect(verdict).toBe('higher');
    expect(difference.estimate).toBeCloseTo(2.04, 10);
  });

  it('the interval of the ratio covers the true ratio about as often as it says', () => {
    const stream = createStreams(31, 0).open('coverage');
    const experiments = 4000;
    let covered = 0;
    for (let k = 0; k < experiments; k++) {
      const pairs = Array.from({ length: 10 }, () => {
        const shared = normalQuantile(stream.uniform());
        return [
          80 + 4 * shared + normalQuantile(stream.uniform()),
          100 + 5 * shared + normalQuantile(stream.uniform()),
        ] as const;
      });
      const { low, high } = jackknifeRatio(
        pairs.map(([variant]) => variant),
        pairs.map(([, base]) => base),
        0.95,
      ).interval!;
      if (low <= 0.8 && 0.8 <= high) covered++;
    }
    // The jackknife is exact for nearly linear ratios: deviations of 1 % of the mean leave an error of coverage near 1e-4.
    expect(Math.abs(covered / experiments - 0.95)).toBeLessThan(Z * Math.sqrt((0.95 * 0.05) / experiments) + 1e-3);
  });

  it('gives no ratio to a baseline of 0, and no interval when told so', () => {
    expect(jackknifeRatio([1, 2], [0, 0], 0.95)).toMatchObject({
      estimate: NaN,
      interval: null,
      method: 'baseline is 0: no ratio',
    });
    expect(jackknifeRatio([1, 2], [0, 3], 0.95)).toMatchObject({ estimate: 1, interval: null });
    expect(jackknifeRatio([1, NaN], [2, 3], 0.95)).toMatchObject({ estimate: NaN, method: 'not observed' });
    const bare = withoutIntervals(comparePaired([8, 9, 10], [18, 19, 20], 0.95), 'unstable');
    expect(bare).toMatchObject({
      verdict: 'undecided',
      difference: { interval: null, method: 'unstable', estimate: -10 },
    });
  });

  it('refuses unequal lengths', () => {
    expect(() => comparePaired([1, 2], [1], 0.95)).toThrow(RangeError);
  });
});
