import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tally, tallyOf } from '../../src/statistics/tally.js';
import { TimeAverage } from '../../src/statistics/time-average.js';

describe('tally', () => {
  it('of 2 4 4 4 5 5 7 9: mean 5, variance 32/7', () => {
    const tally = tallyOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(tally).toMatchObject({ count: 8, mean: 5, min: 2, max: 9 });
    expect(tally.variance).toBeCloseTo(32 / 7, 14);
    expect(tally.standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 14);
  });

  it('keeps a small variance beside a large mean (NIST StRD NumAcc4: mean 10000000.2, deviation 0.1)', () => {
    const values = [10000000.2, ...Array.from({ length: 1000 }, (_, k) => (k % 2 === 0 ? 10000000.1 : 10000000.3))];
    const tally = tallyOf(values);
    expect(tally.mean).toBeCloseTo(10000000.2, 8);
    // The values themselves are rounded to 2e-9, which moves the deviation by about as much.
    expect(Math.abs(tally.standardDeviation - 0.1)).toBeLessThan(1e-8);
  });

  it('is undefined where there is nothing to say', () => {
    const empty = new Tally();
    expect(empty).toMatchObject({ count: 0, mean: NaN, min: Infinity, max: -Infinity, variance: NaN });
    expect(tallyOf([3])).toMatchObject({ count: 1, mean: 3, variance: NaN });
  });

  it('merged, is the tally of both', () => {
    const list = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 50 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const merged = tallyOf(a);
        merged.merge(tallyOf(b));
        const whole = tallyOf([...a, ...b]);
        expect(merged).toMatchObject({ count: whole.count, min: whole.min, max: whole.max });
        if (whole.count > 0) expect(merged.mean).toBeCloseTo(whole.mean, 9);
        if (whole.count > 1) expect(merged.variance).toBeCloseTo(whole.variance, 6);
      }),
      { seed: 1 },
    );
  });
});

describe('time-average', () => {
  it('weighs each level by how long it lasted', () => {
    const average = new TimeAverage(100, 2);
    average.set(5, 200);
    average.set(0, 210);
    expect(average.integral(300)).toBe(250);
    expect(average.average(300)).toBe(1.25);
  });

  it('is NaN before any time has passed', () => {
    expect(new TimeAverage(7, 3).average(7)).toBeNaN();
  });
});
