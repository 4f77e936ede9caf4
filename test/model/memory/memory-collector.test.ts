import { expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import type { RequestTable } from '../../../src/model/entities/requests.js';
import type { Threads } from '../../../src/model/entities/thread.js';
import type { Collector } from '../../../src/model/gc/collector.js';
import type { HostMemory } from '../../../src/model/memory/host-memory.js';
import { GlibcHeap } from '../../../src/model/memory/malloc/glibc.js';
import { RequestBytes } from '../../../src/model/memory/malloc/request-bytes.js';
import { MemoryCollector } from '../../../src/model/memory/memory-collector.js';
import type { SimulatedMemorySpec } from '../../../src/model/memory-spec.js';
import { SMALL, smallHeap } from '../gc/small-heap.js';

it('what a major collection frees is known when its marking ends', () => {
  const heap = { isMarking: false, unsweptGarbage: 100 };
  const counts = { minor: 0, major: 0, pausedNs: 0 };
  const inner = {
    heaps: { heapOf: () => heap },
    counts: () => ({ ...counts }),
    collect: () => 1,
  } as unknown as Collector;
  const seen: string[] = [];
  const bytes = { sweptUp: () => seen.push('swept up') };
  const collected = (isFull: boolean, slots: number) => seen.push(`${isFull ? 'full' : 'minor'} ${slots}`);
  const memory = { workers: [{ lookAtHeap: () => {}, collected, bytes }] } as unknown as HostMemory;
  const spec = { classes: [] } as unknown as SimulatedMemorySpec;
  const collector = new MemoryCollector(new Kernel(), {} as RequestTable, spec, [[]], inner, memory);
  counts.minor++;
  collector.collect(0);
  counts.major++;
  heap.isMarking = true;
  collector.collect(0);
  collector.collect(0);
  expect(seen).toEqual(['minor 100']);
  heap.isMarking = false;
  heap.unsweptGarbage = 400;
  collector.collect(0);
  expect(seen).toEqual(['minor 100', 'full 400']);
  // The malloc limit: what is left is swept at once.
  heap.unsweptGarbage = 0;
  collector.collect(0);
  expect(seen).toEqual(['minor 100', 'full 400', 'swept up']);
});

it('a stop counts as a collection if one has started; what a new process collects while it boots does not', () => {
  const counts = { minor: 0, major: 2, pausedNs: 0 };
  let starts: () => void = () => {};
  const inner = {
    heaps: null,
    counts: () => ({ ...counts }),
    collect: () => {
      starts();
      return 1;
    },
    renewed: () => {
      counts.major++;
    },
  } as unknown as Collector;
  const full: boolean[] = [];
  const worker = { lookAtHeap: () => {}, collected: (isFull: boolean) => full.push(isFull) };
  const memory = { workers: [worker], freeSlots: () => 0 } as unknown as HostMemory;
  const spec = { classes: [] } as unknown as SimulatedMemorySpec;
  const collector = new MemoryCollector(new Kernel(), {} as RequestTable, spec, [[]], inner, memory);
  collector.collect(0);
  expect(full).toEqual([]);
  starts = () => {
    counts.minor++;
  };
  collector.collect(0);
  expect(full).toEqual([false]);
  starts = () => {
    counts.major++;
  };
  collector.collect(0);
  expect(full).toEqual([false, true]);
  collector.renewed(0);
  starts = () => {};
  collector.collect(0);
  expect(full).toEqual([false, true]);
});

it.each([
  ['has objects in the heap', 1_000, 2 * 256],
  ['has none', 0, 0],
])(
  'what is replaced in a cache takes its own objects with it, not those that others leak: it %s',
  (_, allocations, cached) => {
    const KIB = 1024;
    const inner = smallHeap('3.1', 'old object');
    const malloc = new GlibcHeap({ kind: 'glibc', arenaMax: 1, cpus: 1, trimEveryRequests: Number.POSITIVE_INFINITY });
    const bytes = new RequestBytes(
      malloc,
      1,
      true,
      2 * 64 * KIB,
      (kept, isOld) => inner.heaps.drop(0, kept, isOld),
      true,
    );
    const worker = { bytes, began: () => {}, allocated: () => {}, served: () => {} };
    const memory = { workers: [worker], limits: { served: () => {} } } as unknown as HostMemory;
    const [LEAKING, CACHING] = [0, 1];
    const classes = [
      { heldRatio: 0, heldBlocksRatio: 0, keptObjects: 100, keptBytes: 0 },
      { heldRatio: 1, heldBlocksRatio: 1, keptObjects: 0, keptBytes: 64 * KIB },
    ].map((one) => ({ ...one, keptObjectBytes: 0, heldBlockBytes: 256, blockBytes: 256 }));
    const spec = { classes, processingBytes: 0, bodyBytesPerObject: 0 } as unknown as SimulatedMemorySpec;
    const thread = { id: 0, request: LEAKING };
    const requests = { classOf: [LEAKING, CACHING] } as unknown as RequestTable;
    const collector = new MemoryCollector(
      new Kernel(),
      requests,
      spec,
      [[thread]] as unknown as Threads,
      inner,
      memory,
    );
    const serve = (request: number, objects: number, mallocBytes: number) => {
      thread.request = request;
      collector.allocated(0, 0, 1, objects, mallocBytes);
      collector.requestEnded(0, 0);
    };
    for (let k = 0; k < 10; k++) {
      serve(LEAKING, 1_000, 0);
      serve(CACHING, allocations, 64 * KIB);
    }
    inner.collectFully(0);
    expect(inner.heap(0).liveSlots).toBeCloseTo(SMALL.resident + 10 * 100 + cached, 6);
  },
);

it('contents of what a phase keeps live until its request ends', () => {
  const CONTENT = 4_072;
  const inner = smallHeap('3.3', 'old object');
  const malloc = new GlibcHeap({ kind: 'glibc', arenaMax: 1, cpus: 1, trimEveryRequests: Number.POSITIVE_INFINITY });
  const bytes = new RequestBytes(malloc, 1, true, 0, () => {}, false);
  const worker = {
    bytes,
    began: () => {},
    allocated: () => {},
    served: () => {},
    lookAtHeap: () => {},
    collected: (isMajor: boolean, slots: number, nowNs: number) => bytes.collected(isMajor, slots, nowNs),
  };
  const memory = { workers: [worker], limits: { served: () => {} } } as unknown as HostMemory;
  const nothing = { heldRatio: 0, heldBlocksRatio: 0, keptObjects: 0, keptObjectBytes: 0, keptBytes: 0 };
  const classes = [{ ...nothing, heldBlockBytes: 256, blockBytes: CONTENT }];
  const spec = { classes, processingBytes: 0, bodyBytesPerObject: CONTENT } as unknown as SimulatedMemorySpec;
  const requests = { classOf: [0] } as unknown as RequestTable;
  const threads = [[{ id: 0, request: 0 }]] as unknown as Threads;
  const collector = new MemoryCollector(new Kernel(), requests, spec, threads, inner, memory);
  const allocate = (objects: number) => collector.allocated(0, 0, 1, objects, objects * CONTENT);
  for (let request = 0; request < 3; request++) {
    collector.keep(0, 0, 100);
    // In pieces, as between two stops: the first is less than what is kept.
    for (const objects of [60, 500, 440]) allocate(objects);
    expect(malloc.live()).toBeCloseTo(1_000 * CONTENT, 3);
    collector.collectFully(0);
    expect(malloc.live()).toBeCloseTo(100 * CONTENT, 3);
    collector.keep(0, 0, 20);
    allocate(30);
    collector.collectFully(0);
    expect(malloc.live()).toBeCloseTo(120 * CONTENT, 3);
    collector.requestEnded(0, 0);
    collector.collectFully(0);
    expect(malloc.live()).toBeCloseTo(0, 3);
  }
});
