import { expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import type { RequestTable } from '../../../src/model/entities/requests.js';
import type { Collector } from '../../../src/model/gc/collector.js';
import type { HostMemory } from '../../../src/model/memory/host-memory.js';
import { MemoryCollector } from '../../../src/model/memory/memory-collector.js';
import type { SimulatedMemorySpec } from '../../../src/model/memory-spec.js';

it('what a major collection frees is known when its marking ends', () => {
  const heap = { isMarking: false, unsweptSlots: 100 };
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
  heap.unsweptSlots = 400;
  collector.collect(0);
  expect(seen).toEqual(['minor 100', 'full 400']);
  // The malloc limit: what is left is swept at once.
  heap.unsweptSlots = 0;
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
