import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/statistics/intervals.js';
import { jackknife } from '../../src/statistics/jackknife.js';
import { jackknifeRatio } from '../../src/statistics/paired.js';

const column = (n: number) => fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: n, maxLength: n });

describe('the jackknife of a function of means', () => {
  it('is the t interval where the function is one mean', () => {
    fc.assert(
      fc.property(column(7), (values) => {
        const ours = jackknife([values], ([mean]) => mean!, 0.95);
        const theirs = meanInterval(values, 0.95);
        expect(ours.estimate).toBeCloseTo(theirs.estimate, 8);
        expect(ours.interval!.halfWidth).toBeCloseTo(theirs.interval!.halfWidth, 8);
      }),
    );
  });

  it('is that of the ratio where the function is a quotient', () => {
    fc.assert(
      fc.property(column(5), column(5), (above, below) => {
        const ours = jackknife([above, below], ([a, b]) => a! / b!, 0.9);
        const theirs = jackknifeRatio(above, below, 0.9);
        expect(ours.estimate).toBeCloseTo(theirs.estimate, 8);
        expect(ours.interval!.halfWidth).toBeCloseTo(theirs.interval!.halfWidth, 8);
      }),
    );
  });

  it('has no interval for a single replication, for what was not observed, and where a replication is the divisor', () => {
    const quotient = ([a, b]: readonly number[]) => a! / b!;
    expect(jackknife([[1], [2]], quotient, 0.95)).toMatchObject({ estimate: 0.5, interval: null });
    expect(
      jackknife(
        [
          [1, Number.NaN],
          [1, 1],
        ],
        quotient,
        0.95,
      ),
    ).toMatchObject({ interval: null, method: 'not observed' });
    expect(
      jackknife(
        [
          [1, 1],
          [0, 2],
        ],
        quotient,
        0.95,
      ).interval,
    ).toBeNull();
  });

  it('knows constants exactly', () => {
    expect(jackknife([], () => 3, 0.95)).toMatchObject({ estimate: 3, interval: { low: 3, high: 3 } });
  });
});
