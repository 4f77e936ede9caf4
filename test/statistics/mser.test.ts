import { describe, expect, it } from 'vitest';
import { mser } from '../../src/statistics/mser.js';

/** The definition, written out. */
function naive(values: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  for (let d = 0; values.length - d >= 5; d++) {
    const left = values.slice(d);
    const mean = left.reduce((a, b) => a + b, 0) / left.length;
    const error = left.reduce((sum, value) => sum + (value - mean) ** 2, 0) / left.length ** 2;
    if (error < best - 1e-12) [best, cut] = [error, d];
  }
  return cut;
}

const wave = (n: number): number[] => Array.from({ length: n }, (_, k) => Math.sin(7 * k) + Math.cos(3.3 * k));

describe('MSER', () => {
  it('cuts where the standard error of what is left is smallest', () => {
    for (const start of [0, 3, 17, 40]) {
      const values = wave(100).map((value, k) => value + (k < start ? 10 : 0));
      expect(mser(values).cut).toBe(naive(values));
      expect(mser(values).cut).toBeGreaterThanOrEqual(start);
      expect(mser(values).isTooShort).toBe(false);
    }
  });

  it('cuts nothing from a constant series', () => {
    expect(mser(new Float64Array(50).fill(3))).toEqual({ cut: 0, isTooShort: false });
  });

  it('says that a series which changes until its end is too short', () => {
    expect(mser(Array.from({ length: 100 }, (_, k) => k)).isTooShort).toBe(true);
    expect(mser(wave(100).map((value, k) => value + (k < 60 ? 10 : 0))).isTooShort).toBe(true);
  });

  it('says nothing of nine values', () => {
    expect(mser(wave(9)).isTooShort).toBe(true);
  });
});
