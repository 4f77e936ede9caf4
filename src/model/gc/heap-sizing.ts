import { extendPages } from './heap-growth.js';
import { type HeapRules, initSlots } from './heap-rules.js';
import { OLD_AGE, type RubyGcParameters } from './ruby-parameters.js';
import type { SizePool } from './size-pool.js';

/** What a collection has found when its marking ends. */
export interface Marked {
  readonly isMajor: boolean;
  /** Collections since the last major one, the present one included. */
  readonly sinceMajor: number;
  /** Objects that live. */
  readonly all: number;
  /** Of them, those that do not stay. */
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

  /**
   * @param shares of what requests allocate, by pool
   * @param old objects at boot
   */
  constructor(
    private readonly pools: readonly SizePool[],
    private readonly shares: readonly number[],
    private readonly rules: HeapRules,
    private readonly parameters: RubyGcParameters,
    old: number,
  ) {
    this.oldLimit = old * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    this.initSlots = pools.reduce((sum, _, k) => sum + initSlots(rules, k, parameters), 0);
  }

  /** Lets pools grow. Returns whether the next collection has to be a major one. */
  plan(found: Marked): boolean {
    const { isMajor, all, old } = found;
    const { parameters, rules } = this;
    const total = this.allowedSlots();
    const least = Math.max(total * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO, parameters.RUBY_GC_HEAP_FREE_SLOTS);
    const isShort = total - all < least;
    const countsAsMajor = isMajor || (isShort && isYoungCycle(found));
    let needsMajor = isShort && !countsAsMajor;
    if (rules.growsByPool) {
      for (let k = 0; k < this.pools.length; k++) if (this.planPool(k, found)) needsMajor = true;
    } else if (isShort && countsAsMajor) {
      const pool = this.pools[0]!;
      pool.allocatablePages = extendPages(total - all, total, total / pool.slotsPerPage, parameters);
    }
    if (countsAsMajor) this.oldLimit = old * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    return needsMajor || old > this.oldLimit;
  }

  /** Empty pages beyond the greatest share of free slots are returned. */
  returnPages({ all, transient }: Marked): void {
    const { parameters, rules, pools, shares } = this;
    const slots = this.allowedSlots();
    const mostFree = Math.max(slots * parameters.RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO, this.initSlots);
    let freeable = (slots - all - mostFree) / rules.slotsPerPage;
    for (let k = 0; k < pools.length; k++) {
      if (freeable < 1) return;
      freeable -= pools[k]!.returnPages(transient * shares[k]!, Math.floor(freeable));
    }
  }

  /**
   * Lets a pool grow that sweeping leaves with too few free slots. Returns whether a major collection is needed instead, which only a
   * pool can ask for in which none had been free, or more was garbage than had been free.
   */
  private planPool(k: number, found: Marked): boolean {
    const { parameters, rules } = this;
    const pool = this.pools[k]!;
    const transient = found.transient * this.shares[k]!;
    const init = initSlots(rules, k, parameters);
    const free = pool.slots - pool.pinned - transient;
    if (free >= Math.max(pool.slots, init) * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO) return false;
    if (!found.isMajor) {
      if (pool.allocatablePages > 0) return false;
      if (!isYoungCycle(found) && pool.slots >= init) return pool.free < 1 || pool.garbage(transient) > pool.free;
    }
    const pages =
      pool.pages === 0 ? Math.ceil(init / pool.slotsPerPage) : extendPages(free, pool.slots, pool.pages, parameters);
    pool.allocatablePages = Math.max(pool.allocatablePages, pages);
    return false;
  }

  /** Slots of all pages, those included that may be mapped. */
  private allowedSlots(): number {
    let slots = 0;
    for (const pool of this.pools) slots += pool.slots + pool.allocatable;
    return slots;
  }
}

/** Too few collections since the last major one for young objects to have got old. */
function isYoungCycle({ sinceMajor }: Marked): boolean {
  return sinceMajor < OLD_AGE;
}
