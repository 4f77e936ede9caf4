import { releaseOf } from './release.js';

/** CPU time of the parts of a collection, and of the Ruby code that allocates. */
export interface CollectionCosts {
  /** Start of any collection: stopping, roots [ns]. */
  readonly startNs: number;
  /** Slots whose page headers and mark bits stay in the processor's caches; those beyond cost what follows [slots]. */
  readonly cachedSlots: number;
  /** Minor collection, for each slot beyond: remembered bits of every page [ns]. */
  readonly rememberPerSlotNs: number;
  /** Major collection, for each slot beyond: mark bits of every page cleared [ns]. */
  readonly clearPerSlotNs: number;
  /** End of marking, for each slot beyond: every page is told that it has to be swept [ns]. */
  readonly sweepStartPerSlotNs: number;
  /** By how much those three costs rise, at most, when what was malloc'ed since the last collection emptied the caches [1]. */
  readonly coldFactor: number;
  /** malloc'ed since the last collection at which half of that is reached [bytes]. */
  readonly coldBytes: number;
  /** For each young object alive that a minor collection finds, allocated in a row with others [ns]. */
  readonly youngNs: number;
  /** For each that was allocated alone, among others that died [ns]. */
  readonly scatteredYoungNs: number;
  /** Minor collection, for each reference in old containers that were added to [ns]. */
  readonly referenceNs: number;
  /** For each live object that a major collection marks, in a heap of `markedObjects` [ns]. */
  readonly markedNs: number;
  readonly markedObjects: number;
  /** By what share that rises with each doubling of the heap: caches and address translation [1]. */
  readonly markedRisePerDoubling: number;
  /** Sweeping, for each slot beyond, whatever is in it [ns]. */
  readonly sweptSlotNs: number;
  /** For each dead object freed by sweeping [ns]. */
  readonly freedObjectNs: number;
  /** For each KiB of malloc'ed bodies of dead objects [ns]. */
  readonly freedKibNs: number;
  /** For each small body that is freed where such blocks have lost their order: a miss of the caches [ns]. See `SmallBodies`. */
  readonly scatteredBodyNs: number;
  /** Collections after which 63 % of that order is lost. */
  readonly orderlyCollections: number;
  /** Ruby code for each object of an `a` phase, collections excluded [ns]. */
  readonly allocationNs: number;
}

/**
 * Measured on a two-core VM (Linux 6.18, glibc malloc, no YJIT): 19 allocation streams on Ruby 3.1.2 with heaps of
 * 50 000 to 4 000 000 live objects, and the collections of Puma and Unicorn under load on 3.1.2 and 3.3.8
 * (test/measured/memory). Relative least squares over the means of the 17 streams with nested hashes for the ratios between the
 * costs of stops and of sweeping; what is left, all of these and the servers together (docs/validation/memory.md):
 *
 * - stop of a minor collection: streams within 17 %, Puma within 10 %, Unicorn 31 % too short (24 % against stops that
 *   no other worker on the core interrupted); start from the smallest stops;
 * - a slice of lazy sweeping: streams within 14 %, Puma within 9 %, Unicorn by `SmallBodies`;
 * - start of a major collection: streams within 25 %;
 * - marking 47 (0.12 million objects), 54 (0.57), 59 (1.1) and 65 ns (4.2 million) an object in the streams, from which the
 *   rise with the size of the heap is; 33 to 42 (0.45 million) in the servers, from which the value is.
 *
 * They are those of an application, whose objects lie among malloc'ed data. Objects that were made one after the other into one huge array are
 * touched much faster (docs/validation/memory.md, streams `flat`): the model does not know of such, and takes too long over them.
 * `allocationNs` is per string of up to 23 bytes: CPU time of all requests of a run less that of collections. Puma took 125 ns (118 where it had
 * the core to itself, by the median; its machine was busier), Unicorn 114, which is 120 on average; with 3.3.8 Puma took 88.6 and 83.7 in two runs. The
 * 40 ns more for a slot of a page that is mapped anew (Unicorn; 150 in Puma) are in it.
 */
const UP_TO_3_2: CollectionCosts = {
  startNs: 41_000,
  cachedSlots: 200_000,
  rememberPerSlotNs: 0.42,
  clearPerSlotNs: 0.44,
  sweepStartPerSlotNs: 0.75,
  coldFactor: 1.55,
  coldBytes: 50 * 1024 * 1024,
  youngNs: 19.5,
  scatteredYoungNs: 106,
  referenceNs: 5.35,
  markedNs: 40,
  markedObjects: 435_000,
  markedRisePerDoubling: 0.08,
  sweptSlotNs: 2.8,
  freedObjectNs: 11,
  freedKibNs: 43,
  scatteredBodyNs: 105,
  orderlyCollections: 40,
  allocationNs: 120,
};

/**
 * The same for 3.3.8, where only a server (Puma 6.6, two runs) was measured: marking and sweeping are rewritten for size
 * pools there (`gc_sweep_page`, `gc_mark_stacked_objects`). `youngNs` and `referenceNs` are fitted: 0.71 of what
 * they are in 3.1, by relative least squares over the minor stops and the CPU time of all collections of both runs (four figures, replays
 * from ten heaps), so that those four are no test of the model. The other parts of a minor stop are as in 3.1.
 * Marking 15.1 to 16.2 ms for 574 000 objects; sweep 1.9 ms for 131 000 dead objects in 0.9 million slots.
 */
const FROM_3_3: CollectionCosts = {
  ...UP_TO_3_2,
  markedNs: 24.3,
  youngNs: 13.8,
  referenceNs: 3.8,
  sweptSlotNs: 1,
  freedObjectNs: 9,
  allocationNs: 86,
};

/** @param version as in the scenario, e.g. `3.3`, `3.1.2` or `master` */
export function collectionCosts(version: string): CollectionCosts {
  return releaseOf(version) >= 303 ? FROM_3_3 : UP_TO_3_2;
}

/**
 * The costs on another machine.
 *
 * @param speed of the machine at collecting, relative to the one measured
 */
export function scaledCosts(costs: CollectionCosts, speed: number): CollectionCosts {
  return {
    ...costs,
    startNs: costs.startNs / speed,
    rememberPerSlotNs: costs.rememberPerSlotNs / speed,
    clearPerSlotNs: costs.clearPerSlotNs / speed,
    sweepStartPerSlotNs: costs.sweepStartPerSlotNs / speed,
    youngNs: costs.youngNs / speed,
    scatteredYoungNs: costs.scatteredYoungNs / speed,
    referenceNs: costs.referenceNs / speed,
    markedNs: costs.markedNs / speed,
    sweptSlotNs: costs.sweptSlotNs / speed,
    freedObjectNs: costs.freedObjectNs / speed,
    freedKibNs: costs.freedKibNs / speed,
    scatteredBodyNs: costs.scatteredBodyNs / speed,
  };
}
