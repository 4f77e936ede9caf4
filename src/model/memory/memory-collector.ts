import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import { NOBODY, type ProcessId, type ThreadId } from '../entities/ids.js';
import type { RequestTable } from '../entities/requests.js';
import type { Thread, Threads } from '../entities/thread.js';
import type { CollectionCounts, Collector } from '../gc/collector.js';
import type { ClassMemorySpec, SimulatedMemorySpec } from '../memory-spec.js';
import type { HostMemory } from './host-memory.js';

const NO_COLLECTIONS: CollectionCounts = { minor: 0, major: 0, pausedNs: 0 };
const NOTHING: ClassMemorySpec = { heldRatio: 0, keptObjects: 0, keptBytes: 0, blockBytes: 256, native: null };

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
    this.inner?.keep(process, thread, objects);
  }

  hold(process: ProcessId, thread: ThreadId, objects: number, bytes: number): void {
    this.inner?.hold(process, thread, objects, bytes);
  }

  requestEnded(process: ProcessId, thread: ThreadId): void {
    const classIndex = this.classOf[thread]!;
    const { keptObjects, keptBytes, blockBytes } = this.spec.classes[classIndex] ?? NOTHING;
    let objectsOfBytes = 0;
    if (keptObjects > 0 || keptBytes > 0) {
      const objects = keptObjects + keptBytes / blockBytes;
      const stay = this.heaps?.retain(process, thread, { objects, bytes: keptBytes }, this.objectsOf[thread]!) ?? 0;
      // Bytes may have no object in the heap (`allocations: 0`): those of others must not go with them.
      objectsOfBytes = Math.max(0, stay - keptObjects);
    }
    this.inner?.requestEnded(process, thread);
    if (classIndex === -1) return;
    this.classOf[thread] = -1;
    const worker = this.memory.workers[process]!;
    const number = this.numberOf[thread]!;
    const nowNs = this.kernel.nowNs();
    worker.bytes.requestEnded(number, keptBytes, objectsOfBytes, blockBytes, nowNs);
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
    const { heldRatio, blockBytes } = this.spec.classes[this.classOf[thread]!] ?? NOTHING;
    // Every block belongs to an object.
    if (heldRatio > 0) {
      const bytes = heldRatio * mallocBytes;
      this.inner?.hold(process, thread, Math.min(objects, bytes / blockBytes), bytes);
    }
    bytes.allocate(number, mallocBytes, heldRatio, blockBytes, objects, this.kernel.nowNs());
  }
}
