import type { Nanos } from '../../kernel/time.js';
import type { Thread } from '../entities/thread.js';
import type { Gauge } from '../observations.js';

export interface CpuListener {
  /** The thread has had all the CPU time that it asked for. */
  worked(thread: Thread): void;
  /** A thread for which `isOnCore` was false has a core now. */
  onCore(thread: Thread): void;
}

/** The cores of the host, shared by all threads that can run: GVL holders, and native code outside the lock. */
export interface Cpu {
  /** The thread wants `thread.workNs` of CPU time, a whole number; `worked` follows. */
  start(thread: Thread): void;
  /**
   * Whether the thread, which has started, executes instructions now. If not, because others have the cores,
   * `onCore` follows when it does, unless it is stopped before.
   */
  isOnCore(thread: Thread): boolean;
  /** Takes the thread off its core (or out of the run queue). Returns the work that is left, a whole number of ns. */
  stop(thread: Thread): Nanos;
  /** Work that is left of a thread that has started, a whole number of ns; it goes on. */
  leftNs(thread: Thread): Nanos;
  /** A thread that has started wants only so much more, a whole number of ns and at most what is left. */
  shorten(thread: Thread, workNs: Nanos): void;
  /** Time-integral of the number of busy cores since 0 [ns x cores]. */
  busyIntegral(nowNs: Nanos): number;
  /** False if a thread that starts always has a core to itself, so that time and work are the same. */
  readonly isShared: boolean;
  /** What there is to see besides the busy cores. */
  readonly gauges?: readonly Gauge[];
}
