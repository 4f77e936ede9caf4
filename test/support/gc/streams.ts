import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { extendPages } from '../../../src/model/gc/heap-growth.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import type { Row } from './measured-tables.js';
import { type Pauses, PauseTally } from './pauses.js';

/** Objects of a bare interpreter, and the slots of its heap: seen in the old objects and in the pages of all streams. */
export const BARE_OBJECTS = 17_000;
export const BARE_SLOTS = 20_142;

/** Objects made for each that the program counts, in the shape with nested hashes: seen at 0.5, 1 and 4 million. */
const PER_NESTED = 1.0356;

/** Requests before the counters were read for the first time: seen in what the ring held at that time. */
const WARM_UP_REQUESTS = 20;

/**
 * Slots of the heap of a script that has made so many objects without garbage: each time the heap was full it grew, at
 * last after a full collection if that left too few free.
 */
export function slotsAfterLoading(objects: number, version: string): number {
  const parameters = RUBY_GC_DEFAULTS;
  const { slotsPerPage } = heapRules(version);
  let slots = BARE_SLOTS;
  const grow = (free: number) => {
    slots += extendPages(free, slots, slots / slotsPerPage, parameters) * slotsPerPage;
  };
  while (slots < objects) grow(0);
  const free = slots - objects;
  if (free < slots * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO) grow(free);
  return slots;
}

/** A loop of requests in one process, as in gc_streams.csv. Where the heap's size at the start is not known, it is what loading makes it. */
export function replayStream(row: Row): Pauses {
  const isA = row.case!.startsWith('gcA');
  const isFlat = row.shape === 'flat';
  const perRequest = isA ? 300 : 10;
  const ring = isA ? 50_000 : 20_000;
  // Each 4 KiB that are malloc'ed are one string more than the slots asked for; the counter knows them all.
  const objects = Number(row.allocated_objects) / Number(row.requests) - perRequest;
  const mallocBytes = Number(row.malloc_mib_per_request) * 1024 * 1024;
  const resident = BARE_OBJECTS + Number(row.resident_objects_param) * (isFlat ? 1 : PER_NESTED);
  const loaded = slotsAfterLoading(resident, '3.1');
  const slots = row.slots_at_start ? Number(row.slots_at_start) : loaded;
  const collector = streamCollector(resident, slots, isFlat ? 'array of strings' : 'nested hashes');
  // Pages that loading allowed the heap to have but that were not needed yet.
  const [pool] = collector.heapBehind(0).census.pools;
  pool!.allocatablePages = Math.max(0, Math.round((loaded - slots) / pool!.slotsPerPage));
  collector.keep(0, 1, ring, 'old object', 'scattered');
  const request = (tally: PauseTally) => {
    collector.keep(0, 0, Number(row.held_per_request), 'young object');
    tally.run({ process: 0, thread: 0, objects, mallocBytes, workNs: objects * 100 });
    tally.run({ process: 0, thread: 1, objects: perRequest, mallocBytes: 0, workNs: perRequest * 100 });
    collector.requestEnded(0, 0);
  };
  const warmUp = new PauseTally(collector, [0]);
  for (let k = 0; k < WARM_UP_REQUESTS; k++) request(warmUp);
  const tally = new PauseTally(collector, [0]);
  for (let k = 0; k < Number(row.requests); k++) request(tally);
  return tally.result();
}

/**
 * Marking an object of nested hashes against one of an application: 54 ns in streams, 33 to 42 in servers that hold as many (435 000).
 * Scenarios have applications only.
 */
const MARKING_OF_NESTED_HASHES = 1.37;

/**
 * The heap of a script on Ruby 3.1 after it has made its objects.
 *
 * An array of strings has the costs and the rules of an application: what is special about it (it was made in one go, its pages are full,
 * its elements are marked all at once) is not known to the model.
 */
export function streamCollector(
  resident: number,
  slots: number,
  objects: 'array of strings' | 'nested hashes',
): AllocationCollector {
  const costs = collectionCosts('3.1');
  return new AllocationCollector({
    processes: 1,
    residentObjects: resident,
    bootFreeRatio: 1 - resident / slots,
    rules: heapRules('3.1'),
    residentShares: [1],
    allocatedShares: [1],
    costs: objects === 'nested hashes' ? { ...costs, markedNs: costs.markedNs * MARKING_OF_NESTED_HASHES } : costs,
    parameters: RUBY_GC_DEFAULTS,
    holder: 'old object',
  });
}
