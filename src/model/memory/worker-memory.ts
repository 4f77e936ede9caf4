import type { Nanos } from '../../kernel/time.js';
import type { Collector } from '../gc/collector.js';
import { PAGE_BYTES } from '../memory-figures.js';
import type { SimulatedMemorySpec } from '../memory-spec.js';
import { MEMORY } from './coefficients.js';
import { freeSlotsWritten, type HeapAtFork, pagesOf } from './kernel-pages/composition.js';
import type { OwnPages, SharedPages } from './kernel-pages/shared-pages.js';
import { createMallocHeap, type MallocHeap } from './malloc/allocator.js';
import { RequestBytes } from './malloc/request-bytes.js';

/** What a worker is made with. */
export interface WorkerSettings {
  readonly spec: SimulatedMemorySpec;
  readonly process: number;
  readonly threads: number;
  readonly collector: Collector | null;
  readonly heapAtFork: HeapAtFork;
  /** Pages inherited from a parent; null: the process has loaded the application itself. */
  readonly shared: SharedPages | null;
}

/** What a process was forked with that it would otherwise have added itself. */
export interface Inheritance {
  /** Resident memory of malloc's arenas [bytes]. */
  readonly arenaBytes: number;
  /** Most of the Ruby heap that was in use, by the sizes of the slots [bytes]. */
  readonly usedBytes: number;
  /** Requests that the parent, and its parents, have served. */
  readonly requests: number;
}

/**
 * The memory that one process has added to what it started with.
 *
 * ```
 * forked, or booted: nothing of its own -- requests --> stacks, arenas, heap pages, copies grow -- collections --> garbage freed
 *       ^                                                                                             |
 *       `-- replaced: all of its own is gone <--------------------------------------------------------'
 * ```
 */
export class WorkerMemory {
  malloc!: MallocHeap;
  bytes!: RequestBytes;
  requests: number;
  private objects: number;
  private objectsLookedAt: number;
  private mostUsedBytes: number;
  /** A collection has come since the process was forked. */
  private isCollected: boolean;
  private inherited: Inheritance;
  /** Threads besides the main one, by number, that have served a request: their stacks are in memory. */
  private readonly started: Set<number>;

  constructor(private readonly settings: WorkerSettings) {
    this.inherited = bootedWith(settings.heapAtFork);
    this.started = new Set();
    this.requests = 0;
    this.objects = 0;
    this.objectsLookedAt = -1;
    this.mostUsedBytes = 0;
    this.isCollected = false;
  }

  /** The process starts, or a new one takes its place, forked from a worker that has become a parent or from the loaded application. */
  start(inherited: Inheritance = bootedWith(this.settings.heapAtFork)): void {
    this.inherited = inherited;
    const { spec, threads, collector } = this.settings;
    this.malloc = createMallocHeap(spec.allocator);
    this.bytes = new RequestBytes(
      this.malloc,
      threads,
      collector !== null,
      spec.cacheBytes,
      (kept, isOld) => collector?.heaps?.drop(this.settings.process, kept, isOld),
      collector?.heaps?.promotesChildrenOfOld ?? false,
    );
    if (threads === 1) this.bytes.useMainArena(0);
    this.started.clear();
    this.requests = 0;
    this.objects = 0;
    this.objectsLookedAt = -1;
    this.mostUsedBytes = 0;
    this.isCollected = false;
  }

  /** Ruby code has allocated objects. */
  allocated(objects: number): void {
    this.objects += objects;
  }

  /** Notes how far the Ruby heap is used: when a request has ended, and before a collection. */
  lookAtHeap(): void {
    if (this.objects === this.objectsLookedAt) return;
    this.objectsLookedAt = this.objects;
    const { process, collector } = this.settings;
    const heap = collector?.heaps?.heapOf(process);
    if (heap !== undefined && heap.usedBytes > this.mostUsedBytes) this.mostUsedBytes = heap.usedBytes;
  }

  /** A request begins to run on a thread, by its number within the process; a process with one thread has only the main one. */
  began(thread: number): void {
    if (this.settings.threads > 1) this.started.add(thread);
    this.requests++;
  }

  /**
   * A collection has found out what is garbage.
   *
   * @param freeSlots slots that its sweep will free or has found free
   */
  collected(isFull: boolean, freeSlots: number, nowNs: Nanos): void {
    this.isCollected = true;
    this.bytes.collected(isFull, freeSlots, nowNs);
  }

