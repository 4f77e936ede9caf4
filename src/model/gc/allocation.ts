import type { Nanos } from '../../kernel/time.js';
import type { ProcessId, ThreadId } from '../entities/ids.js';
import { CollectionTally } from './collection-counts.js';
import type { CollectionCounts, Collector } from './collector.js';
import type { CollectionCosts } from './costs.js';
import { extendPages } from './heap-growth.js';
import type { HeapRules } from './heap-rules.js';
import { MallocAccount } from './malloc-account.js';
import type { RubyHeaps } from './ruby-heap.js';
import { OLD_AGE, type RubyGcParameters, SWEEP_SLICE_SLOTS } from './ruby-parameters.js';
import { SlotView } from './slot-view.js';
import { type Holder, Survivors } from './survivors.js';

export interface AllocationCollectorParams {
  readonly processes: number;
  /** Live objects of the loaded application in every process: all old, never garbage. */
  readonly residentObjects: number;
  /** Share of free slots of a freshly booted heap, in [0, 1). */
  readonly bootFreeRatio: number;
  readonly rules: HeapRules;
  readonly costs: CollectionCosts;
  readonly parameters: RubyGcParameters;
  /** What the objects hang on that a request keeps, unless `keep` is told otherwise. */
  readonly holder: Holder;
}

/** The heap of a process, as `GC.stat` would show it. Slots of the size pool that requests allocate from. */
export interface HeapState {
  readonly totalSlots: number;
  /** Slots that can be handed out without a collection, swept or not; pages that may still be added are not in it. */
  readonly freeSlots: number;
  /** Slots in use, garbage that no collection has found yet included. */
  readonly liveSlots: number;
  readonly oldObjects: number;
  readonly mallocLimitBytes: number;
  readonly oldMallocLimitBytes: number;
}

/**
 * CRuby's generational mark and sweep at the level of a process: counts of slots and objects, no pages.
 *
 * ```
 *            free slots used up, or malloc limit reached
 *   running ---------------------------------------------> minor: one stop (roots, young objects)
 *      ^  \------ the same, major asked for --------------> major: stop, steps of marking between allocations, finish
 *      |                                                        |
 *      +----------- sweeping, paid by the next allocations <----+
 * ```
 *
 * Kept: triggers, generations, growth of the heap, set-aside slots for incremental marking, malloc limits.
 * Left out: single pages (free slots are spread evenly; pages are never returned), the other size pools (they are
 * marked and swept, but no request allocates from them), objects without write barrier.
 */
export class AllocationCollector implements Collector {
  readonly heaps: RubyHeaps;
  private readonly rules: HeapRules;
  private readonly costs: CollectionCosts;
  private readonly parameters: RubyGcParameters;
  private readonly holder: Holder;
  private readonly resident: number;
  private readonly residentInPool: number;
  /** Slots of the other size pools; constant. */
  private readonly otherSlots: number;
  private readonly tally: CollectionTally;
  private readonly survivors: Survivors;
  private readonly malloc: MallocAccount;
  /** Slots of the pages there are. */
  private readonly total: Float64Array;
  /** Slots of the pages that may be added without a collection. */
  private readonly allocatable: Float64Array;
  /** Free slots to hand out, whether swept already or not. */
  private readonly room: Float64Array;
  /** Free slots set aside for the time of incremental marking. */
  private readonly pooled: Float64Array;
  /** Of `room`: slots that sweeping has still to free. */
  private readonly unswept: Float64Array;
  private readonly sweepNsPerSlot: Float64Array;
  /**
   * Of `unswept`: slots with dead objects, whose bodies the sweep frees. They come first: pages are swept in the order
   * in which they were filled, so the slots that the last cycle did not get to lie behind.
   */
  private readonly dirty: Float64Array;
  private readonly bytesPerDirtySlot: Float64Array;
  /** malloc'ed bytes of objects that no sweep is to free yet, the application's own excluded. */
  private readonly bodyBytes: Float64Array;
  private readonly isMarking: Uint8Array;
  private readonly markLeft: Float64Array;
  private readonly markStep: Float64Array;
  /** Allocations until the next step of marking. */
  private readonly stepRoom: Float64Array;
  private readonly marked: Float64Array;
  private readonly needsMajor: Uint8Array;
  private readonly lastMajor: Float64Array;
  private readonly oldLimit: Float64Array;

