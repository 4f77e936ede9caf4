import type { Rank } from './ranks.js';
import type { Nanos } from './time.js';

/**
 * Does what an event does. `subject` says to whom: a thread, a process, a request, whatever the kind means. The time is
 * `kernel.nowNs()`.
 */
export type Handler<S> = (subject: S) => void;

/**
 * An alarm clock of the kernel, see `Kernel.timer`. A record and not a row of columns: the kernel and its event lists
 * read six of its fields for every event, each in two instructions instead of eight (docs/decisions/0007).
 */
export class Timer {
  /** When it goes off, or last went off [ns]. */
  atNs: Nanos;
  isArmed: boolean;
  /** Order among the timers of one instant: rank, then serial. Kept by event lists that need it. */
  order: number;
  /** Goes off after it, in a linked event list. */
  next: Timer;
  /** Place in an event list with places. */
  place: number;

  constructor(
    /** Number of the timer in its kernel. */
    readonly id: number,
    readonly kind: string,
    readonly handler: Handler<unknown>,
    readonly subject: unknown,
    readonly rank: Rank,
  ) {
    this.atNs = Number.NaN; // fractional from the start: fixes the field's representation
    this.isArmed = false;
    this.order = Number.NaN;
    this.next = this;
    this.place = 0;
  }
}

/** Stands where a timer will be put when the model is wired. */
export const NO_TIMER: Timer = new Timer(
  -1,
  'unwired',
  () => {
    throw new Error('a timer was armed that had not been made');
  },
  null,
  0,
);
