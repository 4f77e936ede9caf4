import type { Rank } from './ranks.js';

/** An alarm clock of the kernel; see `Kernel.timer`. */
export type TimerId = number;

/** Serials stay below 2^48 (one a nanosecond for three days), so that rank and serial fit one exact double. */
const RANK_STEP = 2 ** 48;

/** The timers as columns. */
export class TimerTable {
  count: number;
  kindOf: Int32Array;
  /** What each timer is about: a thread, a process, a number. */
  readonly subjectOf: unknown[];
  /** When each timer goes off, or last went off [ns]. */
  atNs: Float64Array;
  /** Rank of each timer, a multiple of 2^48 so that a serial fits between two. */
  rank: Float64Array;
  /** Order among the timers of one instant: rank, then serial. Kept by event lists that need it. */
  order: Float64Array;
  private serial: number;

  constructor() {
    this.count = 0;
    this.kindOf = new Int32Array(64);
    this.subjectOf = [];
    this.atNs = new Float64Array(64);
    this.order = new Float64Array(64);
    this.rank = new Float64Array(64);
    this.serial = 0;
  }

  add(kind: number, subject: unknown, rank: Rank): TimerId {
    const timer = this.count++;
    if (timer === this.kindOf.length) this.grow();
    this.kindOf[timer] = kind;
    this.subjectOf.push(subject);
    this.rank[timer] = rank * RANK_STEP;
    return timer;
  }

  /** Places the timer behind all that were armed before it at the same time and rank. */
  renew(timer: TimerId): void {
    this.order[timer] = this.rank[timer]! + this.serial++;
  }

  private grow(): void {
    const room = 2 * this.kindOf.length;
    this.kindOf = copied(this.kindOf, new Int32Array(room));
    this.atNs = copied(this.atNs, new Float64Array(room));
    this.order = copied(this.order, new Float64Array(room));
    this.rank = copied(this.rank, new Float64Array(room));
  }
}

function copied<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
