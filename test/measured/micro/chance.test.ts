import { describe, expect, it } from 'vitest';
import { chanceOfOneRun, meanOfRuns } from './chance.js';

describe('what chance may do to a quantile', () => {
  it('one run: t of n - 1 degrees of freedom times s sqrt(1 + 1/n)', () => {
    // s = 1, n = 3: t(0.975; 2) = 4.3027.
    expect(chanceOfOneRun([1, 2, 3])).toBeCloseTo(4.3027 * Math.sqrt(4 / 3), 3);
  });

  it('three runs against replays that do not scatter: t of two degrees of freedom', () => {
    const [low, high] = meanOfRuns([9, 10, 11], [5, 5, 5, 5]);
    expect((low + high) / 2).toBeCloseTo(10, 12);
    expect((high - low) / 2).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
  });

  it('both scatter alike: t of four degrees of freedom, s sqrt(2/3)', () => {
    const [low, high] = meanOfRuns([9, 10, 11], [4, 5, 6]);
    expect((high - low) / 2).toBeCloseTo(2.7764 * Math.sqrt(2 / 3), 3);
  });
});
