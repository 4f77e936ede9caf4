import { describe, expect, it } from 'vitest';
import { emptyPageShare } from '../../../src/model/gc/page-layout.js';
import { fragmentationCases, replayFragmentation, STEPS } from '../../support/gc/fragmentation.js';

describe('a page is returned only when all its slots are free', () => {
  it('scattered survivors: (1 - share) ^ slots', () => {
    expect(emptyPageShare(0.001, 408)).toBeCloseTo(0.999 ** 408, 12);
    expect(emptyPageShare(0.001, 408)).toBeCloseTo(0.66, 2);
    expect(emptyPageShare(0.001, 1638)).toBeCloseTo(0.19, 2);
    expect(emptyPageShare(0, 1638)).toBe(1);
    expect(emptyPageShare(1, 409)).toBe(0);
  });

  it('survivors in long rows leave as many pages as if they had pages of their own', () => {
    expect(emptyPageShare(0.2, 409, 1_000_000)).toBeCloseTo(0.8, 3);
    expect(emptyPageShare(0.2, 409, 10)).toBeLessThan(emptyPageShare(0.2, 409, 100));
  });
});

describe('pages given back after a spike, as measured on Ruby 3.1', () => {
  it.each([...fragmentationCases()])('%s: share of the pages within 0.05', (_name, rows) => {
    const { simulated, measured: real } = replayFragmentation(rows);
    for (const step of STEPS) {
      const off = Math.abs(simulated[step] - real[step]);
      expect(off, `${step}: ${simulated[step]} for ${real[step]}`).toBeLessThanOrEqual(0.05);
    }
  });
});
