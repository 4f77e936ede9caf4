import type { Timer } from './timer.js';

/**
 * The armed timers in the order in which they will go off: by `atNs`, then by rank, then in the order of insertion.
 * The order is total, so every implementation gives the same run. A list keeps `isArmed` of its timers.
 */
export interface EventList {
  readonly size: number;
  /** The timer that goes off first. Only when `size > 0`. */
  first(): Timer;
  /** Removes what `first` has just found. */
  removeFirst(): void;
  insert(timer: Timer): void;
  /** Only of a timer that is in the list. Its `atNs` may have been changed already. */
  remove(timer: Timer): void;
  /** Another kind of list would be faster by now. */
  readonly isOutgrown: boolean;
  /** That list, with all the timers of this one, which is not to be used any more. */
  successor(): EventList;
}
