import type { Nanos } from '../../kernel/time.js';
import type { ThreadId } from '../entities/ids.js';
import type { CollectionTally } from './collection-counts.js';
import type { CollectionCosts } from './costs.js';
import { extendPages } from './heap-growth.js';
import { type HeapRules, initSlots } from './heap-rules.js';
import { IncrementalMarking } from './incremental-marking.js';
import { LazySweep } from './lazy-sweep.js';
import type { MallocAccount } from './malloc-account.js';
import { OLD_AGE, type RubyGcParameters } from './ruby-parameters.js';
import type { SizePool } from './size-pool.js';
import type { Survivors } from './survivors.js';

/** What the heaps of all processes of a server have in common. */
export interface HeapSetting {
  readonly rules: HeapRules;
  readonly costs: CollectionCosts;
  readonly parameters: RubyGcParameters;
  readonly tally: CollectionTally;
  readonly survivors: Survivors;
  readonly malloc: MallocAccount;
}

/**
 * CRuby's generational mark and sweep in one process.
 *
 * ```
 *            free slots used up, or malloc limit reached
 *   running ---------------------------------------------> minor: one stop (roots, young objects)
 *      ^  \------ the same, major asked for --------------> major: stop, steps of marking between allocations, finish
 *      |                                                        |
 *      +----------- sweeping, paid by the next allocations <----+
 * ```
 */
export class ProcessHeap {
  /** malloc'ed bytes of objects that no sweep is to free yet, the application's own excluded. */
  private bodyBytes: number;
  /** malloc'ed since the last collection [bytes]. */
  private mallocedBytes: number;
  /** Objects that the last collection marked, or passed over because they are old. */
  private marked: number;
  private needsMajor: boolean;
  private lastMajor: number;
  /** The malloc limit was reached: a collection follows at once on the marking or sweeping that had to be finished first. */
  private startsNext: boolean;
  private oldLimit: number;
  private readonly marking: IncrementalMarking;
  private readonly sweep: LazySweep;
  /** Where requests allocate. */
  private readonly pool: SizePool;

  constructor(
    private readonly process: number,
    readonly pools: readonly SizePool[],
    private readonly setting: HeapSetting,
  ) {
    this.bodyBytes = 0;
    this.mallocedBytes = 0;
    this.marked = this.pinned;
    this.needsMajor = false;
    this.lastMajor = 0;
    this.startsNext = false;
    this.oldLimit = this.marked * setting.parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    this.marking = new IncrementalMarking();
    this.sweep = new LazySweep();
    this.pool = pools[0]!;
  }

  /** Slots of all pages. */
  get slots(): number {
    let slots = 0;
    for (const pool of this.pools) slots += pool.slots;
    return slots;
  }

  /** A major collection marks, in steps between allocations. */
  get isMarking(): boolean {
    return this.marking.isOn;
  }

  /** Free slots that no sweep has reached yet. */
  get unsweptSlots(): number {
    return this.sweep.slots;
  }

  /** Collections so far. */
  get collections(): number {
    return this.setting.tally.total(this.process);
  }

  get oldObjects(): number {
    return this.pinned + this.setting.survivors.old(this.process) + this.setting.survivors.deadOldOf(this.process);
  }

  /** Bytes of all bodies that have been malloc'ed by requests and not been freed. */
  get bytes(): number {
    return this.bodyBytes + this.sweep.bytes;
  }

  /** Live objects that do not stay: what threads keep, and old garbage. */
  get transient(): number {
    const { survivors } = this.setting;
    const { process } = this;
    return survivors.young(process) + survivors.old(process) + survivors.deadOldOf(process);
  }

  runnableFraction(objects: number, mallocBytes: number): number {
    const slots = this.slotsLeft();
    const bySlots = objects > slots ? slots / objects : 1;
    if (mallocBytes === 0) return bySlots;
    return Math.min(bySlots, this.mallocFraction(objects, mallocBytes));
  }

  stepCostNs(objects: number): Nanos {
    return Math.round(this.sweep.costNs(objects));
  }

  allocated(thread: ThreadId, objects: number, mallocBytes: number): void {
    const { survivors, malloc } = this.setting;
    survivors.allocate(thread, objects);
    this.bodyBytes += mallocBytes;
    this.mallocedBytes += mallocBytes;
    const freed = Math.min(objects, this.sweep.dirty);
    if (freed > 0) {
      const bytes = (mallocBytes * freed) / objects;
      malloc.add(this.process, bytes, freed * this.sweep.bytesPerDirtySlot);
      malloc.add(this.process, mallocBytes - bytes, 0);
    } else malloc.add(this.process, mallocBytes, 0);
    this.sweep.advance(objects);
    if (this.marking.isOn) {
      this.marking.room -= objects;
      this.pool.pooled -= objects;
    } else this.pool.take(objects);
  }

