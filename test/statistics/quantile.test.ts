import fc from 'fast-check';
import { quantile as libraryQuantile, quantileSorted } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { quantile, quantiles } from '../../src/statistics/quantile.js';

const LEVELS = [0, 0.001, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

/** A column longer than what is sorted whole: `pattern` repeated and disturbed. */
function longColumn(pattern: readonly number[], length = 10_007): Float64Array {
  let state = 12345;
  return Float64Array.from({ length }, (_, k) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(pattern[k % pattern.length]! * (state / 2 ** 31));
  });
}

describe('quantiles', () => {
  it('are of Hyndman-Fan type 7 (numpy.quantile, method linear)', () => {
    const values = Float64Array.of(20, 3, 7, 8, 6, 8, 16, 10, 13, 15, 9);
    const expected = [6, 7.5, 9, 16, 19.6];
    quantiles(values, [0.1, 0.25, 0.5, 0.9, 0.99]).forEach((got, k) => {
      expect(got).toBeCloseTo(expected[k]!, 12);
    });
  });

  it('p99 of 1 to 100 is 99.01: the definition of the pinned simple-statistics', () => {
    const values = Float64Array.from({ length: 100 }, (_, k) => k + 1);
    expect(quantile(values, 0.99)).toBeCloseTo(99.01, 12);
    expect(quantileSorted([...values], 0.99)).toBeCloseTo(99.01, 12);
  });

  it.each<[string, readonly number[]]>([
    ['spread over many octaves', [1e3, 1e6, 1e9, 5e7, 2 ** 53]],
    ['mostly zeros', [0, 0, 0, 0, 0, 0, 0, 0, 1e8]],
    ['all in a few buckets', [1.0001e9]],
    ['small whole numbers with many ties', [7]],
  ])('of long columns equal those of simple-statistics: %s', (_title, pattern) => {
    const values = longColumn(pattern);
    expect(quantiles(values, LEVELS)).toEqual(libraryQuantile([...values], LEVELS));
  });

  it('of a long constant column are that constant', () => {
    expect(quantiles(new Float64Array(50_000).fill(4e7), LEVELS)).toEqual(LEVELS.map(() => 4e7));
  });

  it('of fractions below 1 and of values beyond 2^53 are exact too', () => {
    const values = longColumn([1e6]).map((value, k) => (k % 3 === 0 ? value * 2 ** 60 : value / 2 ** 40));
    expect(quantiles(values, LEVELS)).toEqual(libraryQuantile([...values], LEVELS));
  });

  it('of any column, short or long, equal those of simple-statistics', () => {
    const column = fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(column, fc.boolean(), (short, isLong) => {
        const values = isLong
          ? Float64Array.from({ length: 5000 }, (_, k) => short[k % short.length]!)
          : Float64Array.from(short);
        const levels = [0, 0.3, 0.5, 0.99, 1];
        expect(quantiles(values, levels)).toEqual(libraryQuantile([...values], levels));
      }),
      { seed: 8 },
    );
  });

  it('leave the column as it was', () => {
    const values = longColumn([1e9]);
    const copy = values.slice();
    quantiles(values, LEVELS);
    quantiles(values.subarray(0, 100), LEVELS);
    expect(values).toEqual(copy);
  });

  it('read a column that begins inside a larger buffer', () => {
    const values = longColumn([1e9], 9000);
    expect(quantiles(values.subarray(1000, 8000), LEVELS)).toEqual(quantiles(values.slice(1000, 8000), LEVELS));
  });

  it('of nothing are NaN; of what is not a duration, or beyond [0, 1], an error', () => {
    expect(quantiles(new Float64Array(0), [0.5])).toEqual([NaN]);
    expect(() => quantiles(Float64Array.of(1), [1.1])).toThrow(RangeError);
    for (const bad of [-1, NaN]) {
      expect(() => quantiles(Float64Array.of(1, bad, 3), [0.5])).toThrow(RangeError);
      const long = longColumn([1e9]);
      long[4321] = bad;
      expect(() => quantiles(long, [0.5])).toThrow(RangeError);
    }
  });
});
