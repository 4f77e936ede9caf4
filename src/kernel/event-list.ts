import type { Nanos } from './time.js';

/** An armed or disarmed alarm clock of the kernel; see `Kernel.timer`. */
export type TimerId = number;

/**
 * The armed timers in the order in which they will go off: by time, then by `order` (rank and serial, all different),
 * so the order is total and every implementation gives the same run.
 */
export interface EventList {
  readonly size: number;
  /** Time of the first timer. Only when `size > 0`. */
  firstTime(): Nanos;
  /** Removes and returns the first timer. Only when `size > 0`. */
  takeFirst(): TimerId;
  insert(timer: TimerId, atNs: Nanos, order: number): void;
  remove(timer: TimerId): void;
  has(timer: TimerId): boolean;
  /** Makes room for timers 0 … timers - 1. */
  reserve(timers: number): void;
}
