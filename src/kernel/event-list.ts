import type { TimerId, TimerTable } from './timer-table.js';

/**
 * The armed timers in the order in which they will go off: by `atNs`, then by rank (both from the timer table), then
 * in the order of insertion. The order is total, so every implementation gives the same run.
 */
export interface EventList {
  readonly size: number;
  /** The timer that goes off first. Only when `size > 0`. */
  first(): TimerId;
  /** Removes the first. Only when `size > 0`. */
  removeFirst(): void;
  insert(timer: TimerId): void;
  remove(timer: TimerId): void;
  has(timer: TimerId): boolean;
  /** Makes room for timers 0 … timers - 1. */
  reserve(timers: number): void;
}

/** Makes an empty list over a table of timers. */
export type EventListFactory = (table: TimerTable) => EventList;
