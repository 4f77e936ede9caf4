/**
 * Settings of CRuby's collector, by the names of their environment variables.
 *
 * @see ruby/ruby gc.c 3.1.2 and 3.3.8 (`gc_params`, `GC_HEAP_*`, `GC_MALLOC_LIMIT_*`); the same numbers in both
 */
export interface RubyGcParameters {
  /** Slots the heap may grow to without a collection, up to Ruby 3.2. */
  readonly RUBY_GC_HEAP_INIT_SLOTS: number;
  /** The same for each size pool, from 3.3 on: slots of 40, 80, 160, 320 and 640 bytes. */
  readonly RUBY_GC_HEAP_0_INIT_SLOTS: number;
  readonly RUBY_GC_HEAP_1_INIT_SLOTS: number;
  readonly RUBY_GC_HEAP_2_INIT_SLOTS: number;
  readonly RUBY_GC_HEAP_3_INIT_SLOTS: number;
  readonly RUBY_GC_HEAP_4_INIT_SLOTS: number;
  /** Least number of free slots after a collection. */
  readonly RUBY_GC_HEAP_FREE_SLOTS: number;
  /** Most that the heap grows at a time, as a factor of its pages. */
  readonly RUBY_GC_HEAP_GROWTH_FACTOR: number;
  /** Most slots that the heap grows at a time; 0 = no such limit. */
  readonly RUBY_GC_HEAP_GROWTH_MAX_SLOTS: number;
  /** Share of free slots after a collection below which the heap grows or the next collection is a major one. */
  readonly RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO: number;
  /** Share of free slots that growth aims at. */
  readonly RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO: number;
  /** Share of free slots above which empty pages are returned. */
  readonly RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO: number;
  /** Major collection when the old objects exceed those left by the last major one times this. */
  readonly RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR: number;
  /** Collection when so much was malloc'ed since the last one [bytes]; lower bound of the adapted limit. */
  readonly RUBY_GC_MALLOC_LIMIT: number;
  readonly RUBY_GC_MALLOC_LIMIT_MAX: number;
  readonly RUBY_GC_MALLOC_LIMIT_GROWTH_FACTOR: number;
  /** Major collection when so much was malloc'ed since the last major one and not freed [bytes]. */
  readonly RUBY_GC_OLDMALLOC_LIMIT: number;
  readonly RUBY_GC_OLDMALLOC_LIMIT_MAX: number;
  readonly RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR: number;
}

const MIB = 1024 * 1024;

export const RUBY_GC_DEFAULTS: RubyGcParameters = {
  RUBY_GC_HEAP_INIT_SLOTS: 10_000,
  RUBY_GC_HEAP_0_INIT_SLOTS: 10_000,
  RUBY_GC_HEAP_1_INIT_SLOTS: 10_000,
  RUBY_GC_HEAP_2_INIT_SLOTS: 10_000,
  RUBY_GC_HEAP_3_INIT_SLOTS: 10_000,
  RUBY_GC_HEAP_4_INIT_SLOTS: 10_000,
  RUBY_GC_HEAP_FREE_SLOTS: 4_096,
  RUBY_GC_HEAP_GROWTH_FACTOR: 1.8,
  RUBY_GC_HEAP_GROWTH_MAX_SLOTS: 0,
  RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO: 0.2,
  RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO: 0.4,
  RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO: 0.65,
  RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR: 2.0,
  RUBY_GC_MALLOC_LIMIT: 16 * MIB,
  RUBY_GC_MALLOC_LIMIT_MAX: 32 * MIB,
  RUBY_GC_MALLOC_LIMIT_GROWTH_FACTOR: 1.4,
  RUBY_GC_OLDMALLOC_LIMIT: 16 * MIB,
  RUBY_GC_OLDMALLOC_LIMIT_MAX: 128 * MIB,
  RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR: 1.2,
};

/** `RVALUE_OLD_AGE`: collections an object survives before it is old. */
export const OLD_AGE = 3;
/** Shrinking of the malloc limit by a collection that did not reach it ("magic number" in `gc_reset_malloc_info`). */
export const MALLOC_LIMIT_DECAY = 0.98;
/** `GC_INCREMENTAL_SWEEP_SLOT_COUNT`: slots that one slice of lazy sweeping frees. */
export const SWEEP_SLICE_SLOTS = 2_048;
/** `unlink_limit`, later `GC_SWEEP_PAGES_FREEABLE_PER_STEP`: empty pages that one slice of sweeping takes out of the heap. */
export const UNLINKED_PAGES_PER_SLICE = 3;
