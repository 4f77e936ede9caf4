import { describe, expect, it } from 'vitest';
import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { RUBY_GC_DEFAULTS, type RubyGcParameters } from '../../../src/model/gc/ruby-parameters.js';
import { allocate, ROUND_COSTS, SMALL, smallHeap } from './small-heap.js';

const mallocKib = (collections: RubyGcParameters) => {
  const heap = new AllocationCollector({
    processes: 1,
    residentObjects: SMALL.resident,
    bootFreeRatio: 0.3,
    rules: { ...heapRules('3.1'), slotsPerPage: 409 },
    residentShares: [1],
    allocatedShares: [1],
    costs: ROUND_COSTS,
    parameters: collections,
    holder: 'old object',
  });
  for (let k = 0; k < 100; k++) allocate(heap, 0, 5_000, 1024 * 1024);
  return heap;
};

describe('settings', () => {
  it('more free slots, fewer collections', () => {
    const plain = mallocKib(RUBY_GC_DEFAULTS).counts(0);
    const roomy = mallocKib({ ...RUBY_GC_DEFAULTS, RUBY_GC_HEAP_INIT_SLOTS: 300_000 }).counts(0);
    expect(roomy.minor + roomy.major).toBeLessThan((plain.minor + plain.major) / 2);
  });

  it('a lower malloc limit, more collections', () => {
    const least = { RUBY_GC_MALLOC_LIMIT: 2 ** 20, RUBY_GC_MALLOC_LIMIT_MAX: 2 ** 20 };
    const plain = mallocKib(RUBY_GC_DEFAULTS).counts(0);
    const eager = mallocKib({ ...RUBY_GC_DEFAULTS, ...least }).counts(0);
    expect(eager.minor + eager.major).toBeGreaterThan(plain.minor + plain.major);
  });
});

describe('GC.start', () => {
  it('marks every live object and sweeps every slot at once', () => {
    const heap = smallHeap('3.1', 'old object');
    allocate(heap, 0, 10_000);
    const stop = heap.collectFully(0);
    // Start and end of marking, mark bits of all slots, marking, sweeping.
    expect(stop).toBe(2_000_000 + SMALL.slots + 10 * SMALL.resident + 2 * SMALL.slots + 3 * 10_000);
    expect(heap.counts(0)).toEqual({ minor: 0, major: 1, pausedNs: stop });
    expect(heap.heap(0).freeSlots).toBe(SMALL.free);
    expect(allocate(heap, 0, SMALL.free).pausesNs).toEqual([]);
  });
});

describe('GC.compact and Process.warmup', () => {
  it('move what lives to the front: after a fork, only the rest is written to', () => {
    const written = (prepare: (heap: AllocationCollector) => void) => {
      const heap = smallHeap('3.3', 'old object');
      prepare(heap);
      heap.heaps.forked(0);
      allocate(heap, 0, SMALL.slots);
      return SMALL.slots - heap.heaps.heapOf(0).sharedSlots;
    };
    const plain = written(() => {});
    const compacted = written((heap) => heap.heapBehind(0).compact());
    expect(compacted).toBeLessThan(plain);
    expect(compacted).toBeCloseTo(SMALL.slots - Math.floor(SMALL.resident / 409) * 409, 6);
  });

  it('Process.warmup returns all empty pages', () => {
    const heap = smallHeap('3.3', 'old object');
    heap.heapBehind(0).warmUp();
    expect(heap.heap(0).totalSlots).toBe(Math.ceil(SMALL.resident / 409) * 409);
    expect(heap.heap(0).freeSlots).toBe(heap.heap(0).totalSlots - SMALL.resident);
  });
});
