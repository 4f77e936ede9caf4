import type { Nanos } from '../../kernel/time.js';
import type { Collector } from '../gc/collector.js';
import { PAGE_BYTES } from '../memory-figures.js';
import type { SimulatedMemorySpec } from '../memory-spec.js';
import { MEMORY } from './coefficients.js';
import { freeSlotsWritten, type HeapAtFork } from './kernel-pages/composition.js';
import type { SharedPages } from './kernel-pages/shared-pages.js';
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

/** The memory that one process has added to what it started with. */
export class WorkerMemory {
  malloc!: MallocHeap;
  bytes!: RequestBytes;
  requests: number;
  private objects: number;
  private mostUsedSlots: number;
  private collectionsBefore: number;

  constructor(private readonly settings: WorkerSettings) {
    this.requests = 0;
    this.objects = 0;
    this.mostUsedSlots = 0;
    this.collectionsBefore = 0;
  }

  /** The process starts, or a new one takes its place. */
  start(): void {
    const { spec, threads, collector, process } = this.settings;
    this.malloc = createMallocHeap(spec.allocator);
    this.bytes = new RequestBytes(this.malloc, threads, collector !== null, spec.cacheBytes);
    if (threads === 1) this.bytes.useMainArena(0);
    this.requests = 0;
    this.objects = 0;
    this.mostUsedSlots = 0;
    this.collectionsBefore = collector === null ? 0 : collectionsOf(collector, process);
  }

  /** Ruby code has allocated objects. */
  allocated(objects: number): void {
    this.objects += objects;
  }

  /** Notes how far the Ruby heap is used: when a request has ended, and before a collection. */
  lookAtHeap(): void {
    const { process, collector } = this.settings;
    const heap = collector?.heaps?.heapOf(process);
    if (heap !== undefined && heap.usedSlots > this.mostUsedSlots) this.mostUsedSlots = heap.usedSlots;
  }

  /** A request begins to run: it writes the pages that its code is the first to execute. */
  began(): void {
    this.requests++;
    this.writePages();
  }

  /** A request has ended: pages that its allocations have written. */
  served(): void {
    this.lookAtHeap();
    this.writePages();
    const { allocator } = this.settings.spec;
    if (allocator.kind === 'glibc' && this.requests % allocator.trimEveryRequests === 0) this.malloc.trim();
  }

  /** Memory of its own besides copies of inherited pages [bytes], whole kernel pages. */
  added(nowNs: Nanos): number {
    const bytes = this.malloc.resident(nowNs) + this.heapGrowth() + this.machineCode();
    return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
  }

  /** All its private memory, as far as it does not depend on what other processes do [bytes]. */
  owned(nowNs: Nanos): number {
    const { shared, spec } = this.settings;
    const inherited =
      shared === null
        ? Math.max(0, spec.staticBytes - MEMORY.textBytes)
        : shared.writtenBy(this.settings.process) * PAGE_BYTES;
    return Math.round(inherited / PAGE_BYTES) * PAGE_BYTES + this.added(nowNs);
  }

  private writePages(): void {
    const { shared, process, spec, heapAtFork, collector } = this.settings;
    if (shared === null) return;
    shared.firstRequest.write(process, shared.firstRequest.count);
    shared.code.served(process, this.requests);
    const written = freeSlotsWritten(this.objects, heapAtFork, spec.beforeFork);
    const isCollected = collector !== null && collectionsOf(collector, process) > this.collectionsBefore;
    shared.freeSlots.write(process, (isCollected ? 1 : written) * shared.freeSlots.count);
    if (isCollected) shared.bookkeeping.write(process, shared.bookkeeping.count);
    // A sweep that was under way at the fork writes the descriptors of the pages it comes to.
    else if (spec.beforeFork === 'none') shared.bookkeeping.write(process, written * shared.bookkeeping.count);
  }

  /** Pages of the Ruby heap beyond those of the loaded application, up to the highest use so far. */
  private heapGrowth(): number {
    const { collector, process, heapAtFork } = this.settings;
    const heap = collector?.heaps?.heapOf(process);
    if (heap === undefined) return 0;
    const slotBytes = (heap.pages * heap.pageBytes) / Math.max(1, heap.slots);
    const slots = heapAtFork.liveSlots * (1 + MEMORY.freeSlotRatio);
    return Math.max(0, this.mostUsedSlots - slots) * slotBytes;
  }

  private machineCode(): number {
    const { spec, shared, process } = this.settings;
    if (spec.jitBytes === 0) return 0;
    const warmRequests = this.requests / MEMORY.jitCallThreshold;
    const share =
      shared === null ? 1 - Math.exp(-warmRequests * 0.02) : shared.code.executedShare(process, warmRequests);
    return spec.jitBytes * share;
  }
}

export function collectionsOf(collector: Collector, process: number): number {
  const { minor, major } = collector.counts(process);
  return minor + major;
}
