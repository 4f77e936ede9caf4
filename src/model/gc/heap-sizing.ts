import { extendPages } from './heap-growth.js';
import { type HeapRules, initSlots } from './heap-rules.js';
import { OLD_AGE, type RubyGcParameters } from './ruby-parameters.js';
import type { SizePool } from './size-pool.js';

/** What a collection has found when its marking ends. */
export interface Marked {
  readonly isMajor: boolean;
  /** Collections since the last major one, the present one included. */
  readonly sinceMajor: number;
  /** Objects that live in the pool that requests allocate from. */
  readonly live: number;
  /** Objects that live in all pools. */
  readonly all: number;
  /** Of the live ones, those that do not stay. */
  readonly transient: number;
  readonly old: number;
}

/**
 * What the end of marking decides on: whether the heap may grow, whether the next collection is to be a major one, and
 * how many pages are returned.
 *
 * @see ruby/ruby gc.c 3.1.2 `gc_marks_finish`; 3.3.8 `gc_marks_finish`, `gc_sweep_finish_size_pool`
 */
export class HeapSizing {
  /** More old objects than this ask for a major collection. */
  private oldLimit: number;
  /** Slots that all pools together may grow to without a collection. */
  private readonly initSlots: number;

  /** @param old objects at boot */
  constructor(
    private readonly pools: readonly SizePool[],
    private readonly rules: HeapRules,
    private readonly parameters: RubyGcParameters,
    old: number,
  ) {
    this.oldLimit = old * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    this.initSlots = pools.reduce((sum, _, k) => sum + initSlots(rules, k, parameters), 0);
  }

  /** Lets the pool that requests allocate from grow. Returns whether the next collection has to be a major one. */
  plan({ isMajor, sinceMajor, live, old }: Marked): boolean {
    const { parameters, rules } = this;
    const pool = this.pools[0]!;
    const total = pool.slots + (rules.majorOnlyWhenFull ? 0 : pool.allocatable);
    const free = total - live;
    const least = this.leastFree(total);
    const isYoungCycle = sinceMajor < OLD_AGE;
    let needsMajor = false;
    if (free < least) {
      if (isMajor || isYoungCycle) {
        const pages = extendPages(free, total, total / pool.slotsPerPage, parameters);
        pool.allocatablePages = rules.majorOnlyWhenFull ? Math.max(pool.allocatablePages, pages) : pages;
      } else if (!rules.majorOnlyWhenFull || pool.allocatablePages === 0) needsMajor = true;
    }
    if (isMajor || (free < least && isYoungCycle)) this.oldLimit = old * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    return needsMajor || old > this.oldLimit;
  }

  /** Empty pages beyond the greatest share of free slots are returned. */
  returnPages({ all, transient }: Marked): void {
    const { parameters, rules, pools } = this;
    let slots = 0;
    for (let k = 0; k < pools.length; k++) slots += pools[k]!.slots + pools[k]!.allocatable;
    const mostFree = Math.max(slots * parameters.RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO, this.initSlots);
    let freeable = (slots - all - mostFree) / rules.slotsPerPage;
    for (let k = 0; k < pools.length; k++) {
      if (freeable < 1) return;
      freeable -= pools[k]!.returnPages(k === 0 ? transient : 0, Math.floor(freeable));
    }
  }

  private leastFree(total: number): number {
    const { rules, parameters } = this;
    const ratio = parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO;
    if (rules.majorOnlyWhenFull) return Math.max(total, initSlots(rules, 0, parameters)) * ratio;
    return Math.max(total * ratio, parameters.RUBY_GC_HEAP_FREE_SLOTS);
  }
}
