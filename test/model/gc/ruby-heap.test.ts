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

describe('objects that belong to what a request mallocs', () => {
  it('are held until the request ends, whatever is allocated after them', () => {
    const heap = smallHeap('3.1', 'old object');
    heap.hold(0, 0, 5_000, 0);
    allocate(heap, 0, 5 * SMALL.free);
    // Old after three collections, when only a full one can free them.
    expect(heap.counts(0).minor).toBeGreaterThanOrEqual(3);
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident + 5_000);
    heap.requestEnded(0, 0);
    allocate(heap, 0, 1);
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident + 5_000);
    heap.collectFully(0);
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident);
  });

  it('have the bytes: what sweeping frees meanwhile is not theirs', () => {
    const heap = smallHeap('3.1', 'old object');
    const bytes = 2 ** 20;
    heap.hold(0, 0, 1_000, bytes);
    allocate(heap, 0, 2_000, bytes);
    heap.collect(0);
    const view = heap.heaps!.heapOf(0);
    allocate(heap, 0, 1_000);
    expect(view.bodyBytes).toBeCloseTo(bytes, 6);
    heap.requestEnded(0, 0);
    allocate(heap, 0, 1);
    heap.collectFully(0);
    expect(view.bodyBytes).toBeCloseTo(0, 6);
  });

  it('stay when the request keeps them, and are old garbage when they are replaced', () => {
    const heap = smallHeap('3.1', 'old object');
    const kept = { objects: 2_000, bytes: 2 ** 20 };
    heap.hold(0, 0, kept.objects, kept.bytes);
    allocate(heap, 0, 10_000, 5 * 2 ** 20);
    heap.heaps!.retain(0, 0, kept, 10_000);
    heap.requestEnded(0, 0);
    heap.collectFully(0);
    const view = heap.heaps!.heapOf(0);
    expect(view.usedSlots).toBeCloseTo(SMALL.resident + kept.objects, 6);
    expect(view.bodyBytes).toBeCloseTo(kept.bytes, 6);
    heap.heaps!.drop(0, kept, true);
    allocate(heap, 0, 2 * SMALL.free);
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident + kept.objects);
    heap.collectFully(0);
    expect(view.usedSlots).toBeCloseTo(SMALL.resident, 6);
    expect(view.bodyBytes).toBeCloseTo(0, 6);
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
