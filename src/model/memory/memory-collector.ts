import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import { NOBODY, type ProcessId, type ThreadId } from '../entities/ids.js';
import type { RequestTable } from '../entities/requests.js';
import type { Thread, Threads } from '../entities/thread.js';
import type { CollectionCounts, Collector } from '../gc/collector.js';
import type { ClassMemorySpec, SimulatedMemorySpec } from '../memory-spec.js';
import type { HostMemory } from './host-memory.js';

const NO_COLLECTIONS: CollectionCounts = { minor: 0, major: 0, pausedNs: 0 };
const NOTHING: ClassMemorySpec = {
  heldRatio: 0,
  heldBlocksRatio: 0,
  heldBlockBytes: 256,
  keptObjects: 0,
  keptObjectBytes: 0,
  keptBytes: 0,
  blockBytes: 256,
  native: null,
};

/**
 * A collector that tells the memory what it is told: allocations, collections and ends of requests are all that happens
 * to memory. Around no collector (`gc: off`, CPython) it collects nothing.
 *
 * ```
 * collections of a process, as the memory is told of them:
 * none -- minor --> told at once             major -- marks in steps --> awaits the end of marking --> told
 * request of a thread: first allocation: its class --> allocates: booked --> ends: what is not kept is garbage
 * ```
 */
export class MemoryCollector implements Collector {
  /** By thread: the class of its request, from its first allocation on; -1 = nothing allocated since the last request. */
  private readonly classOf: Int32Array;
  private readonly threadOf: Thread[];
  /** By thread: its number within its process. */
  private readonly numberOf: Int32Array;
  /** By thread: objects that its request has allocated so far. */
  private readonly objectsOf: Float64Array;
  /** By thread: contents of objects that its request is to keep until its end, as soon as it has allocated them [bytes]. */
  private readonly bytesToKeep: Float64Array;
  /** By process: collections that the memory knows of. */
  private readonly minorsSeen: Float64Array;
  private readonly majorsSeen: Float64Array;
  /** By process: a major collection has begun whose marking has not ended, as far as the memory knows. */
  private readonly awaitsMarked: Uint8Array;

  constructor(
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly spec: SimulatedMemorySpec,
    threads: Threads,
    private readonly inner: Collector | null,
    private readonly memory: HostMemory,
  ) {
    this.threadOf = [];
    const ids = threads.flat().map(({ id }) => id);
    const size = Math.max(-1, ...ids) + 1;
    this.classOf = new Int32Array(size).fill(-1);
    this.numberOf = new Int32Array(size);
    this.objectsOf = new Float64Array(size);
    this.bytesToKeep = new Float64Array(size);
    this.minorsSeen = Float64Array.from(threads, (_, process) => inner?.counts(process).minor ?? 0);
    this.majorsSeen = Float64Array.from(threads, (_, process) => inner?.counts(process).major ?? 0);
    this.awaitsMarked = new Uint8Array(threads.length);
    for (const ofProcess of threads) {
      for (const [number, thread] of ofProcess.entries()) {
        this.threadOf[thread.id] = thread;
        this.numberOf[thread.id] = number;
      }
    }
  }

  get heaps(): Collector['heaps'] {
    return this.inner?.heaps ?? null;
  }

  runnableFraction(process: ProcessId, workNs: Nanos, objects: number, mallocBytes: number): number {
    return this.inner === null ? 1 : this.inner.runnableFraction(process, workNs, objects, mallocBytes);
  }

  stepCostNs(process: ProcessId, objects: number): Nanos {
    return this.inner === null ? 0 : this.inner.stepCostNs(process, objects);
  }

  allocated(process: ProcessId, thread: ThreadId, workNs: Nanos, objects: number, mallocBytes: number): void {
    const { request } = this.threadOf[thread]!;
    if (request !== NOBODY) this.book(process, thread, request, objects, mallocBytes);
    if (this.inner !== null) {
      this.inner.allocated(process, thread, workNs, objects, mallocBytes);
      if (objects > 0) this.memory.workers[process]!.allocated(objects);
    }
  }

  collect(process: ProcessId): Nanos {
    if (this.inner === null) return 0;
    this.memory.workers[process]!.lookAtHeap();
    const pauseNs = this.inner.collect(process);
    this.lookForCollection(process, this.inner);
    return pauseNs;
  }

  collectFully(process: ProcessId): Nanos {
    if (this.inner === null) return 0;
    this.memory.workers[process]!.lookAtHeap();
    const pauseNs = this.inner.collectFully(process);
    this.lookForCollection(process, this.inner);
    return pauseNs;
  }

  makeStrings(process: ProcessId, thread: ThreadId, strings: number): void {
    this.inner?.makeStrings(process, thread, strings);
  }

  keep(process: ProcessId, thread: ThreadId, objects: number): void {
    const { bodyBytesPerObject } = this.spec;
    if (bodyBytesPerObject > 0) this.bytesToKeep[thread]! += objects * bodyBytesPerObject;
    this.inner?.keep(process, thread, objects);
  }

  hold(process: ProcessId, thread: ThreadId, objects: number, bytes: number): void {
    this.inner?.hold(process, thread, objects, bytes);
  }

