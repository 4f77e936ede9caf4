import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import type { CollectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import type { Holder } from '../../../src/model/gc/survivors.js';
import { drive } from '../../support/gc/drive.js';

/** Round numbers, so that every stop tells what it was made of. */
export const ROUND_COSTS: CollectionCosts = {
  startNs: 1_000_000,
  cachedSlots: 0,
  rememberPerSlotNs: 1,
  clearPerSlotNs: 1,
  sweepStartPerSlotNs: 0,
  coldFactor: 0,
  coldBytes: 1,
  youngNs: 100,
  scatteredYoungNs: 1_000,
  referenceNs: 7,
  markedNs: 10,
  markedObjects: 70_000,
  markedRisePerDoubling: 0,
  sweptSlotNs: 2,
  freedObjectNs: 3,
  freedKibNs: 0,
  scatteredBodyNs: 0,
  orderlyCollections: 1,
  allocationNs: 100,
};

/** 70 000 resident objects in 245 pages of 409 slots: 30 205 free. */
export const SMALL = { resident: 70_000, slots: 100_205, free: 30_205 } as const;

export function smallHeap(version: string, holder: Holder, processes = 1): AllocationCollector {
  return new AllocationCollector({
    processes,
    residentObjects: SMALL.resident,
    bootFreeRatio: 0.3,
    rules: { ...heapRules(version), slotBytes: [40], slotsPerPage: 409 },
    residentShares: [1],
    allocatedShares: [1],
    costs: ROUND_COSTS,
    parameters: RUBY_GC_DEFAULTS,
    holder,
  });
}

/** Ruby code of `thread` that allocates so many objects, 100 ns each. */
export function allocate(heap: AllocationCollector, thread: number, objects: number, mallocBytes = 0) {
  return drive(heap, { process: 0, thread, objects, mallocBytes, workNs: objects * 100 });
}
