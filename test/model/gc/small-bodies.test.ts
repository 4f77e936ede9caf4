import { describe, expect, it } from 'vitest';
import { SmallBodies } from '../../../src/model/gc/small-bodies.js';
import { ROUND_COSTS } from './small-heap.js';

const COSTS = { ...ROUND_COSTS, scatteredBodyNs: 100, orderlyCollections: 40 };

/** What each of so many collections costs more, when all of 4 000 strings have died. */
function collections(count: number, threads: number): number[] {
  const bodies = new SmallBodies(COSTS);
  return Array.from({ length: count }, (_, k) => {
    bodies.make(k % threads, 4_000);
    return bodies.found(4_000, 0);
  });
}

describe('small bodies of strings', () => {
  it('are freed in order at first, and one miss of the caches each after many collections, where one thread makes them', () => {
    const [first, ...later] = collections(400, 1);
    expect(first).toBe(0);
    expect(later[0]).toBeCloseTo((1_000 * 100) / 40, 6);
    for (let k = 1; k < later.length; k++) expect(later[k]!).toBeGreaterThan(later[k - 1]!);
    expect(later.at(-1)!).toBeGreaterThan(99_900);
    expect(later.at(-1)!).toBeLessThan(100_000);
    // 63 % of the way after the stated number of collections, but for what whole steps round.
    expect(later[39]! / 100_000).toBeCloseTo(1 - Math.exp(-1), 1);
  });

  it('stay in order where threads take turns', () => {
    expect(collections(100, 2)).toEqual(Array.from({ length: 100 }, () => 0));
  });

  it('of what lives are not freed', () => {
    const bodies = new SmallBodies({ ...COSTS, orderlyCollections: 1 });
    bodies.make(0, 400);
    bodies.found(1, 399); // all disorder from here on
    bodies.make(0, 400);
    const half = bodies.found(400, 400);
    const rest = bodies.found(400, 0);
    expect(half).toBeCloseTo(((800 - 1) * 0.25 * 100) / 2, 6);
    expect(half + rest).toBeCloseTo((800 - 1) * 0.25 * 100, 6);
  });

  it('are none without strings', () => {
    expect(new SmallBodies(COSTS).found(1_000, 1_000)).toBe(0);
  });
});
