import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import { allocate, ROUND_COSTS, SMALL, smallHeap } from './small-heap.js';

describe('a collection starts at the allocation that finds no free slot', () => {
  it('after exactly as many objects as slots were free', () => {
    const heap = smallHeap('3.1', 'young object');
    expect(heap.heap(0).freeSlots).toBe(SMALL.free);
    expect(allocate(heap, 0, 40_000).at[0]).toBe(SMALL.free);
  });

  it('not by a burst that uses the last slot, but by the next one', () => {
    const heap = smallHeap('3.1', 'young object');
    expect(allocate(heap, 0, SMALL.free).pausesNs).toEqual([]);
    expect(allocate(heap, 0, 1).at).toEqual([0]);
  });

  it('stops for start + slots + young objects alive', () => {
    const heap = smallHeap('3.1', 'young object');
    heap.keep(0, 0, 500);
    const [stop] = allocate(heap, 0, SMALL.free + 1).pausesNs;
    expect(stop).toBe(1_000_000 + SMALL.slots + 500 * 100);
    expect(heap.counts(0)).toEqual({ minor: 1, major: 0, pausedNs: stop });
  });

  it('and the allocations after it pay for the sweep: every slot, and every dead object', () => {
    const heap = smallHeap('3.1', 'young object');
    allocate(heap, 0, SMALL.free);
    const { sweepNs, pausesNs } = allocate(heap, 0, SMALL.free);
    expect(pausesNs).toHaveLength(1);
    expect(sweepNs).toBe(2 * SMALL.slots + 3 * SMALL.free);
  });
});

describe('objects that outlive collections', () => {
  const oldAfterEachOf = (version: string, holder: 'old object' | 'young object'): number[] => {
    const heap = smallHeap(version, holder);
    heap.keep(0, 0, 100);
    allocate(heap, 0, 100);
    return [1, 2, 3].map((collection) => {
      for (let k = 0; k < 1_000 && heap.counts(0).minor < collection; k++) allocate(heap, 1, 100);
      return heap.heap(0).oldObjects - SMALL.resident;
    });
  };

  it('are old when they have survived three', () => {
    expect(oldAfterEachOf('3.1', 'young object')).toEqual([0, 0, 100]);
    expect(oldAfterEachOf('3.3', 'old object')).toEqual([0, 0, 100]);
  });

  it('are old at once up to Ruby 3.2 when an old object refers to them', () => {
    expect(oldAfterEachOf('3.1', 'old object')).toEqual([100, 100, 100]);
    expect(oldAfterEachOf('3.2', 'old object')).toEqual([100, 100, 100]);
  });

  it('stay reachable after their request until the thread runs again', () => {
    const heap = smallHeap('3.1', 'young object');
    heap.keep(0, 0, 100);
    allocate(heap, 0, 100);
    heap.requestEnded(0, 0);
    const [first] = allocate(heap, 1, SMALL.free).pausesNs;
    expect(first).toBe(1_000_000 + SMALL.slots + 100 * 100);
    allocate(heap, 0, 1);
    const [second] = allocate(heap, 1, SMALL.free).pausesNs;
    expect(second).toBe(1_000_000 + SMALL.slots);
  });

  it('are the last that the thread allocated: newer ones push them out', () => {
    const heap = smallHeap('3.1', 'young object');
    heap.keep(0, 0, 100);
    allocate(heap, 0, 30_000);
    const [stop] = allocate(heap, 0, 1_000).pausesNs;
    expect(stop).toBe(1_000_000 + SMALL.slots + 100 * 100);
  });
});