  requestEnded(process: ProcessId, thread: ThreadId): void {
    const classIndex = this.classOf[thread]!;
    const kept = this.spec.classes[classIndex] ?? NOTHING;
    const objects = this.retain(process, thread, kept);
    this.bytesToKeep[thread] = 0;
    this.inner?.requestEnded(process, thread);
    if (classIndex === -1) return;
    this.classOf[thread] = -1;
    const worker = this.memory.workers[process]!;
    const number = this.numberOf[thread]!;
    const nowNs = this.kernel.nowNs();
    const { keptBytes: bytes, keptObjectBytes: leakedBytes, blockBytes } = kept;
    worker.bytes.requestEnded(number, { bytes, objects, leakedBytes }, blockBytes, nowNs);
    if (this.spec.processingBytes > 0) worker.bytes.release(number, this.spec.processingBytes, nowNs);
    worker.served();
    this.memory.limits.served(process);
  }

  renewed(process: ProcessId): void {
    if (this.inner === null) return;
    this.inner.renewed(process);
    // What it collects while it boots is nobody's garbage here.
    const { minor, major } = this.inner.counts(process);
    this.minorsSeen[process] = minor;
    this.majorsSeen[process] = major;
    this.awaitsMarked[process] = 0;
  }

  counts(process: ProcessId): CollectionCounts {
    return this.inner === null ? NO_COLLECTIONS : this.inner.counts(process);
  }

  /**
   * What the request of the thread keeps beyond its end stays in the heap.
   *
   * @returns objects of `keptBytes`; these may have none (`allocations: 0`), and those of others must not go with them
   */
  private retain(process: ProcessId, thread: ThreadId, kept: ClassMemorySpec): number {
    const { heaps } = this;
    const { keptObjects, keptObjectBytes, keptBytes, heldBlockBytes } = kept;
    if (heaps === null) return 0;
    const outOf = this.objectsOf[thread]!;
    if (keptObjects > 0) heaps.retain(process, thread, { objects: keptObjects, bytes: keptObjectBytes }, outOf);
    if (keptBytes === 0) return 0;
    return heaps.retain(process, thread, { objects: keptBytes / heldBlockBytes, bytes: keptBytes }, outOf);
  }

  /** Not every stop starts a collection: marking goes on in steps, and what is garbage is known when it ends. */
  private lookForCollection(process: ProcessId, inner: Collector): void {
    const { minor, major } = inner.counts(process);
    const isMajor = major > this.majorsSeen[process]!;
    const hasBegun = isMajor || minor > this.minorsSeen[process]!;
    this.minorsSeen[process] = minor;
    this.majorsSeen[process] = major;
    const worker = this.memory.workers[process]!;
    const nowNs = this.kernel.nowNs();
    if (inner.heaps === null) {
      // Stated collections of which none is a major one free everything.
      if (hasBegun) worker.collected(isMajor || major === 0, this.memory.freeSlots(process), nowNs);
      return;
    }
    const heap = inner.heaps.heapOf(process);
    if (isMajor) this.awaitsMarked[process] = 1;
    if (heap.isMarking) return;
    const isFull = this.awaitsMarked[process] === 1;
    this.awaitsMarked[process] = 0;
    if (hasBegun || isFull) worker.collected(isFull, heap.unsweptGarbage, nowNs);
    if (heap.unsweptGarbage === 0) worker.bytes.sweptUp(nowNs);
  }

  private book(process: ProcessId, thread: ThreadId, request: number, objects: number, mallocBytes: number): void {
    const { bytes } = this.memory.workers[process]!;
    const number = this.numberOf[thread]!;
    if (this.classOf[thread] === -1) {
      this.classOf[thread] = this.requests.classOf[request]!;
      this.objectsOf[thread] = 0;
      const { keptObjects } = this.spec.classes[this.classOf[thread]!] ?? NOTHING;
      if (keptObjects > 0) this.inner?.keep(process, thread, keptObjects);
      if (this.spec.processingBytes > 0) bytes.hold(number, this.spec.processingBytes);
      this.memory.workers[process]!.began(number);
    }
    if (objects === 0 && mallocBytes === 0) return;
    this.objectsOf[thread]! += objects;
    const { heldRatio, heldBlocksRatio, heldBlockBytes, blockBytes } =
      this.spec.classes[this.classOf[thread]!] ?? NOTHING;
    // Every block belongs to an object.
    if (heldBlocksRatio > 0) {
      const bytes = heldBlocksRatio * mallocBytes;
      this.inner?.hold(process, thread, Math.min(objects, bytes / heldBlockBytes), bytes);
    }
    const held = this.bytesToKeep[thread] === 0 ? heldRatio : this.heldOf(thread, mallocBytes, heldRatio);
    bytes.allocate(number, mallocBytes, held, blockBytes, objects, this.kernel.nowNs());
  }

  /**
   * Share of so many bytes that lives until the request ends, contents of what a phase keeps included. Those are the last objects that it
   * allocates; here their contents are the first ones, and so up to a phase older than they are.
   */
  private heldOf(thread: ThreadId, bytes: number, heldRatio: number): number {
    if (bytes === 0) return heldRatio;
    const kept = Math.min(this.bytesToKeep[thread]!, bytes * (1 - heldRatio));
    this.bytesToKeep[thread]! -= kept;
    return heldRatio + kept / bytes;
  }
}