  constructor(params: AllocationCollectorParams) {
    const n = params.processes;
    const { rules, parameters } = params;
    this.rules = rules;
    this.costs = params.costs;
    this.parameters = parameters;
    this.holder = params.holder;
    this.resident = params.residentObjects;
    this.residentInPool = Math.round(params.residentObjects * rules.residentShareInPool);
    this.otherSlots = Math.round((this.resident - this.residentInPool) / (1 - params.bootFreeRatio));
    this.tally = new CollectionTally(n);
    this.survivors = new Survivors(n, rules.promotesChildrenOfOld);
    this.malloc = new MallocAccount(n, parameters);
    const bootSlots = Math.max(this.residentInPool / (1 - params.bootFreeRatio), parameters.RUBY_GC_HEAP_INIT_SLOTS);
    const slots = Math.ceil(bootSlots / rules.slotsPerPage) * rules.slotsPerPage;
    this.total = new Float64Array(n).fill(slots);
    this.allocatable = new Float64Array(n);
    this.room = new Float64Array(n).fill(slots - this.residentInPool);
    this.pooled = new Float64Array(n);
    this.unswept = new Float64Array(n);
    this.sweepNsPerSlot = new Float64Array(n);
    this.dirty = new Float64Array(n);
    this.bytesPerDirtySlot = new Float64Array(n);
    this.bodyBytes = new Float64Array(n);
    this.isMarking = new Uint8Array(n);
    this.markLeft = new Float64Array(n);
    this.markStep = new Float64Array(n);
    this.stepRoom = new Float64Array(n);
    this.marked = new Float64Array(n).fill(this.resident);
    this.needsMajor = new Uint8Array(n);
    this.lastMajor = new Float64Array(n);
    this.oldLimit = new Float64Array(n).fill(this.resident * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR);
    const views = Array.from({ length: n }, (_, process) => new SlotView(process, this));
    this.heaps = { heapOf: (process) => views[process]!, forked: (process) => views[process]!.forked() };
  }

  runnableFraction(process: ProcessId, _workNs: Nanos, objects: number, mallocBytes: number): number {
    const slots = this.slotsLeft(process);
    const bySlots = objects > slots ? slots / objects : 1;
    if (mallocBytes === 0) return bySlots;
    return Math.min(bySlots, this.mallocFraction(process, objects, mallocBytes));
  }

  stepCostNs(process: ProcessId, objects: number): Nanos {
    return Math.round(Math.min(objects, this.unswept[process]!) * this.sweepNsPerSlot[process]!);
  }

  allocated(process: ProcessId, thread: ThreadId, _workNs: Nanos, objects: number, mallocBytes: number): void {
    this.survivors.allocate(thread, objects);
    this.bodyBytes[process]! += mallocBytes;
    const freed = Math.min(objects, this.dirty[process]!);
    if (freed > 0) {
      const bytes = (mallocBytes * freed) / objects;
      this.malloc.add(process, bytes, freed * this.bytesPerDirtySlot[process]!);
      this.malloc.add(process, mallocBytes - bytes, 0);
      this.dirty[process]! -= freed;
    } else this.malloc.add(process, mallocBytes, 0);
    this.unswept[process] = Math.max(0, this.unswept[process]! - objects);
    if (this.isMarking[process] === 1) {
      this.stepRoom[process]! -= objects;
      this.pooled[process]! -= objects;
    } else {
      this.room[process]! -= objects;
      if (this.room[process]! < 0) this.addPages(process);
    }
  }

  collect(process: ProcessId): Nanos {
    return this.tally.paused(process, this.isMarking[process] === 1 ? this.goOnMarking(process) : this.begin(process));
  }

  keep(process: ProcessId, thread: ThreadId, objects: number, holder: Holder = this.holder): void {
    this.survivors.keep(process, thread, objects, holder);
  }

  requestEnded(_process: ProcessId, thread: ThreadId): void {
    this.survivors.end(thread);
  }

  counts(process: ProcessId): CollectionCounts {
    return this.tally.of(process);
  }

  /** Slots of all size pools. */
  slots(process: ProcessId): number {
    return this.total[process]! + this.otherSlots;
  }

  bodies(process: ProcessId): number {
    return this.bodyBytes[process]! + this.dirty[process]! * this.bytesPerDirtySlot[process]!;
  }

  get pageBytes(): number {
    return this.rules.pageBytes;
  }

  get slotsPerPage(): number {
    return this.rules.slotsPerPage;
  }

  heap(process: ProcessId): HeapState {
    const totalSlots = this.total[process]!;
    const freeSlots = this.room[process]! + this.pooled[process]!;
    return {
      totalSlots,
      freeSlots,
      liveSlots: totalSlots - freeSlots,
      oldObjects: this.oldObjects(process),
      mallocLimitBytes: this.malloc.limit[process]!,
      oldMallocLimitBytes: this.malloc.oldLimit[process]!,
    };
  }