describe('a major collection', () => {
  /** Requests that each leave some old garbage, until something makes a major collection start. */
  const untilMajor = (heap: ReturnType<typeof smallHeap>, kept: number) => {
    const log: { old: number; free: number; total: number; minor: number }[] = [];
    const stops: number[] = [];
    for (let request = 0; request < 1_000 && heap.counts(0).major === 0; request++) {
      const { oldObjects, freeSlots, totalSlots } = heap.heap(0);
      log.push({ old: oldObjects, free: freeSlots, total: totalSlots, minor: heap.counts(0).minor });
      heap.keep(0, 0, kept);
      const { pausesNs } = allocate(heap, 0, 5_000);
      if (heap.counts(0).major === 1) stops.push(...pausesNs);
      heap.requestEnded(0, 0);
    }
    expect(heap.counts(0).major).toBe(1);
    return { log, stops };
  };

  it('follows a minor one that leaves less than 20 % free, but not before the third since the last major one', () => {
    const heap = smallHeap('3.1', 'old object');
    const { log } = untilMajor(heap, 4_500);
    expect(heap.counts(0).minor).toBeGreaterThanOrEqual(3);
    const { old, total } = log.at(-1)!;
    // The limit is on total minus what was marked, the young of the moment included.
    expect(total - old - 4_500).toBeLessThan(0.2 * total);
  });

  it('marks all live objects in steps between allocations, then finishes', () => {
    const heap = smallHeap('3.1', 'old object');
    const { log, stops } = untilMajor(heap, 4_500);
    const marking = [...stops, ...allocate(heap, 1, 20_000).pausesNs];
    const start = marking.indexOf(1_000_000 + log.at(-1)!.total);
    expect(start).toBeGreaterThanOrEqual(0);
    // The end of marking is a stop like the start of a collection; up to there come the steps.
    const steps = marking.slice(start + 1);
    const end = steps.findIndex((stop) => stop >= 1_000_000);
    expect(end).toBeGreaterThan(2);
    const [step] = steps;
    expect(steps.slice(0, end)).toEqual(Array(end).fill(step));
    expect(steps[end]! - 1_000_000).toBeGreaterThanOrEqual(0);
    const markNs = steps.slice(0, end + 1).reduce((sum, stop) => sum + stop, -1_000_000);
    // Every live object once: the application's, and what the request of the moment and the last one keep.
    expect(markNs).toBeGreaterThanOrEqual(SMALL.resident * 10 - end - 1);
    expect(markNs).toBeLessThanOrEqual((SMALL.resident + 4_500) * 10 + end + 1);
  });

  it('frees the old garbage', () => {
    const heap = smallHeap('3.1', 'old object');
    const { log } = untilMajor(heap, 4_500);
    expect(log.at(-1)!.old).toBeGreaterThan(SMALL.resident + 4_500);
    allocate(heap, 1, 20_000);
    // But what the request of the moment dropped while it was marking: at most what it allocated beyond the 4 500 it keeps.
    expect(heap.heap(0).oldObjects).toBeLessThanOrEqual(SMALL.resident + 4_500 + 500);
  });

  it('leaves what an array on an old object dropped while it was marking, until the next major one', () => {
    const heap = smallHeap('3.1', 'old object');
    untilMajor(heap, 4_500);
    expect(heap.heapBehind(0).isMarking).toBe(true);
    heap.keep(0, 0, 100);
    allocate(heap, 0, 400);
    expect(heap.heapBehind(0).isMarking).toBe(true);
    heap.requestEnded(0, 0);
    heap.keep(0, 0, 0);
    allocate(heap, 1, 20_000);
    expect(heap.heapBehind(0).isMarking).toBe(false);
    // The array of the request before and the 400 strings that went through this one.
    const { oldObjects } = heap.heap(0);
    expect(oldObjects).toBeGreaterThanOrEqual(SMALL.resident + 400);
    expect(oldObjects).toBeLessThanOrEqual(SMALL.resident + 5_000 + 400);
  });

  it('does not mark what the major collection before it marked and what was dropped meanwhile', () => {
    const heap = smallHeap('3.3', 'old object');
    // Old garbage: what thread 2 keeps for more than three collections.
    for (let request = 0; request < 100 && !heap.heapBehind(0).isMarking; request++) {
      heap.keep(0, 2, 4_500);
      allocate(heap, 2, 4_500);
      for (let k = 0; k < 2_000 && !heap.heapBehind(0).isMarking; k++) allocate(heap, 1, 100);
      heap.requestEnded(0, 2);
    }
    heap.keep(0, 2, 0);
    heap.keep(0, 0, 100);
    allocate(heap, 0, 400);
    expect(heap.heapBehind(0).isMarking).toBe(true);
    heap.requestEnded(0, 0);
    heap.keep(0, 0, 0);
    for (let k = 0; k < 10_000 && heap.heapBehind(0).isMarking; k++) allocate(heap, 1, 10);
    expect(heap.heapBehind(0).census.transient).toBeGreaterThanOrEqual(400);
    const { major, minor } = heap.counts(0);
    for (let k = 0; k < 10_000 && heap.heapBehind(0).unsweptSlots > 10; k++) allocate(heap, 1, 10);
    const { totalSlots, freeSlots } = heap.heap(0);
    const stop = heap.collectFully(0);
    expect(heap.counts(0)).toMatchObject({ minor, major: major + 1 });
    const sweep = 2 * totalSlots + 3 * (totalSlots - freeSlots - SMALL.resident);
    // Each live object once, 10 ns; before that the last ten slots of the sweep, which are some ns each.
    const expected = 2_000_000 + totalSlots + SMALL.resident * 10 + sweep;
    expect(stop).toBeGreaterThanOrEqual(expected - 1);
    expect(stop).toBeLessThan(expected + 400 * 10);
  });

  it('follows when old objects exceed twice those of the last one', () => {
    const heap = new AllocationCollector({
      processes: 1,
      residentObjects: 10_000,
      bootFreeRatio: 0.875,
      rules: { ...heapRules('3.1'), slotsPerPage: 100 },
      residentShares: [1],
      allocatedShares: [1],
      costs: ROUND_COSTS,
      parameters: RUBY_GC_DEFAULTS,
      holder: 'old object',
    });
    // 70 000 of 80 000 slots are free; two minor collections make 7 000 and 5 000 old: 22 000 > 2 x 10 000.
    heap.keep(0, 0, 7_000);
    allocate(heap, 0, 70_000);
    allocate(heap, 2, 1);
    expect([heap.counts(0).minor, heap.heap(0).oldObjects]).toEqual([1, 17_000]);
    heap.keep(0, 1, 5_000);
    allocate(heap, 1, 62_999);
    allocate(heap, 2, 1);
    expect([heap.counts(0).minor, heap.heap(0).oldObjects]).toEqual([2, 22_000]);
    allocate(heap, 2, 58_000);
    expect(heap.counts(0)).toMatchObject({ minor: 2, major: 1 });
  });
});

