import type { Timer } from '../../../kernel/kernel.js';
import type { ProcessId } from '../../entities/ids.js';
import type { Thread } from '../../entities/thread.js';

/** The ractors of one process, which have a heap in common. */
export interface World {
  readonly ractors: readonly ProcessId[];
  /** Threads that run Ruby code, or would if they had a core: one of a ractor at most. */
  readonly running: Set<Thread>;
  /** Who collects, or waits until it can; null: nobody. */
  collector: Thread | null;
  /** Threads that have not come to a check point yet; the collection waits for them. */
  readonly awaited: Set<Thread>;
  /** Threads that hold the lock of their ractor and stand still, in the order in which they came to a check point. */
  readonly parked: Thread[];
  /** The other ractors are asked to stop. */
  readonly gatherTimer: Timer;
  /** The collector is awake again after it has waited for them. */
  readonly wakeTimer: Timer;
  /** They are awake again after the collection. */
  readonly releaseTimer: Timer;
}