  /** A request has ended. */
  served(): void {
    this.lookAtHeap();
    const { allocator } = this.settings.spec;
    if (allocator.kind === 'glibc' && this.requests % allocator.trimEveryRequests === 0) this.malloc.trim();
  }

  /** Memory of its own besides copies of inherited pages [bytes], whole kernel pages. */
  added(nowNs: Nanos): number {
    const arenas = Math.max(0, this.malloc.resident(nowNs) - this.inherited.arenaBytes);
    const stacks = this.started.size * MEMORY.threadBytes;
    const bytes = arenas + stacks + this.heapGrowth() + this.machineCode();
    return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
  }

  /** What a fork of it inherits, and the pages that this adds to those it was forked with itself. */
  bequeath(nowNs: Nanos): { readonly inheritance: Inheritance; readonly own: OwnPages } {
    const { inherited } = this;
    this.lookAtHeap();
    this.writePages(nowNs);
    const arenaBytes = Math.max(this.malloc.resident(nowNs), inherited.arenaBytes);
    return {
      inheritance: {
        arenaBytes,
        usedBytes: Math.max(this.mostUsedBytes, inherited.usedBytes),
        requests: inherited.requests + this.requests,
      },
      own: {
        heap: pagesOf(this.heapGrowth()),
        arenas: pagesOf(arenaBytes) - pagesOf(inherited.arenaBytes),
        code: pagesOf(this.machineCode()),
      },
    };
  }

  /** All its private memory, as far as it does not depend on what other processes do [bytes]. */
  owned(nowNs: Nanos): number {
    const { shared, spec } = this.settings;
    this.writePages(nowNs);
    const inherited =
      shared === null
        ? Math.max(0, spec.staticBytes - MEMORY.textBytes)
        : shared.writtenBy(this.settings.process) * PAGE_BYTES;
    return Math.round(inherited / PAGE_BYTES) * PAGE_BYTES + this.added(nowNs);
  }

  /**
   * Pages that requests have executed, allocated in or swept first since memory was last looked at. What has been written
   * follows from what has been done, so that nothing is to be done while nobody looks.
   */
  private writePages(nowNs: Nanos): void {
    const { shared, process, spec, heapAtFork } = this.settings;
    if (shared === null || this.requests === 0) return;
    // A parent that has served requests has written them already.
    if (this.inherited.requests === 0) shared.firstRequest.write(process, shared.firstRequest.count);
    shared.arenas.write(process, pagesOf(this.malloc.resident(nowNs)));
    shared.code.served(process, this.requests);
    const written = freeSlotsWritten(this.objects, heapAtFork, spec);
    const { isCollected } = this;
    shared.freeSlots.write(process, (isCollected ? 1 : written) * shared.freeSlots.count);
    if (isCollected) shared.bookkeeping.write(process, shared.bookkeeping.count);
    // A sweep that was under way at the fork writes the descriptors of the pages it comes to; those of pages that were added
    // last lie together.
    else if (spec.beforeFork === 'none' && spec.bootSweep === 'early')
      shared.bookkeeping.write(process, written * shared.bookkeeping.count);
  }

  /** Pages of the Ruby heap beyond those of the loaded application, up to the highest use so far. */
  private heapGrowth(): number {
    const { collector, process } = this.settings;
    const heap = collector?.heaps?.heapOf(process);
    if (heap === undefined) return 0;
    const pageShare = (heap.pages * heap.pageBytes) / Math.max(1, heap.slotBytes);
    return Math.max(0, this.mostUsedBytes - this.inherited.usedBytes) * pageShare;
  }

  private machineCode(): number {
    const { spec, shared, process } = this.settings;
    if (spec.jitBytes === 0) return 0;
    const before = this.inherited.requests / MEMORY.jitCallThreshold;
    const calls = before + this.requests / MEMORY.jitCallThreshold;
    if (shared === null) return spec.jitBytes * (1 - Math.exp(-calls * 0.02));
    return spec.jitBytes * (shared.code.executedShare(process, calls) - shared.code.executedShare(process, before));
  }
}

function bootedWith({ liveSlots, slotBytes }: HeapAtFork): Inheritance {
  return { arenaBytes: 0, usedBytes: liveSlots * (1 + MEMORY.freeSlotRatio) * slotBytes, requests: 0 };
}
