import type { Nanos } from '../../kernel/time.js';
import type { ProcessId, ThreadId } from '../entities/ids.js';
import { CollectionTally } from './collection-counts.js';
import type { CollectionCounts, Collector } from './collector.js';
import type { CollectionCosts } from './costs.js';
import { type HeapRules, initSlots, slotsInPage } from './heap-rules.js';
import { HeapView } from './heap-view.js';
import { MallocAccount } from './malloc-account.js';
import { bootedLayout } from './page-layout.js';
import { ProcessHeap } from './process-heap.js';
import type { RubyHeaps } from './ruby-heap.js';
import type { RubyGcParameters } from './ruby-parameters.js';
import { SizePool } from './size-pool.js';
import { type Holder, type Spacing, Survivors } from './survivors.js';

export interface AllocationCollectorParams {
  readonly processes: number;
  /** Live objects of the loaded application in every process: all old, never garbage. */
  readonly residentObjects: number;
  /** Share of free slots of a freshly booted heap, in [0, 1). */
  readonly bootFreeRatio: number;
  readonly rules: HeapRules;
  /** Share of the resident objects in each size pool; they add up to 1. */
  readonly residentShares: readonly number[];
  /** The same of what requests allocate. */
  readonly allocatedShares: readonly number[];
  readonly costs: CollectionCosts;
  readonly parameters: RubyGcParameters;
  /** What the objects hang on that a request keeps, unless `keep` is told otherwise. */
  readonly holder: Holder;
  /** What a process does to its heap once it has loaded the application. @default nothing */
  readonly warmUp?: (heap: ProcessHeap) => void;
}

/** The heap of a process, as `GC.stat` would show it. */
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
 * Collections driven by what the requests allocate, in every process by the rules of its Ruby version: see `ProcessHeap`.
 *
 * Kept: pages and size pools, triggers, generations, growth of the heap and return of pages, slots set aside for
 * incremental marking, malloc limits.
 * Left out: where a single object lies; objects without write barrier.
 */
export class AllocationCollector implements Collector {
  readonly heaps: RubyHeaps;
  private readonly holder: Holder;
  private readonly tally: CollectionTally;
  private readonly survivors: Survivors;
  private readonly malloc: MallocAccount;
  private readonly processHeaps: ProcessHeap[];
  private readonly views: readonly HeapView[];
  private readonly boot: (process: ProcessId) => ProcessHeap;

  constructor(params: AllocationCollectorParams) {
    const n = params.processes;
    const { rules, parameters, costs } = params;
    this.holder = params.holder;
    this.tally = new CollectionTally(n);
    this.survivors = new Survivors(n, rules.promotesChildrenOfOld);
    this.malloc = new MallocAccount(n, parameters);
    const { tally, survivors, malloc } = this;
    const setting = { rules, costs, parameters, tally, survivors, malloc };
    this.boot = (process) => {
      const heap = new ProcessHeap(process, bootedPools(params), params.allocatedShares, setting);
      params.warmUp?.(heap);
      return heap;
    };
    this.processHeaps = Array.from({ length: n }, (_, k) => this.boot(k));
    this.views = this.processHeaps.map((heap) => new HeapView(heap, rules));
    this.heaps = {
      promotesChildrenOfOld: rules.promotesChildrenOfOld,
      heapOf: (process) => this.views[process]!,
      forked: (process) => this.views[process]!.forked(),
      retain: (process, thread, kept, outOf) => {
        const heap = this.processHeaps[process]!;
        heap.setAside(kept.bytes);
        return heap.retain(thread, kept.objects, kept.bytes, outOf, 1);
      },
      drop: (process, kept, isOld) => this.processHeaps[process]!.drop(kept.objects, kept.bytes, isOld),
    };
  }

  runnableFraction(process: ProcessId, _workNs: Nanos, objects: number, mallocBytes: number): number {
    return this.processHeaps[process]!.runnableFraction(objects, mallocBytes);
  }

  stepCostNs(process: ProcessId, objects: number): Nanos {
    return this.processHeaps[process]!.stepCostNs(objects);
  }

  allocated(process: ProcessId, thread: ThreadId, _workNs: Nanos, objects: number, mallocBytes: number): void {
    this.processHeaps[process]!.allocated(thread, objects, mallocBytes);
  }

  collect(process: ProcessId): Nanos {
    return this.tally.paused(process, this.processHeaps[process]!.collect());
  }

  collectFully(process: ProcessId): Nanos {
    return this.tally.paused(process, this.processHeaps[process]!.collectFully());
  }

  /** The heap behind the collections of a process. */
  heapBehind(process: ProcessId): ProcessHeap {
    return this.processHeaps[process]!;
  }

  makeStrings(process: ProcessId, thread: ThreadId, strings: number): void {
    this.processHeaps[process]!.makeStrings(thread, strings);
  }

  keep(
    process: ProcessId,
    thread: ThreadId,
    objects: number,
    holder = this.holder,
    spacing: Spacing = 'in a row',
  ): void {
    this.survivors.keep(process, thread, objects, holder, spacing);
  }

  hold(process: ProcessId, thread: ThreadId, objects: number, bytes: number): void {
    this.survivors.hold(process, thread, objects, bytes);
  }

  requestEnded(_process: ProcessId, thread: ThreadId): void {
    this.survivors.end(thread);
  }

  renewed(process: ProcessId): void {
    this.survivors.forget(process);
    this.malloc.forget(process);
    this.processHeaps[process] = this.boot(process);
    this.views[process]!.lookAt(this.processHeaps[process]);
  }

  counts(process: ProcessId): CollectionCounts {
    return this.tally.of(process);
  }

  heap(process: ProcessId): HeapState {
    const { slots, free, old } = this.processHeaps[process]!.census;
    return {
      totalSlots: slots,
      freeSlots: free,
      liveSlots: slots - free,
      oldObjects: old,
      mallocLimitBytes: this.malloc.limit[process]!,
      oldMallocLimitBytes: this.malloc.oldLimit[process]!,
    };
  }
}

function bootedPools(params: AllocationCollectorParams): SizePool[] {
  const { rules, residentObjects, residentShares, bootFreeRatio, parameters } = params;
  return rules.slotBytes.map((slotBytes, k) => {
    const perPage = slotsInPage(rules, slotBytes);
    const resident = Math.round(residentObjects * residentShares[k]!);
    const init = initSlots(rules, k, parameters);
    const grown = resident / (1 - bootFreeRatio);
    // Up to 3.1 the initial pages are there from the start; pools may map them when they need them (`gc_heap_init`, `Init_heap`).
    const slots = rules.growsByPool ? grown : Math.max(grown, init);
    const pool = new SizePool(slotBytes, perPage, bootedLayout(resident, slots, perPage));
    pool.allocatablePages = Math.ceil(Math.max(0, init - pool.slots) / perPage);
    return pool;
  });
}
