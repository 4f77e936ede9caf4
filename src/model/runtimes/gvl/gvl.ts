import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';

/** What a lock tells the side that runs the threads. */
export interface GvlListener {
  /** A thread that had to wait holds the lock and is awake: it runs from now on. */
  granted(thread: Thread): void;
  /**
   * The interpreter asks the holder to look at its time slice at its next check point: there the listener calls
   * `sliceIsOver` and, if it is, stops the thread and calls `yield`.
   */
  interrupted(thread: Thread): void;
}

/**
 * The Global VM Lock of one process: one holder, and rules by which waiting threads get it.
 *
 * A thread moves through: outside -> acquire -> (waiting) -> granted -> release or yield.
 */
export interface Gvl {
  /** The thread wants to run Ruby code. True: it has the lock; false: it must wait, and `granted` follows. */
  acquire(thread: Thread): boolean;
  /** The holder enters a blocking region or ends. */
  release(thread: Thread): void;
  /** The holder begins a burst of Ruby code; with a core of its own it runs until `thread.burstEndNs`. */
  bursts(thread: Thread): void;
  /**
   * The holder sleeps in a call that keeps the lock: it uses no core from now on. Only where threads share one core does it matter, so
   * not every lock wants to know.
   */
  holderSleeps?(): void;
  /** That call is over: the holder has the core, and a slice of it that begins now. */
  holderWakes?(): void;
  /** At a check point after `interrupted`: has the holder used up its slice while others wait? */
  sliceIsOver(thread: Thread): boolean;
  /** The holder gives way to a waiter and queues again; `granted` follows. */
  yield(thread: Thread): void;
  /** The process was killed: nobody holds the lock or waits for it, and nothing is granted any more; a new process has a new lock. */
  reset(): void;
  /** Threads that wait for the lock. */
  readonly waiting: number;
}

/** Constants of a lock; all durations in ns. */
export interface GvlParams {
  /** Time slice while others wait. */
  readonly quantumNs: Nanos;
  /** From a signal to the first instruction of the sleeping thread it wakes. */
  readonly wakeLatencyNs: Nanos;
  /** The same for a thread that has slept for less than `WARM_FOR_NS`; at most as long. */
  readonly warmWakeLatencyNs: Nanos;
  /**
   * A running thread keeps its core for so long although others are woken. Infinity where a woken thread finds another
   * core.
   */
  readonly preemptAfterNs: Nanos;
  /** By how much a timed wait of the interpreter's timer ends late. */
  readonly timerOvershootNs: Nanos;
  /**
   * A holder that runs Ruby code notices every interrupt at once: it always has a core, and no garbage is collected.
   * Then interrupts that cannot end a slice need not be delivered one by one.
   */
  readonly hearsAtOnce: boolean;
}

/** Thread#priority, -3 … 3: it scales the time slice by 2^priority, and nothing else. To be set once. */
export function setPriority(thread: Thread, priority: number): void {
  thread.quantumNs *= 2 ** priority;
}
