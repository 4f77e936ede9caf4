import { describe, expect, it } from 'vitest';
import {
  bodiesOf,
  defaultObjectSizes,
  RAILS_ALLOCATED,
  RAILS_RESIDENT,
  sharesByPool,
} from '../../../src/model/gc/object-sizes.js';

const POOLS = [40, 80, 160, 320, 640];
const sizes = (...bytes: number[]) => ({ bytes, weights: bytes.map(() => 1) });

describe('where objects lie', () => {
  it('in the smallest slot that they fit in', () => {
    for (const [k, slot] of POOLS.entries()) {
      expect(sharesByPool(sizes(slot), POOLS)[k]).toBe(1);
      if (k < 4) expect(sharesByPool(sizes(slot + 1), POOLS)[k + 1]).toBe(1);
    }
    expect(sharesByPool({ bytes: [30, 100, 90], weights: [2, 1, 1] }, POOLS)).toEqual([0.5, 0, 0.5, 0, 0]);
  });

  it('in a slot of 40 bytes and a malloced block if they fit into none', () => {
    expect(sharesByPool(sizes(641), POOLS)).toEqual([1, 0, 0, 0, 0]);
    // Measured on 3.3.8: a string of 615 bytes, 640 with its header and the NUL at its end, mallocs nothing, one of 616 does.
    expect(bodiesOf(sizes(640), POOLS)).toEqual({ share: 0, bytes: 0 });
    expect(bodiesOf(sizes(641), POOLS)).toEqual({ share: 1, bytes: 617 });
    expect(bodiesOf(sizes(40, 1024), POOLS)).toEqual({ share: 0.5, bytes: 500 });
  });

  it('up to Ruby 3.1 all in slots of 40 bytes, with a block if they are larger', () => {
    expect(sharesByPool(RAILS_ALLOCATED, [40])).toEqual([1]);
    expect(sharesByPool(RAILS_RESIDENT, [40])).toEqual([1]);
    expect(bodiesOf(sizes(40, 80, 160), [40])).toEqual({ share: 2 / 3, bytes: (56 + 136) / 3 });
  });

  it('unstated are those of Rails, and short strings for the `a` phases of recorded demands', () => {
    expect(defaultObjectSizes(false)).toEqual({ allocated: RAILS_ALLOCATED, resident: RAILS_RESIDENT });
    expect(sharesByPool(defaultObjectSizes(true).allocated, POOLS)).toEqual([1, 0, 0, 0, 0]);
  });
});
