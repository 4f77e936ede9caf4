import { releaseOf } from './release.js';
import { type RubyGcParameters, SWEEP_SLICE_SLOTS } from './ruby-parameters.js';

/** What differs between the heaps of the Ruby versions, as far as a process notices it. */
export interface HeapRules {
  /** Size of a page [bytes]. */
  readonly pageBytes: number;
  /** Slots of 40 bytes in a page; the mean, as it depends on the address. */
  readonly slotsPerPage: number;
  /** Slot sizes [bytes], one size pool each, each with pages of its own. */
  readonly slotBytes: readonly number[];
  /** A young object that an old one refers to becomes old at the first collection it survives. */
  readonly promotesChildrenOfOld: boolean;
  /** Share of the swept slots that is set aside for incremental marking. */
  readonly pooledShare: number;
  /** While marking, pages that may be added are, before the rest is marked at once. */
  readonly pagesMayGrowWhileMarking: boolean;
  /** Marking goes on until the slots set aside for it are used up, even if nothing is left to mark. */
  readonly marksUntilUsedUp: boolean;
  /** Slots set aside for each step of incremental marking, by which its length is calculated. */
  readonly markStepObjects: number;
  /** Allocations that come between two steps. */
  readonly allocationsPerMarkStep: number;
  /** The same when nothing is left to mark. */
  readonly allocationsPerIdleStep: number;
  /** Each size pool grows by its own free slots; else the heap as a whole does. */
  readonly growsByPool: boolean;
}

/** Slots of one size in a page, by their number of 40 bytes. */
export function slotsInPage({ slotsPerPage }: HeapRules, slotBytes: number): number {
  return slotBytes === 40 ? slotsPerPage : Math.floor((slotsPerPage * 40) / slotBytes);
}

/** Slots that the heap, or from 3.3 on a size pool, may grow to without a collection. */
export function initSlots(rules: HeapRules, pool: number, parameters: RubyGcParameters): number {
  if (!rules.growsByPool) return pool === 0 ? parameters.RUBY_GC_HEAP_INIT_SLOTS : 0;
  return [
    parameters.RUBY_GC_HEAP_0_INIT_SLOTS,
    parameters.RUBY_GC_HEAP_1_INIT_SLOTS,
    parameters.RUBY_GC_HEAP_2_INIT_SLOTS,
    parameters.RUBY_GC_HEAP_3_INIT_SLOTS,
    parameters.RUBY_GC_HEAP_4_INIT_SLOTS,
  ][pool]!;
}

/** `HEAP_PAGE_OBJ_LIMIT` of Ruby 3.1. */
const MARK_STEP_SLOTS_3_1 = 409;

/**
 * One heap of 16 KiB pages.
 *
 * A page has 408 or 409 slots: they begin at the first multiple of 40 bytes after its header, which is 8 to 40 bytes from
 * its start (mean 408.6; measured 408.6). Pages that a slice of sweeping sets aside (one each) are half free on average:
 * measured 4 to 8 % of the slots at most starts of major collections, where empty pages would be 14 %. For a step of
 * marking, pages are taken until they have 409 free slots.
 *
 * @see ruby/ruby gc.c 3.1.2 (`heap_page_allocate`, `HEAP_PAGE_OBJ_LIMIT`, `USE_RVARGC` 0, `gc_sweep_step`, `gc_marks_continue`)
 */
const UP_TO_3_1: HeapRules = {
  pageBytes: 16_384,
  slotsPerPage: 408.6,
  slotBytes: [40],
  promotesChildrenOfOld: true,
  pooledShare: onePageInSlice(408.6, 0.5),
  pagesMayGrowWhileMarking: true,
  marksUntilUsedUp: true,
  markStepObjects: MARK_STEP_SLOTS_3_1,
  ...wholePagesForSteps(408.6, 0.5),
  growsByPool: false,
};

/**
 * Five size pools of 64 KiB pages, three survivals for everybody (3.3 and all later versions; checked against 3.3.8 only).
 * A slice of sweeping sets one page aside and frees two (measured: 23 steps of marking).
 *
 * @see ruby/ruby gc.c 3.3.8 (`gc_sweep_finish_size_pool`, `gc_sweep_step`, `INCREMENTAL_MARK_STEP_ALLOCATIONS`), Feature #19678
 */
const FROM_3_3: HeapRules = {
  pageBytes: 65_536,
  slotsPerPage: 1638,
  slotBytes: [40, 80, 160, 320, 640],
  promotesChildrenOfOld: false,
  pooledShare: 1 / 3,
  pagesMayGrowWhileMarking: false,
  marksUntilUsedUp: false,
  markStepObjects: 500,
  allocationsPerMarkStep: 500,
  allocationsPerIdleStep: 500,
  growsByPool: true,
};

/** Size pools as in 3.3, promotion as in 3.1. */
const OF_3_2: HeapRules = { ...FROM_3_3, promotesChildrenOfOld: true };

/**
 * Share of the swept slots that is set aside for incremental marking where one page is in every slice of sweeping.
 *
 * @param pageFree share of free slots in the pages that have any, mean over the pages: 0.5 where live objects and garbage
 *   were made together, 1 where the live ones have pages of their own
 */
export function onePageInSlice(slotsPerPage: number, pageFree: number): number {
  const page = pageFree * slotsPerPage;
  return page / (page + SWEEP_SLICE_SLOTS + excessOfPages(slotsPerPage, pageFree));
}

/**
 * Slots handed out for a step of incremental marking, where pages are taken until they have `MARK_STEP_SLOTS_3_1` free slots, and
 * when nothing is left to mark, where it is a page more. Measured: 510 to 580 for a step.
 *
 * @param pageFree as for `onePageInSlice`
 */
export function wholePagesForSteps(
  slotsPerPage: number,
  pageFree: number,
): Pick<HeapRules, 'allocationsPerMarkStep' | 'allocationsPerIdleStep'> {
  const allocationsPerMarkStep = Math.round(MARK_STEP_SLOTS_3_1 + excessOfPages(slotsPerPage, pageFree));
  return {
    allocationsPerMarkStep,
    allocationsPerIdleStep: Math.round(allocationsPerMarkStep + pageFree * slotsPerPage),
  };
}

/**
 * Free slots by which pages taken one after the other go beyond what is wanted: E[f^2] / (2 E[f]) for f in a page (renewal theory:
 * mean residual life). f is anything from none to all where the mean is a half, all where it is 1, and in between evenly up to all.
 */
function excessOfPages(slotsPerPage: number, pageFree: number): number {
  const squaredVariation = ((1 - pageFree) / pageFree) ** 2 / 3;
  return (pageFree * slotsPerPage * (1 + squaredVariation)) / 2;
}

/** @param version as in the scenario, e.g. `3.3`, `3.1.2` or `master` */
export function heapRules(version: string): HeapRules {
  const release = releaseOf(version);
  if (release >= 303) return FROM_3_3;
  return release === 302 ? OF_3_2 : UP_TO_3_1;
}
