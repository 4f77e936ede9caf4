import fc from 'fast-check';
import { quantile as libraryQuantile } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { BUCKETS, bucketOf, valueOfBucket } from '../../src/statistics/log-buckets.js';
import { LOG_HISTOGRAM_RELATIVE_ERROR, LogHistogram } from '../../src/statistics/log-histogram.js';

const LEVELS = [0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

/** Whole numbers of every magnitude from 0 to 2^53. */
const duration = fc
  .tuple(fc.integer({ min: 0, max: 53 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([octave, part]) => Math.floor(2 ** octave * part));

function histogramOf(values: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  histogram.recordAll(Float64Array.from(values));
  return histogram;
}

const exactSum = (values: readonly number[]): number => Number(values.reduce((sum, value) => sum + BigInt(value), 0n));

describe('buckets', () => {
  it('hold every whole number below 2048 alone', () => {
    for (let value = 0; value < 2048; value++) expect(valueOfBucket(bucketOf(value))).toBe(value);
  });

  it('stand within 2^-11 of every value in them', () => {
    fc.assert(
      fc.property(duration, (value) => {
        expect(Math.abs(valueOfBucket(Math.max(bucketOf(value), 0)) - value)).toBeLessThanOrEqual(value * 2 ** -11);
      }),
      { seed: 2, numRuns: 5000 },
    );
  });

  it('end at 2^53', () => {
    expect(bucketOf(2 ** 53)).toBeLessThan(BUCKETS);
    expect(bucketOf(2 ** 54)).toBeGreaterThanOrEqual(BUCKETS);
  });
});

describe('log histogram', () => {
  it('quantiles are within the stated error of the exact ones (type 7)', () => {
    expect(LOG_HISTOGRAM_RELATIVE_ERROR).toBe(2 ** -11);
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = histogramOf(values);
        for (const level of LEVELS) {
          const exact = libraryQuantile(values, level);
          expect(Math.abs(histogram.quantile(level) - exact)).toBeLessThanOrEqual(
            exact * LOG_HISTOGRAM_RELATIVE_ERROR * (1 + 1e-12),
          );
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('count, sum, minimum and maximum are exact, also where the sum passes 2^53', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 100 }), (values) => {
        const histogram = histogramOf(values);
        expect(histogram.count).toBe(values.length);
        expect(histogram.min).toBe(Math.min(...values));
        expect(histogram.max).toBe(Math.max(...values));
        expect(histogram.sum).toBe(exactSum(values));
      }),
      { seed: 4 },
    );
    const long = new LogHistogram();
    for (let k = 0; k < 7; k++) long.record(2 ** 53 - 1);
    const { sumLow, sumCarries } = long.toData();
    expect(BigInt(sumCarries) * 2n ** 52n + BigInt(sumLow)).toBe(7n * (2n ** 53n - 1n));
  });

  it('a column is recorded as its values one by one, and only the part asked for', () => {
    fc.assert(
      fc.property(fc.array(duration, { maxLength: 60 }), fc.nat(60), fc.nat(60), (values, a, b) => {
        const [from, to] = [Math.min(a, b, values.length), Math.min(Math.max(a, b), values.length)];
        const [byColumn, byValue] = [new LogHistogram(), new LogHistogram()];
        byColumn.recordAll(Float64Array.from(values), from, to);
        for (const value of values.slice(from, to)) byValue.record(value);
        expect(byColumn.toData()).toEqual(byValue.toData());
      }),
      { seed: 5, numRuns: 30 },
    );
  });

  it('reads a column that begins inside a larger buffer', () => {
    const column = Float64Array.from([7e7, 1, 2, 3, 8e8]).subarray(1, 4);
    const histogram = new LogHistogram();
    histogram.recordAll(column);
    expect([...histogram.buckets()]).toEqual([
      { value: 1, count: 1 },
      { value: 2, count: 1 },
      { value: 3, count: 1 },
    ]);
  });

  it('merged or sent between threads, is the histogram of all values', () => {
    const list = fc.array(duration, { maxLength: 50 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const merged = histogramOf(a);
        merged.merge(LogHistogram.fromData(structuredClone(histogramOf(b).toData())));
        expect(merged.toData()).toEqual(histogramOf([...a, ...b]).toData());
      }),
      { seed: 6, numRuns: 15 },
    );
  });

  it('buckets ascend and add up to the count', () => {
    const histogram = histogramOf([5, 1e9, 3, 5, 0, 1e9 + 1]);
    expect([...histogram.buckets()].map(({ count }) => count)).toEqual([1, 1, 2, 2]);
    expect([...histogram.buckets()].map(({ value }) => value).slice(0, 3)).toEqual([0, 3, 5]);
  });

  it('empty, has no quantiles', () => {
    const empty = new LogHistogram();
    expect([empty.count, empty.sum, empty.mean, empty.quantile(0.5)]).toEqual([0, 0, NaN, NaN]);
    expect(LogHistogram.fromData(empty.toData()).count).toBe(0);
  });

  it('refuses more than 2^32 - 1 values, one by one and together', () => {
    const one = histogramOf([7]).toData();
    const counts = Uint32Array.of(2 ** 32 - 2);
    const nearlyFull = (): LogHistogram => LogHistogram.fromData({ ...one, counts, count: 2 ** 32 - 2 });
    const full = nearlyFull();
    full.record(7);
    expect(full.count).toBe(2 ** 32 - 1);
    expect(() => full.record(7)).toThrow(RangeError);
    expect(() => nearlyFull().recordAll(Float64Array.of(7, 7))).toThrow(RangeError);
    expect(() => full.merge(histogramOf([7]))).toThrow(RangeError);
  });

  it.each([-1, NaN, Infinity, 2 ** 53 + 2])('refuses %d', (value) => {
    expect(() => new LogHistogram().record(value)).toThrow(RangeError);
    const histogram = new LogHistogram();
    expect(() => histogram.recordAll(Float64Array.of(4, value, 5))).toThrow(RangeError);
    expect(histogram.count).toBe(1);
  });
});