  /** Does what could not wait. Returns for how long it stops the process [ns]. */
  collect(): number {
    if (this.marking.isOn) return this.goOnMarking();
    if (this.startsNext) return this.start();
    if (this.slotsLeft() >= 1 && this.sweep.slots > 0) {
      // The malloc limit: finishing the sweep frees bytes, which may be enough.
      const restNs = this.finishSweep();
      this.startsNext = this.setting.malloc.isAtLimit(this.process);
      return restNs;
    }
    return this.start();
  }

  /** `GC.start`: what is under way is finished, then everything is marked and swept at once. Returns the stop [ns]. */
  collectFully(): number {
    const restNs = (this.marking.isOn ? this.finishMarking() : 0) + this.finishSweep();
    this.needsMajor = true;
    return restNs + this.startMajor() + this.finishMarking() + this.finishSweep();
  }

  /** `GC.compact`: two full collections, the first of which moves the objects together. Returns the stop [ns]. */
  compact(): number {
    for (const pool of this.pools) pool.compact();
    return this.collectFully() + this.collectFully();
  }

  /** `Process.warmup`: a full collection with compaction; every survivor is old, no empty page is kept. */
  warmUp(): number {
    const { survivors } = this.setting;
    for (const pool of this.pools) pool.compact();
    const pauseNs = this.collectFully();
    for (let age = 0; age < OLD_AGE; age++) survivors.age(this.process);
    for (const [k, pool] of this.pools.entries()) {
      const returned = pool.returnAll(k === 0 ? this.transient : 0) * pool.slotsPerPage;
      pool.room = Math.max(0, pool.room - returned);
      // What was returned may be mapped again.
      pool.allocatablePages += returned / pool.slotsPerPage;
    }
    return pauseNs;
  }

  /**
   * So many of the objects that `thread` keeps stay for good.
   *
   * @param outOf objects among which they are scattered, allocated one after the other
   * @param inARow they come in rows of so many
   */
  retain(thread: ThreadId, objects: number, outOf: number, inARow: number): void {
    this.pool.pin(this.setting.survivors.handOver(thread, objects), outOf, inARow);
  }

  private get pinned(): number {
    let objects = 0;
    for (const pool of this.pools) objects += pool.pinned;
    return objects;
  }

  /** Allocations that can be served before the collector has to do something. */
  private slotsLeft(): number {
    const { pool, marking } = this;
    if (this.startsNext) return 0;
    if (marking.isOn) return Math.max(0, Math.min(marking.room, pool.pooled));
    // A page is not added when a major collection is due: it starts instead.
    return Math.max(0, this.needsMajor ? pool.room : pool.room + pool.allocatable);
  }

  /** Part of a burst until the malloc counter passes its limit; sweeping lowers it meanwhile. */
  private mallocFraction(objects: number, mallocBytes: number): number {
    const { malloc } = this.setting;
    const { sweep } = this;
    const limit = malloc.limit[this.process]!;
    let level = malloc.increase[this.process]!;
    if (malloc.isAtLimit(this.process)) return 0;
    const perObject = mallocBytes / objects;
    const freed = Math.min(objects, sweep.dirty);
    if (freed === 0) return Math.min(1, (limit - level) / mallocBytes);
    const slope = perObject - sweep.bytesPerDirtySlot;
    if (slope > 0 && level + slope * freed >= limit) return (limit - level) / slope / objects;
    level = Math.max(0, level + slope * freed);
    return Math.min(1, (freed + (limit - level) / perObject) / objects);
  }

  private start(): number {
    this.startsNext = false;
    return this.needsMajor ? this.startMajor() : this.minor();
  }

  private minor(): number {
    const { tally, malloc, survivors, costs } = this.setting;
    const { process } = this;
    tally.startedMinor(process);
    if (malloc.startMinor(process)) this.needsMajor = true;
    const scattered = survivors.youngScattered(process);
    const pauseNs =
      costs.startNs +
      this.pagesNs(costs.rememberPerSlotNs + costs.sweepStartPerSlotNs) +
      (survivors.young(process) - scattered) * costs.youngNs +
      scattered * costs.scatteredYoungNs +
      survivors.remembered(process) * costs.referenceNs;
    survivors.age(process);
    this.prepareSweep(false);
    return pauseNs;
  }

  private startMajor(): number {
    const { tally, malloc, costs, rules } = this.setting;
    const { process, pool } = this;
    tally.startedMajor(process);
    malloc.startMajor(process);
    this.needsMajor = false;
    this.lastMajor = tally.total(process);
    // Slots left over (malloc limit) are used up before the first step of marking.
    const before = pool.room;
    const setAside = pool.pooled;
    pool.pooled += pool.room;
    pool.room = 0;
    this.sweep.cancel();
    const live = this.pinned + this.transient - this.deadOld;
    this.marking.start(live, live * costs.markedAtOnce, this.marked, setAside, before, rules);
    return costs.startNs + this.pagesNs(costs.clearPerSlotNs);
  }

