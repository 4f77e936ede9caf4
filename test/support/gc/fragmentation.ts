import type { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { drive } from './drive.js';
import { measured, type Row } from './measured-tables.js';
import { streamCollector } from './streams.js';

/** Steps of gc_fragmentation.csv that are replayed: full collections after the spike, and compaction after a quiet stream. */
export const STEPS = ['gc1', 'gc2', 'gc4', 'compact', 'compact_gc'] as const;
export type Step = (typeof STEPS)[number];

/** Share of pages given back up to a step: of those of the spike, or of those before the compaction. */
export type Returned = Readonly<Record<Step, number>>;

/** The rows of each case, by what was made, how the survivors lie, and their share. */
export function fragmentationCases(): Map<string, Row[]> {
  const cases = new Map<string, Row[]>();
  for (const row of measured('gc_fragmentation.csv')) {
    const name = `${row.string_kind} ${row.pattern} ${row.survivor_fraction}`;
    cases.set(name, [...(cases.get(name) ?? []), row]);
  }
  return cases;
}

/**
 * A spike of a million strings of which a share survives, one by one at random or in one row; then full collections.
 * What goes in: objects before the spike and at its end, the pages that the heap was allowed to have, and the survivors.
 *
 * @param rows the steps of one case
 */
export function replayFragmentation(rows: readonly Row[]): {
  readonly simulated: Returned;
  readonly measured: Returned;
} {
  const row = (step: string): Row => rows.find((candidate) => candidate.step === step)!;
  const spike = spiked(row('before'), row('spike'));
  const spikePages = pagesOf(spike);
  const share = (pages: number, of: number) => 1 - pages / of;
  const after: number[] = [];
  for (let k = 0; k < 4; k++) {
    spike.heapBehind(0).collectFully();
    after.push(share(pagesOf(spike), spikePages));
  }
  const streamPages = Number(row('after_stream').heap_eden_pages);
  const compacted = streamCollector(Number(row('compact').live_slots), streamPages * SLOTS, 'nested hashes');
  compacted.heapBehind(0).compact();
  const compact = share(pagesOf(compacted), streamPages);
  compacted.heapBehind(0).collectFully();
  const eden = (step: string) => Number(row(step).heap_eden_pages);
  return {
    simulated: {
      gc1: after[0]!,
      gc2: after[1]!,
      gc4: after[3]!,
      compact,
      compact_gc: share(pagesOf(compacted), streamPages),
    },
    measured: {
      gc1: share(eden('gc1'), eden('spike')),
      gc2: share(eden('gc2'), eden('spike')),
      gc4: share(eden('gc4'), eden('spike')),
      compact: share(eden('compact'), streamPages),
      compact_gc: share(eden('compact_gc'), streamPages),
    },
  };
}

/** Slots of a page of 16 KiB, on average. */
const SLOTS = 408.6;

function spiked(before: Row, spike: Row): AllocationCollector {
  const collector = streamCollector(Number(before.live_slots), Number(before.heap_eden_pages) * SLOTS, 'nested hashes');
  const heap = collector.heapBehind(0);
  const made = Number(spike.live_slots) - Number(before.live_slots);
  const survivors = Number(spike.objects) * Number(spike.survivor_fraction);
  heap.census.pools[0]!.allocatablePages = Number(spike.heap_sorted_length) - Number(before.heap_eden_pages);
  collector.keep(0, 0, made, 'old object');
  drive(collector, { process: 0, thread: 0, objects: made, mallocBytes: 0, workNs: made * 100 });
  heap.retain(0, survivors, 0, made, spike.pattern === 'random' ? 1 : survivors);
  collector.requestEnded(0, 0);
  // The stack of the thread refers to the rest until it runs again.
  drive(collector, { process: 0, thread: 0, objects: 1, mallocBytes: 0, workNs: 100 });
  return collector;
}

const pagesOf = (collector: AllocationCollector): number => collector.heapBehind(0).census.pools[0]!.pages;
