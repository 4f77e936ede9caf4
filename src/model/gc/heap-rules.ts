import { releaseOf } from './release.js';

/** What differs between the heaps of the Ruby versions, as far as a process notices it. */
export interface HeapRules {
  /** Size of a page [bytes]. */
  readonly pageBytes: number;
  /** Slots of 40 bytes in a page. */
  readonly slotsPerPage: number;
  /**
   * Share of the resident objects that live in the size pool that requests allocate from. 1 = one heap for all.
   * Slots of other pools do not serve requests, but are marked and swept with them.
   */
  readonly residentShareInPool: number;
  /** A young object that an old one refers to becomes old at the first collection it survives. */
  readonly promotesChildrenOfOld: boolean;
  /** Slots that one slice of lazy sweeping sets aside for incremental marking; 0 = one page. */
  readonly pooledSlotsPerSlice: number;
  /** While marking, pages that may be added are, before the rest is marked at once. */
  readonly pagesMayGrowWhileMarking: boolean;
  /** Allocations between two steps of incremental marking. */
  readonly markStepObjects: number;
  /** A major collection for lack of free slots is only asked for when no page may be added either. */
  readonly majorOnlyWhenFull: boolean;
}

/** One heap of 16 KiB pages. @see ruby/ruby gc.c 3.1.2 (`HEAP_PAGE_OBJ_LIMIT`, `USE_RVARGC` 0, `gc_marks_finish`) */
const UP_TO_3_1: HeapRules = {
  pageBytes: 16_384,
  slotsPerPage: 409,
  residentShareInPool: 1,
  promotesChildrenOfOld: true,
  pooledSlotsPerSlice: 0,
  pagesMayGrowWhileMarking: true,
  markStepObjects: 409,
  majorOnlyWhenFull: false,
};

/**
 * Five size pools of 64 KiB pages, three survivals for everybody (3.3 and all later versions; checked against 3.3.8 only).
 *
 * @see ruby/ruby gc.c 3.3.8 (`gc_sweep_finish_size_pool`, `INCREMENTAL_MARK_STEP_ALLOCATIONS`), Feature #19678.
 * Share of the resident objects in 40-byte slots: from a Puma 6.6 server on 3.3.8 with 435 000 objects, mostly nested
 * hashes. At first its pool had 22 500 free slots beside 10 000 kept ones without asking for a major collection, so at
 * most 112 000 slots and a share of 0.18; a booted heap with 30 % for the two gives 0.17, the numbers of collections fit
 * best at 0.16. Growth is all or nothing: between 0.12 and 0.21 they scatter by 15 % without a trend.
 */
const FROM_3_3: HeapRules = {
  pageBytes: 65_536,
  slotsPerPage: 1638,
  residentShareInPool: 0.16,
  promotesChildrenOfOld: false,
  pooledSlotsPerSlice: 1024,
  pagesMayGrowWhileMarking: false,
  markStepObjects: 500,
  majorOnlyWhenFull: true,
};

/** Size pools as in 3.3, promotion as in 3.1. */
const OF_3_2: HeapRules = { ...FROM_3_3, promotesChildrenOfOld: true };

/** @param version as in the scenario, e.g. `3.3`, `3.1.2` or `master` */
export function heapRules(version: string): HeapRules {
  const release = releaseOf(version);
  if (release >= 303) return FROM_3_3;
  return release === 302 ? OF_3_2 : UP_TO_3_1;
}
