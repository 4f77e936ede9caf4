import { releaseOf } from './release.js';

/** CPU time of the parts of a collection, and of the Ruby code that allocates. */
export interface CollectionCosts {
  /** Start of any collection: stopping, roots [ns]. */
  readonly startNs: number;
  /** For each slot of the heap in the stop of a minor collection: remembered sets, mark bits, start of the sweep [ns]. */
  readonly minorPerSlotNs: number;
  /** For each slot of the heap at the start of a major collection: mark bits [ns]. */
  readonly majorPerSlotNs: number;
  /** For each young object that a minor collection finds alive [ns]. */
  readonly youngNs: number;
  /** For each live object that a major collection marks [ns]. */
  readonly markedNs: number;
  /** End of incremental marking: roots again, objects without write barrier [ns]. */
  readonly finishNs: number;
  /** For each slot swept, whatever is in it [ns]. */
  readonly sweptSlotNs: number;
  /** For each dead object freed by sweeping [ns]. */
  readonly freedObjectNs: number;
  /** For each KiB of malloc'ed bodies of dead objects [ns]. */
  readonly freedKibNs: number;
  /** Ruby code for each object of an `a` phase, collections excluded [ns]. */
  readonly allocationNs: number;
}

/**
 * Measured on a two-core VM (Linux 6.18, glibc malloc, no YJIT): 19 allocation streams on Ruby 3.1.2 with heaps of
 * 50 000 to 4 000 000 live objects, and the collections of Puma and Unicorn under load on 3.1.2 and 3.3.8
 * (test/measured/memory). Relative least squares over the means of each stream or server, the servers weighing more:
 *
 * - minor stop = start + 0.93 ns a slot + 17 ns a young object: residual 28 % rms over 22 means; Puma -4 % (3.1) and
 *   +13 % (3.3), Unicorn -38 %; worst -46 % where a request mallocs 1 MiB for 1000 objects, +64 % for a flat array;
 * - major start = start + 0.35 ns a slot: 0.05 to 3.7 ms for 0.1 to 5.4 million slots;
 * - marking 42 ns an object: 36 to 53 in heaps of nested hashes up to 700 000 objects, 59 to 67 above a million (caches),
 *   19 to 24 for an array of strings;
 * - sweep = 2 ns a slot + 12 ns a dead object + 37 ns a KiB: within 10 % on 16 of 19 streams; 1.6 to 2.4 times
 *   too long for arrays of strings, 1.7 times for 85 000 resident objects.
 *
 * `allocationNs` is per string of up to 23 bytes: median over the requests that had Puma to themselves. Unicorn took 110,
 * but made 1.25 objects a string there: not the same code. Left out: 40 ns more for a slot of a page that is
 * mapped anew (Unicorn; 150 in Puma, whose machine was busier).
 */
const UP_TO_3_2: CollectionCosts = {
  startNs: 150_000,
  minorPerSlotNs: 0.93,
  majorPerSlotNs: 0.35,
  youngNs: 17,
  markedNs: 42,
  finishNs: 570_000,
  sweptSlotNs: 2,
  freedObjectNs: 12,
  freedKibNs: 37,
  allocationNs: 118,
};

/**
 * The same for 3.3.8, where only a server (Puma 6.6, two runs) was measured: marking and sweeping are rewritten for size
 * pools there (`gc_sweep_page`, `gc_mark_stacked_objects`). Minor stops need no other numbers than 3.1.
 * Marking 15.1 to 16.2 ms for 574 000 objects; sweep 1.9 ms for 131 000 dead objects in 0.9 million slots.
 */
const FROM_3_3: CollectionCosts = {
  ...UP_TO_3_2,
  markedNs: 24.3,
  finishNs: 1_000_000,
  sweptSlotNs: 0.8,
  freedObjectNs: 9,
  allocationNs: 84,
};

/** @param version as in the scenario, e.g. `3.3`, `3.1.2` or `master` */
export function collectionCosts(version: string): CollectionCosts {
  return releaseOf(version) >= 303 ? FROM_3_3 : UP_TO_3_2;
}
