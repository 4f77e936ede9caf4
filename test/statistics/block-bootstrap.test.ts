import { describe, expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';
import { blockLength, drawBlocks, percentileInterval } from '../../src/statistics/index.js';

const stream = createStreams(1, 0).open('test');

/** Autoregressive: each value is `memory` times the one before plus uniform noise. */
function series(n: number, memory: number): Float64Array {
  const values = new Float64Array(n);
  for (let k = 1; k < n; k++) values[k] = memory * values[k - 1]! + stream.uniform() - 0.5;
  return values;
}

describe('length of blocks', () => {
  it('is short for independent values and grows with their memory', () => {
    const [none, some, long] = [0, 0.5, 0.9].map((memory) => blockLength(series(4000, memory)));
    expect(none!).toBeLessThanOrEqual(5);
    expect(some!).toBeGreaterThan(none!);
    expect(long!).toBeGreaterThan(some!);
  });

  /**
   * With autocovariances R(k) proportional to a^|k|: G = sum |k| R(k) = 2a / (1 - a)^2, g(0) = sum R(k) = (1 + a) / (1 - a), and
   * the best length is (3/2 (G / g(0))^2 n)^(1/3): 31.4 for a = 0.5 and n = 11 585. The median of nine
   * estimates lies within a half of it.
   */
  it('is near the best one for an autoregressive series', () => {
    const best = Math.cbrt(1.5 * (4 / 3) ** 2 * 11_585);
    const found = Array.from({ length: 9 }, () => blockLength(series(11_585, 0.5))).sort((a, b) => a - b)[4]!;
    expect(found).toBeGreaterThan(best / 1.5);
    expect(found).toBeLessThan(best * 1.5);
  });

  it('is 1 where there is nothing to learn', () => {
    expect(blockLength(new Float64Array(5))).toBe(1);
    expect(blockLength(new Float64Array(500).fill(7))).toBe(1);
  });
});

describe('blocks', () => {
  it('are neighbours, the first row after the last', () => {
    const rows = new Uint32Array(10);
    const starts = [0.85, 0.2, 0];
    drawBlocks(rows, 4, () => starts.shift()!);
    expect([...rows]).toEqual([8, 9, 0, 1, 2, 3, 4, 5, 0, 1]);
  });

  it('take every row equally often', () => {
    const rows = new Uint32Array(20);
    const counts = new Float64Array(20);
    const resamples = 2000;
    for (let k = 0; k < resamples; k++) {
      drawBlocks(rows, 5, () => stream.uniform());
      for (const row of rows) counts[row]!++;
    }
    // Of the 4 blocks of a resample each holds a row with probability 1/4: binomial counts, here within 4.5 deviations.
    const deviation = Math.sqrt(4 * resamples * 0.25 * 0.75);
    for (const count of counts) expect(Math.abs(count - resamples)).toBeLessThan(4.5 * deviation);
  });
});

describe('percentile interval', () => {
  it('is the middle of the values', () => {
    const interval = percentileInterval(
      Float64Array.from({ length: 101 }, (_, k) => 100 - k),
      0.9,
    )!;
    expect(interval.low).toBeCloseTo(5, 9);
    expect(interval.high).toBeCloseTo(95, 9);
  });

  it('is none if a value is no number', () => {
    expect(percentileInterval(Float64Array.of(1, Number.NaN), 0.9)).toBeNull();
    expect(percentileInterval(new Float64Array(0), 0.9)).toBeNull();
  });
});