  private goOnMarking(): number {
    const { rules, malloc } = this.setting;
    const { pool, marking } = this;
    if (malloc.isAtLimit(this.process)) {
      this.startsNext = true;
      return this.finishMarking() + this.finishSweep();
    }
    if (pool.pooled < 1 && rules.pagesMayGrowWhileMarking) pool.mapWhileMarking();
    if (pool.pooled < 1 || marking.isLastStep) return this.finishMarking();
    return this.markNs(marking.goOn(rules));
  }

  private finishMarking(): number {
    const { survivors, costs } = this.setting;
    const markNs = this.markNs(this.marking.finish());
    survivors.age(this.process);
    survivors.forgetDeadOld(this.process);
    const pagesNs = this.pagesNs(costs.sweepStartPerSlotNs);
    this.prepareSweep(true);
    return markNs + costs.startNs + pagesNs;
  }

  /** Marking is over: decides on growth and on the next collection, and turns all that is not marked into free slots. */
  private prepareSweep(isMajor: boolean): void {
    const { costs, rules } = this.setting;
    const { pool, transient } = this;
    const live = pool.pinned + transient;
    const garbage = Math.max(0, pool.slots - live - pool.free);
    const bytes = garbage > 0 ? (this.bodyBytes * garbage) / (garbage + transient) : 0;
    const sweepNs =
      Math.max(0, this.slots - costs.cachedSlots) * costs.sweptSlotNs +
      garbage * costs.freedObjectNs +
      (bytes / 1024) * costs.freedKibNs;
    this.marked = this.pinned + transient;
    this.mallocedBytes = 0;
    this.planHeap(live, isMajor);
    this.returnPages(transient);
    const free = pool.slots - live;
    pool.pooled = this.needsMajor ? free * rules.pooledShare : 0;
    pool.room = free - pool.pooled;
    this.bodyBytes -= bytes;
    this.sweep.start(pool.room, garbage, bytes, sweepNs);
  }

  /** @see ruby/ruby gc.c 3.1.2 `gc_marks_finish`; 3.3.8 `gc_sweep_finish_size_pool` */
  private planHeap(live: number, isMajor: boolean): void {
    const { parameters, rules, tally } = this.setting;
    const { pool } = this;
    const total = pool.slots + (rules.majorOnlyWhenFull ? 0 : pool.allocatable);
    const free = total - live;
    const least = rules.majorOnlyWhenFull
      ? Math.max(total, initSlots(rules, 0, parameters)) * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO
      : Math.max(total * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO, parameters.RUBY_GC_HEAP_FREE_SLOTS);
    const isYoungCycle = tally.total(this.process) - this.lastMajor < OLD_AGE;
    if (free < least) {
      if (isMajor || isYoungCycle) {
        const pages = extendPages(free, total, total / pool.slotsPerPage, parameters);
        pool.allocatablePages = rules.majorOnlyWhenFull ? Math.max(pool.allocatablePages, pages) : pages;
      } else if (!rules.majorOnlyWhenFull || pool.allocatablePages === 0) this.needsMajor = true;
    }
    const old = this.oldObjects;
    if (isMajor || (free < least && isYoungCycle)) this.oldLimit = old * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    if (old > this.oldLimit) this.needsMajor = true;
  }

  /** Empty pages beyond the greatest share of free slots are returned. @see ruby/ruby gc.c 3.1.2, 3.3.8 `gc_marks_finish` */
  private returnPages(transient: number): void {
    const { parameters, rules } = this.setting;
    let slots = 0;
    let least = 0;
    for (const [k, pool] of this.pools.entries()) {
      slots += pool.slots + pool.allocatable;
      least += initSlots(rules, k, parameters);
    }
    const mostFree = Math.max(slots * parameters.RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO, least);
    let freeable = (slots - this.marked - mostFree) / rules.slotsPerPage;
    for (const [k, pool] of this.pools.entries()) {
      if (freeable < 1) return;
      freeable -= pool.returnPages(k === 0 ? transient : 0, Math.floor(freeable));
    }
  }

  /** Sweeps the rest at once. Returns what that takes [ns]. */
  private finishSweep(): number {
    this.setting.malloc.add(this.process, 0, this.sweep.bytes);
    return this.sweep.finish();
  }

  private get deadOld(): number {
    return this.setting.survivors.deadOldOf(this.process);
  }

  private markNs(objects: number): number {
    const { markedNs, markedObjects, markedRisePerDoubling } = this.setting.costs;
    const doublings = Math.log2(Math.max(1_000, this.marked) / markedObjects);
    return objects * markedNs * (1 + markedRisePerDoubling * doublings);
  }

  /** Something is done for every page [ns]. */
  private pagesNs(perSlotNs: number): number {
    const { cachedSlots, coldFactor, coldBytes } = this.setting.costs;
    const cold = this.mallocedBytes / (this.mallocedBytes + coldBytes);
    return Math.max(0, this.slots - cachedSlots) * perSlotNs * (1 + coldFactor * cold);
  }
}
