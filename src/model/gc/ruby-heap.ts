import type { ProcessId, ThreadId } from '../entities/ids.js';
import type { SizePoolFigures } from '../memory-figures.js';

/**
 * The Ruby heap of one process, as a memory model looks at it: a live view of the collector's own state, computed when
 * it is read. Nobody who does not read it pays for it. Pages are those of the Ruby heap (16 KiB up to Ruby 3.1,
 * 64 KiB from 3.2 on), not those of the kernel; numbers of slots and pages may be fractions, as the state is a mean.
 */
export interface RubyHeap {
  /** Size of a heap page [bytes]. */
  readonly pageBytes: number;
  /** Pages mapped, those waiting to be returned included (`heap_allocated_pages`). All of them have been written to. */
  readonly pages: number;
  /** Pages without any object that lives, garbage or not swept yet included: what a full collection could return. */
  readonly emptyPages: number;
  /** Slots of all mapped pages. */
  readonly slots: number;
  /** By the size of the slots, ascending. */
  readonly sizePools: readonly SizePoolFigures[];
  /** The same, by the size of each [bytes]. */
  readonly slotBytes: number;
  /** Slots in use, garbage that no sweep has reached yet included. */
  readonly usedSlots: number;
  /** The slots in use, by the size of each [bytes]. */
  readonly usedBytes: number;
  /** Slots that can be handed out without a new page or a collection. */
  readonly freeSlots: number;
  /** Of those, the ones that the last collection's sweep has still to come to. */
  readonly unsweptSlots: number;
  /** Of those, the ones with garbage: sweeping comes to them first. */
  readonly unsweptGarbage: number;
  /** A major collection is marking: what is garbage is not known yet. */
  readonly isMarking: boolean;
  /**
   * Slots of the pages that the process had when it was forked off and that are not written to: allocation and
   * sweeping write to every page that has free slots, one after the other, up to the first collection. In bytes: `sharedSlots / slots * pages * pageBytes`. 0 if it was not forked (or not told).
   */
  readonly sharedSlots: number;
  /**
   * malloc'ed bytes of objects, those of garbage that no sweep has reached yet included, and without the loaded
   * application's own. Grows with what requests malloc, falls as garbage is swept.
   */
  readonly bodyBytes: number;
}

/** Objects that outlive their request. */
export interface Retained {
  readonly objects: number;
  /** malloc'ed bytes that belong to them. */
  readonly bytes: number;
}

/** The Ruby heaps of the processes of a server. A collector that keeps no heap has none to show. */
export interface RubyHeaps {
  /** A young object that an old one refers to becomes old at the first collection it survives (up to Ruby 3.2). */
  readonly promotesChildrenOfOld: boolean;
  /** @returns always the same object for the same process; its properties change as the process runs */
  heapOf(process: ProcessId): RubyHeap;
  /**
   * The process has just been forked off, or from now on counts as such: its heap is as it is, all its pages are
   * shared with its parent.
   */
  forked(process: ProcessId): void;
  /**
   * Part of what `thread` keeps (`Collector.keep`) stays when its request ends.
   *
   * @param outOf objects among which they are scattered, allocated one after the other
   * @returns how many objects stay: not more than the thread keeps or holds
   */
  retain(process: ProcessId, thread: ThreadId, kept: Retained, outOf: number): number;
  /** What has stayed is garbage from now on. @param isOld only a major collection finds it */
  drop(process: ProcessId, kept: Retained, isOld: boolean): void;
}
