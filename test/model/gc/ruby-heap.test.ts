import { describe, expect, it } from 'vitest';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { allocate, SMALL, smallHeap } from './small-heap.js';

describe('the heap of a process, as a memory model sees it', () => {
  it('used and free slots add up to all slots, at any time', () => {
    const heap = smallHeap('3.1', 'young object');
    const view = heap.heaps!.heapOf(0);
    for (let k = 0; k < 20; k++) {
      allocate(heap, 0, 7_777);
      expect(view.usedSlots + view.freeSlots).toBeCloseTo(view.slots, 6);
      expect(view.emptyPages).toBeLessThanOrEqual(view.pages);
    }
  });

  it('allocation after a fork writes to the pages with free slots, one by one; what is full stays shared', () => {
    const heap = smallHeap('3.1', 'young object');
    const view = heap.heaps!.heapOf(0);
    expect(view.sharedSlots).toBe(0);
    heap.heaps!.forked(0);
    expect(view.sharedSlots).toBe(SMALL.slots);
    allocate(heap, 0, SMALL.free / 2);
    // Loading filled 60 % of the slots; the pages of the last growth hold the rest of the objects and all free slots.
    const full = Math.floor((0.6 * 100_000) / 409) * 409;
    expect(view.sharedSlots).toBeCloseTo((full + SMALL.slots) / 2, 6);
    allocate(heap, 0, 10 * SMALL.free);
    expect(view.sharedSlots).toBe(full);
  });
});

describe('versions', () => {
  it('master is newer than all releases', () => {
    expect(heapRules('master')).toBe(heapRules('3.4'));
    expect(collectionCosts('master')).toBe(collectionCosts('3.4'));
    expect(heapRules('2.7')).toBe(heapRules('3.1.2'));
    expect(heapRules('3.3.8')).not.toBe(heapRules('3.2.1'));
  });
});
