import type { Nanos } from '../../kernel/time.js';
import type { ThreadId } from '../entities/ids.js';
import type { CollectionTally } from './collection-counts.js';
import type { CollectionCosts } from './costs.js';
import { HeapBodies } from './heap-bodies.js';
import { HeapCensus } from './heap-census.js';
import type { HeapRules } from './heap-rules.js';
import { HeapSizing } from './heap-sizing.js';
import { IncrementalMarking } from './incremental-marking.js';
import { LazySweep } from './lazy-sweep.js';
import type { MallocAccount } from './malloc-account.js';
import { OLD_AGE, type RubyGcParameters } from './ruby-parameters.js';
import type { SizePool } from './size-pool.js';
import { SizePools } from './size-pools.js';
import { SmallBodies } from './small-bodies.js';
import { StopLengths } from './stop-lengths.js';
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
  readonly census: HeapCensus;
  /** Objects that the last collection marked, or passed over because they are old. */
  private marked: number;
  private needsMajor: boolean;
  private lastMajor: number;
  /** The malloc limit was reached: a collection follows at once on the marking or sweeping that had to be finished first. */
  private startsNext: boolean;
  private readonly sizing: HeapSizing;
  private readonly lengths: StopLengths;
  private readonly marking: IncrementalMarking;
  private readonly sweep: LazySweep;
  private readonly bodies: HeapBodies;
  private readonly smallBodies: SmallBodies;
  private readonly slotsOf: SizePools;

  /** @param shares of what requests allocate, by pool */
  constructor(
    private readonly process: number,
    pools: readonly SizePool[],
    shares: readonly number[],
    private readonly setting: HeapSetting,
  ) {
    this.slotsOf = new SizePools(pools, shares);
    this.census = new HeapCensus(process, this.slotsOf, setting.survivors);
    this.marked = this.census.pinned;
    this.needsMajor = false;
    this.lastMajor = 0;
    this.startsNext = false;
    this.sizing = new HeapSizing(pools, shares, setting.rules, setting.parameters, this.marked);
    this.lengths = new StopLengths(setting.costs);
    this.marking = new IncrementalMarking();
    this.sweep = new LazySweep();
    this.bodies = new HeapBodies();
    this.smallBodies = new SmallBodies(setting.costs);
  }

  /** A major collection marks, in steps between allocations. */
  get isMarking(): boolean {
    return this.marking.isOn;
  }

  /** Free slots that no sweep has reached yet. */
  get unsweptSlots(): number {
    return this.sweep.slots;
  }

  /** Garbage that the last collection found and no sweep has reached yet: it comes first. */
  get unsweptGarbage(): number {
    return this.sweep.dirty;
  }

  /** Collections so far. */
  get collections(): number {
    return this.setting.tally.total(this.process);
  }

  /** Bytes of all bodies that have been malloc'ed by requests and not been freed. */
  get bytes(): number {
    return this.bodies.bytes + this.sweep.bytes;
  }

  runnableFraction(objects: number, mallocBytes: number): number {
    const slots = this.slotsLeft();
    const bySlots = objects > slots ? slots / objects : 1;
    if (mallocBytes === 0) return bySlots;
    return Math.min(bySlots, this.setting.malloc.runnableFraction(this.process, objects, mallocBytes, this.sweep));
  }

  stepCostNs(objects: number): Nanos {
    return Math.round(this.sweep.costNs(objects));
  }

  allocated(thread: ThreadId, objects: number, mallocBytes: number): void {
    const { survivors, malloc } = this.setting;
    survivors.allocate(thread, objects);
    this.bodies.allocated(mallocBytes);
    malloc.allocated(this.process, objects, mallocBytes, this.sweep);
    this.sweep.advance(objects);
    if (this.marking.isOn) this.marking.room -= objects;
    this.slotsOf.handOut(objects);
  }

  /** `thread` goes on to make so many short strings; their slots are booked with `allocated`. */
  makeStrings(thread: ThreadId, strings: number): void {
    this.smallBodies.make(thread, strings);
  }

  /** Does what could not wait. Returns for how long it stops the process [ns]. */
  collect(): number {
    if (this.marking.isOn) return this.goOnMarking();
    if (this.startsNext) return this.start();
    const hasSlots = this.slotsLeft() >= 1;
    if (hasSlots ? this.sweep.slots > 0 : this.sweep.slots >= 1) {
      // A pool is used up that others are swept for, or the malloc limit: then finishing the sweep frees bytes, which may be enough.
      const restNs = this.finishSweep();
      this.startsNext = !hasSlots || this.setting.malloc.isAtLimit(this.process);
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
    for (const pool of this.slotsOf.all) pool.compact();
    return this.collectFully() + this.collectFully();
  }

  /** `Process.warmup`: a full collection with compaction; every survivor is old, no empty page is kept. */
  warmUp(): number {
    const { survivors } = this.setting;
    for (const pool of this.slotsOf.all) pool.compact();
    const pauseNs = this.collectFully();
    for (let age = 0; age < OLD_AGE; age++) survivors.age(this.process);
    const { pools, shares, transient } = this.census;
    for (const [k, pool] of pools.entries()) {
      const returned = pool.returnAll(transient * shares[k]!) * pool.slotsPerPage;
      pool.room = Math.max(0, pool.room - returned);
      // What was returned may be mapped again.
      pool.allocatablePages += returned / pool.slotsPerPage;
    }
    this.serve();
    return pauseNs;
  }

  /**
   * So many of the objects that `thread` keeps stay for good.
   *
   * @param bytes malloc'ed bytes that belong to them
   * @param outOf objects among which they are scattered, allocated one after the other
   * @param inARow they come in rows of so many
   * @returns how many there were
   */
  retain(thread: ThreadId, objects: number, bytes: number, outOf: number, inARow: number): number {
    return this.slotsOf.pin(this.setting.survivors.handOver(thread, objects, bytes), outOf, inARow);
  }

  /** So many bytes belong to objects that stay: no collection frees them. */
  setAside(bytes: number): void {
    this.bodies.setAside(bytes);
  }

  /** So many of the objects that stayed, and their bytes, are garbage from now on. @param isOld only a major collection finds them */
  drop(objects: number, bytes: number, isOld: boolean): void {
    this.bodies.giveBack(bytes);
    const unpinned = this.slotsOf.unpin(objects);
    if (isOld) this.setting.survivors.addDeadOld(this.process, unpinned);
  }

  /** Allocations that can be served before the collector has to do something. */
  private slotsLeft(): number {
    const { marking } = this;
    if (this.startsNext) return 0;
    const { left } = this.slotsOf;
    return marking.isOn ? Math.max(0, Math.min(marking.room, left)) : left;
  }

  private serve(): void {
    this.slotsOf.serveFrom(
      this.marking.isOn ? 'slots set aside' : this.needsMajor ? 'free slots' : 'free slots and new pages',
    );
  }

  private start(): number {
    this.startsNext = false;
    return this.needsMajor ? this.startMajor() : this.minor();
  }

  private minor(): number {
    const { tally, malloc, survivors } = this.setting;
    const { process } = this;
    tally.startedMinor(process);
    if (malloc.startMinor(process)) this.needsMajor = true;
    const pauseNs = this.lengths.minor(this.census.slots, this.bodies.sinceCollection, {
      young: survivors.young(process),
      scattered: survivors.youngScattered(process),
      remembered: survivors.remembered(process),
    });
    survivors.age(process);
    this.prepareSweep(false);
    return pauseNs;
  }

  private startMajor(): number {
    const { tally, malloc, rules, survivors } = this.setting;
    const { process } = this;
    tally.startedMajor(process);
    malloc.startMajor(process);
    this.needsMajor = false;
    this.lastMajor = tally.total(process);
    // Slots left over (malloc limit) are used up before the first step of marking.
    this.slotsOf.serveFrom('free slots');
    const before = this.slotsOf.left;
    const setAside = this.slotsOf.setAllAside();
    this.sweep.cancel();
    const { live } = this.census;
    survivors.startMarking(process);
    this.marking.start(live, this.marked, setAside, before, rules);
    this.serve();
    return this.lengths.majorStart(this.census.slots, this.bodies.sinceCollection);
  }

  private goOnMarking(): number {
    const { rules, malloc } = this.setting;
    const { slotsOf, marking } = this;
    if (malloc.isAtLimit(this.process)) {
      this.startsNext = true;
      return this.finishMarking() + this.finishSweep();
    }
    if (slotsOf.left < 1 && rules.pagesMayGrowWhileMarking) this.mapWhileMarking();
    if (slotsOf.left < 1 || (marking.isLastStep && !rules.marksUntilUsedUp)) return this.finishMarking();
    const stepNs = this.markingNs(marking.goOn(rules));
    return marking.hasUsedUp(slotsOf.left) ? stepNs + this.finishMarking() : stepNs;
  }

  private mapWhileMarking(): void {
    for (const pool of this.slotsOf.all) if (pool.pooled < 1) pool.mapWhileMarking();
    this.serve();
  }

  private markingNs(objects: number): number {
    return this.lengths.marking(objects, this.marked);
  }

  private finishMarking(): number {
    const { survivors } = this.setting;
    const markNs = this.markingNs(this.marking.finish());
    survivors.endMarking(this.process);
    const endNs = this.lengths.markEnd(this.census.slots, this.bodies.sinceCollection);
    this.prepareSweep(true);
    return markNs + endNs;
  }

  /** Marking is over: decides on growth and on the next collection, and turns all that is not marked into free slots. */
  private prepareSweep(isMajor: boolean): void {
    const { rules, tally, survivors } = this.setting;
    const { process } = this;
    const { pools, shares, transient, slots, pinned, garbage } = this.census;
    const bytes = this.bodies.collected(garbage, transient, survivors.heldBy(process), survivors.heldBytesBy(process));
    const sweepNs = this.lengths.sweep(slots, garbage, bytes) + this.smallBodies.found(garbage, transient);
    this.marked = pinned + transient;
    const sinceMajor = tally.total(process) - this.lastMajor;
    const found = { isMajor, sinceMajor, all: this.marked, transient, old: this.census.old };
    if (this.sizing.plan(found)) this.needsMajor = true;
    this.sizing.returnPages(found);
    let room = 0;
    for (let k = 0; k < pools.length; k++) {
      pools[k]!.setFree(transient * shares[k]!, this.needsMajor ? rules.pooledShare : 0);
      room += pools[k]!.room;
    }
    this.serve();
    this.sweep.start(room, garbage, bytes, sweepNs, this.slotsOf.sweptIn);
  }

  /** Sweeps the rest at once. Returns what that takes [ns]. */
  private finishSweep(): number {
    this.setting.malloc.add(this.process, 0, this.sweep.bytes);
    return this.sweep.finish();
  }
}
