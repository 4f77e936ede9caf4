import type { Nanos } from '../../../kernel/time.js';
import type { ProcessId, ThreadId } from '../../entities/ids.js';
import type { CollectionCounts, Collector } from '../../gc/collector.js';
import type { RubyHeaps } from '../../gc/ruby-heap.js';

/** The collector of some processes, seen from their ractors: to the outside each ractor is a process, so many in a row have a heap in common. */
export class SharedHeap implements Collector {
  constructor(
    private readonly inner: Collector,
    private readonly ractors: number,
  ) {}

  get heaps(): RubyHeaps | null {
    return this.inner.heaps;
  }

  runnableFraction(ractor: ProcessId, workNs: Nanos, objects: number, mallocBytes: number): number {
    return this.inner.runnableFraction(this.heapOf(ractor), workNs, objects, mallocBytes);
  }

  stepCostNs(ractor: ProcessId, objects: number): Nanos {
    return this.inner.stepCostNs(this.heapOf(ractor), objects);
  }

  allocated(ractor: ProcessId, thread: ThreadId, workNs: Nanos, objects: number, mallocBytes: number): void {
    this.inner.allocated(this.heapOf(ractor), thread, workNs, objects, mallocBytes);
  }

  collect(ractor: ProcessId): Nanos {
    return this.inner.collect(this.heapOf(ractor));
  }

  collectFully(ractor: ProcessId): Nanos {
    return this.inner.collectFully(this.heapOf(ractor));
  }

  makeStrings(ractor: ProcessId, thread: ThreadId, strings: number): void {
    this.inner.makeStrings(this.heapOf(ractor), thread, strings);
  }

  keep(ractor: ProcessId, thread: ThreadId, objects: number): void {
    this.inner.keep(this.heapOf(ractor), thread, objects);
  }

  hold(ractor: ProcessId, thread: ThreadId, objects: number, bytes: number): void {
    this.inner.hold(this.heapOf(ractor), thread, objects, bytes);
  }

  requestEnded(ractor: ProcessId, thread: ThreadId): void {
    this.inner.requestEnded(this.heapOf(ractor), thread);
  }

  renewed(ractor: ProcessId): void {
    this.inner.renewed(this.heapOf(ractor));
  }

  /** Of the whole heap. */
  counts(ractor: ProcessId): CollectionCounts {
    return this.inner.counts(this.heapOf(ractor));
  }

  private heapOf(ractor: ProcessId): ProcessId {
    return Math.floor(ractor / this.ractors);
  }
}
