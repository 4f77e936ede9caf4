import type { Nanos } from '../../kernel/time.js';
import type { ProcessId, ThreadId } from '../entities/ids.js';
import type { RubyHeaps } from './ruby-heap.js';

/**
 * Garbage collection of all processes of a server. It has no events of its own: everything happens inside the bursts
 * of Ruby code that allocate. No collector at all (null) stands for `gc: off` and costs nothing.
 *
 * A burst is run in pieces: ask `runnableFraction`; run that part, made longer by `stepCostNs`; book it with
 * `allocated`; where it was less than all of it, `collect`, stop the process for that long, and ask again.
 */
export interface Collector {
  /**
   * How much of a burst can run before the collector must stop it, as a fraction in [0, 1]; 1 = all of it. The burst
   * allocates `objects` and `mallocBytes` evenly over its `workNs` of Ruby running time. Changes nothing.
   */
  runnableFraction(process: ProcessId, workNs: Nanos, objects: number, mallocBytes: number): number;
  /** CPU time [whole ns] that allocating the next `objects` pays to lazy sweeping. Changes nothing. */
  stepCostNs(process: ProcessId, objects: number): Nanos;
  /** Books a piece of a burst of `thread` that has run; never more than `runnableFraction` allowed. */
  allocated(process: ProcessId, thread: ThreadId, workNs: Nanos, objects: number, mallocBytes: number): void;
  /**
   * Does what could not wait: starts a collection, or goes on with one. Returns for how long it stops the Ruby code of
   * the whole process [whole ns of CPU time]. Another call may be due at once (a `runnableFraction` of 0).
   */
  collect(process: ProcessId): Nanos;
  /** A full collection at once, which no allocation asked for. Returns for how long it stops the process [whole ns of CPU time]. */
  collectFully(process: ProcessId): Nanos;
  /** `thread` goes on to make so many short strings; their slots are booked with `allocated`. */
  makeStrings(process: ProcessId, thread: ThreadId, strings: number): void;
  /** From here on `thread` keeps the last `objects` that it allocates, in addition to what it keeps already. */
  keep(process: ProcessId, thread: ThreadId, objects: number): void;
  /** Of what `thread` allocates next, so many objects with so many malloc'ed bytes live until its request ends, whatever it allocates after them. */
  hold(process: ProcessId, thread: ThreadId, objects: number, bytes: number): void;
  /** The request of `thread` has ended: what it kept is garbage from now on. */
  requestEnded(process: ProcessId, thread: ThreadId): void;
  /** A new process takes the place of this one: its heap is that of a process that has just loaded the application. */
  renewed(process: ProcessId): void;
  /** What has been collected so far, in all processes that have been in this place. */
  counts(process: ProcessId): CollectionCounts;
  /** The heaps behind the collections; null if it keeps none. */
  readonly heaps: RubyHeaps | null;
}

export interface CollectionCounts {
  /** Minor collections, as `GC.stat(:minor_gc_count)`. Explicit pauses count as minor. */
  readonly minor: number;
  /** Major collections, as `GC.stat(:major_gc_count)`. */
  readonly major: number;
  /** CPU time of all stops [ns]; lazy sweeping, which allocations pay, is not in it. */
  readonly pausedNs: Nanos;
}