  /** Allocations that can be served before the collector has to do something. */
  private slotsLeft(process: ProcessId): number {
    if (this.isMarking[process] === 1) return Math.max(0, Math.min(this.stepRoom[process]!, this.pooled[process]!));
    const room = this.room[process]!;
    // A page is not added when a major collection is due: it starts instead.
    return Math.max(0, this.needsMajor[process] === 1 ? room : room + this.allocatable[process]!);
  }

  /** Part of a burst until the malloc counter passes its limit; sweeping lowers it meanwhile. */
  private mallocFraction(process: ProcessId, objects: number, mallocBytes: number): number {
    const limit = this.malloc.limit[process]!;
    let level = this.malloc.increase[process]!;
    if (this.malloc.isAtLimit(process)) return 0;
    const perObject = mallocBytes / objects;
    const freed = Math.min(objects, this.dirty[process]!);
    if (freed === 0) return Math.min(1, (limit - level) / mallocBytes);
    const slope = perObject - this.bytesPerDirtySlot[process]!;
    if (slope > 0 && level + slope * freed >= limit) return (limit - level) / slope / objects;
    level = Math.max(0, level + slope * freed);
    return Math.min(1, (freed + (limit - level) / perObject) / objects);
  }

  /** Maps pages that may be added, as many as the allocations have overdrawn. */
  private addPages(process: ProcessId): void {
    const perPage = this.rules.slotsPerPage;
    const wanted = Math.ceil(-this.room[process]! / perPage) * perPage;
    const slots = Math.min(wanted, this.allocatable[process]!);
    this.allocatable[process]! -= slots;
    this.total[process]! += slots;
    this.room[process]! += slots;
    // What is left of a rounding error in the caller's floating point numbers.
    if (this.room[process]! < 0) this.room[process] = 0;
  }

  private begin(process: ProcessId): number {
    const isOutOfSlots = this.slotsLeft(process) < 1;
    let pauseNs = 0;
    if (!isOutOfSlots && this.unswept[process]! > 0) {
      // The malloc limit: finishing the sweep frees bytes, which may be enough.
      pauseNs = this.finishSweep(process);
      if (!this.malloc.isAtLimit(process)) return pauseNs;
    }
    return pauseNs + this.start(process);
  }

  private start(process: ProcessId): number {
    return this.needsMajor[process] === 1 ? this.startMajor(process) : this.minor(process);
  }

  private minor(process: ProcessId): number {
    this.tally.startedMinor(process);
    if (this.malloc.startMinor(process)) this.needsMajor[process] = 1;
    const { startNs, minorPerSlotNs, youngNs } = this.costs;
    const pauseNs = startNs + this.slots(process) * minorPerSlotNs + this.survivors.young(process) * youngNs;
    this.survivors.age(process);
    this.prepareSweep(process, false);
    return pauseNs;
  }

  private startMajor(process: ProcessId): number {
    this.tally.startedMajor(process);
    this.malloc.startMajor(process);
    this.needsMajor[process] = 0;
    this.lastMajor[process] = this.tally.total(process);
    this.isMarking[process] = 1;
    // Slots left over (malloc limit) are used up before the first step of marking.
    this.stepRoom[process] = this.room[process]!;
    this.pooled[process]! += this.room[process]!;
    this.room[process] = 0;
    this.unswept[process] = 0;
    this.dirty[process] = 0;
    this.markLeft[process] = this.resident + this.survivors.young(process) + this.survivors.old(process);
    this.markStep[process] =
      (2 * this.marked[process]!) / (Math.floor(this.pooled[process]! / this.rules.markStepObjects) + 1);
    return this.costs.startNs + this.slots(process) * this.costs.majorPerSlotNs;
  }

  private goOnMarking(process: ProcessId): number {
    const { rules } = this;
    if (this.malloc.isAtLimit(process)) {
      return this.finishMarking(process) + this.finishSweep(process) + this.start(process);
    }
    if (
      this.pooled[process]! < 1 &&
      rules.pagesMayGrowWhileMarking &&
      this.allocatable[process]! >= rules.slotsPerPage
    ) {
      this.allocatable[process]! -= rules.slotsPerPage;
      this.total[process]! += rules.slotsPerPage;
      this.pooled[process]! += rules.slotsPerPage;
    }
    if (this.pooled[process]! < 1 || this.markLeft[process]! <= this.markStep[process]!)
      return this.finishMarking(process);
    this.markLeft[process]! -= this.markStep[process]!;
    this.stepRoom[process] = rules.markStepObjects;
    return this.markStep[process]! * this.costs.markedNs;
  }