describe('the heap', () => {
  const bursts = fc.array(
    fc.record({
      thread: fc.integer({ min: 0, max: 3 }),
      objects: fc.integer({ min: 1, max: 60_000 }),
      kept: fc.integer({ min: 0, max: 15_000 }),
      mallocBytes: fc.integer({ min: 0, max: 20_000_000 }),
      ends: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );

  it.each(['3.1', '3.2', '3.3'])('never loses a slot nor an object that somebody keeps (Ruby %s)', (version) => {
    fc.assert(
      fc.property(bursts, (script) => {
        const heap = smallHeap(version, 'old object');
        const kept = [0, 0, 0, 0];
        const limit = [0, 0, 0, 0];
        const hasEnded = [false, false, false, false];
        for (const { thread, objects, kept: more, mallocBytes, ends } of script) {
          if (hasEnded[thread]) limit[thread] = kept[thread] = 0;
          heap.keep(0, thread, more);
          limit[thread]! += more;
          const before = heap.heap(0);
          const stops = allocate(heap, thread, objects, mallocBytes).pausesNs.length;
          kept[thread] = Math.min(limit[thread]!, kept[thread]! + objects);
          const { totalSlots, freeSlots, liveSlots } = heap.heap(0);
          expect(totalSlots % 409).toBe(0);
          expect(freeSlots).toBeGreaterThanOrEqual(0);
          expect(liveSlots + freeSlots).toBe(totalSlots);
          // Bursts are cut at whole ns, 1/100 of an object.
          expect(liveSlots).toBeGreaterThanOrEqual(SMALL.resident + kept.reduce((sum, n) => sum + n, 0) - 0.5);
          if (stops === 0) expect(liveSlots - before.liveSlots).toBeCloseTo(objects, 3);
          hasEnded[thread] = ends;
          if (ends) heap.requestEnded(0, thread);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('does the same again for the same script', () => {
    const run = () => {
      const heap = smallHeap('3.3', 'old object');
      return Array.from({ length: 40 }, (_, k) => {
        heap.keep(0, k % 2, 371 * k);
        const driven = allocate(heap, k % 2, 9_973 + 131 * k, 300_000);
        heap.requestEnded(0, k % 2);
        return driven;
      });
    };
    expect(run()).toEqual(run());
  });

  it('keeps the processes apart', () => {
    const heap = new AllocationCollector({
      processes: 2,
      residentObjects: SMALL.resident,
      bootFreeRatio: 0.3,
      rules: { ...heapRules('3.1'), slotsPerPage: 409 },
      residentShares: [1],
      allocatedShares: [1],
      costs: ROUND_COSTS,
      parameters: RUBY_GC_DEFAULTS,
      holder: 'old object',
    });
    const untouched = heap.heap(1);
    allocate(heap, 0, 200_000);
    expect(heap.counts(0).minor).toBeGreaterThan(5);
    expect(heap.counts(1)).toEqual({ minor: 0, major: 0, pausedNs: 0 });
    expect(heap.heap(1)).toEqual(untouched);
  });
});

describe('an old container that nobody keeps any more', () => {
  const collectOnce = (heap: ReturnType<typeof smallHeap>) => {
    const { minor } = heap.counts(0);
    while (heap.counts(0).minor === minor) allocate(heap, 1, 500);
  };

  it('makes what was added to it last old as well: up to 3.2 with the next minor collection', () => {
    const heap = smallHeap('3.1', 'old object');
    heap.keep(0, 0, 100);
    allocate(heap, 0, 100);
    collectOnce(heap);
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident + 100);
    allocate(heap, 0, 100);
    heap.requestEnded(0, 0);
    heap.keep(0, 0, 100);
    allocate(heap, 0, 100);
    collectOnce(heap);
    // 100 pushed out, 100 in the container of before, 100 in the present one.
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident + 300);
    expect(heap.counts(0).major).toBe(0);
  });

  it('from 3.3 on after three', () => {
    const heap = smallHeap('3.3', 'old object');
    heap.keep(0, 0, 100);
    allocate(heap, 0, 100);
    for (let k = 0; k < 3; k++) collectOnce(heap);
    allocate(heap, 0, 100);
    heap.requestEnded(0, 0);
    heap.keep(0, 0, 0);
    for (const old of [100, 100, 200]) {
      collectOnce(heap);
      expect(heap.heap(0).oldObjects).toBe(SMALL.resident + old);
    }
  });

  it('does no such thing while it is young', () => {
    const heap = smallHeap('3.1', 'young object');
    heap.keep(0, 0, 100);
    allocate(heap, 0, 100);
    collectOnce(heap);
    allocate(heap, 0, 100);
    heap.requestEnded(0, 0);
    heap.keep(0, 0, 0);
    collectOnce(heap);
    expect(heap.heap(0).oldObjects).toBe(SMALL.resident);
  });
});