  private finishMarking(process: ProcessId): number {
    const markNs = this.markLeft[process]! * this.costs.markedNs;
    this.markLeft[process] = 0;
    this.isMarking[process] = 0;
    this.survivors.age(process);
    this.survivors.forgetDeadOld(process);
    this.prepareSweep(process, true);
    return markNs + this.costs.finishNs;
  }

  /** Marking is over: decides on growth and on the next collection, and turns all that is not marked into free slots. */
  private prepareSweep(process: ProcessId, isMajor: boolean): void {
    const { survivors, costs } = this;
    const outsideResident = survivors.young(process) + survivors.old(process) + survivors.deadOldOf(process);
    const live = this.residentInPool + outsideResident;
    this.marked[process] = this.resident + outsideResident;
    this.planHeap(process, live, isMajor);
    const total = this.total[process]!;
    const free = total - live;
    const garbage = Math.max(0, free - this.room[process]! - this.pooled[process]!);
    const pooled = this.needsMajor[process] === 1 ? free * pooledShare(this.rules) : 0;
    const room = free - pooled;
    const bytes = garbage > 0 ? (this.bodyBytes[process]! * garbage) / (garbage + outsideResident) : 0;
    this.bodyBytes[process]! -= bytes;
    this.room[process] = room;
    this.pooled[process] = pooled;
    this.unswept[process] = room;
    const sweepNs =
      this.slots(process) * costs.sweptSlotNs + garbage * costs.freedObjectNs + (bytes / 1024) * costs.freedKibNs;
    this.sweepNsPerSlot[process] = sweepNs / Math.max(1, room);
    this.dirty[process] = Math.min(room, garbage);
    this.bytesPerDirtySlot[process] = bytes / Math.max(1, this.dirty[process]!);
  }

  /** @see ruby/ruby gc.c 3.1.2 `gc_marks_finish`; 3.3.8 `gc_sweep_finish_size_pool` */
  private planHeap(process: ProcessId, live: number, isMajor: boolean): void {
    const { parameters, rules } = this;
    const total = this.total[process]! + (rules.majorOnlyWhenFull ? 0 : this.allocatable[process]!);
    const free = total - live;
    const least = rules.majorOnlyWhenFull
      ? Math.max(total, parameters.RUBY_GC_HEAP_INIT_SLOTS) * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO
      : Math.max(total * parameters.RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO, parameters.RUBY_GC_HEAP_FREE_SLOTS);
    const isYoungCycle = this.tally.total(process) - this.lastMajor[process]! < OLD_AGE;
    if (free < least) {
      if (isMajor || isYoungCycle) {
        const pages = extendPages(free, total, total / rules.slotsPerPage, parameters);
        this.allocatable[process] = Math.max(
          rules.majorOnlyWhenFull ? this.allocatable[process]! : 0,
          pages * rules.slotsPerPage,
        );
      } else if (!rules.majorOnlyWhenFull || this.allocatable[process] === 0) this.needsMajor[process] = 1;
    }
    const old = this.oldObjects(process);
    if (isMajor || (free < least && isYoungCycle)) {
      this.oldLimit[process] = old * parameters.RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR;
    }
    if (old > this.oldLimit[process]!) this.needsMajor[process] = 1;
  }

  private oldObjects(process: ProcessId): number {
    return this.resident + this.survivors.old(process) + this.survivors.deadOldOf(process);
  }

  /** Sweeps the rest at once. Returns what that takes [ns]. */
  private finishSweep(process: ProcessId): number {
    const slots = this.unswept[process]!;
    this.unswept[process] = 0;
    this.malloc.add(process, 0, this.dirty[process]! * this.bytesPerDirtySlot[process]!);
    this.dirty[process] = 0;
    return slots * this.sweepNsPerSlot[process]!;
  }
}

/**
 * Share of the swept slots that is set aside for incremental marking, where the free slots are in pages without live
 * objects: those that live long fill pages of their own. Measured: 28 to 38 steps of marking in 3.1.2, 23 in 3.3.8.
 */
function pooledShare({ slotsPerPage, pooledSlotsPerSlice }: HeapRules): number {
  const pooledPages = Math.max(1, Math.ceil(pooledSlotsPerSlice / slotsPerPage));
  return pooledPages / (pooledPages + Math.floor(SWEEP_SLICE_SLOTS / slotsPerPage) + 1);
}
