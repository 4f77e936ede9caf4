import type { EventList } from './event-list.js';
import type { TimerId, TimerTable } from './timer-table.js';

/** Timers that the list has room for; the kernel moves to a heap long before. */
const ROOM = 64;

/**
 * Array sorted in descending order: the first timer is at the end, insertion shifts from the end, so timers of one
 * instant and rank go off in the order of insertion without a serial. For a few dozen timers it beats a heap, whose
 * branches are harder to predict.
 */
export class SortedList implements EventList {
  size: number;
  private readonly times: Float64Array;
  private readonly timers: Int32Array;
  private isIn: Uint8Array;

  constructor(private readonly table: TimerTable) {
    this.size = 0;
    this.times = new Float64Array(ROOM);
    this.timers = new Int32Array(ROOM);
    this.isIn = new Uint8Array(ROOM);
  }

  reserve(timers: number): void {
    if (timers <= this.isIn.length) return;
    const isIn = new Uint8Array(Math.max(timers, 2 * this.isIn.length));
    isIn.set(this.isIn);
    this.isIn = isIn;
  }

  has(timer: TimerId): boolean {
    return this.isIn[timer] === 1;
  }

  first(): TimerId {
    return this.timers[this.size - 1]!;
  }

  removeFirst(): void {
    this.isIn[this.timers[--this.size]!] = 0;
  }

  insert(timer: TimerId): void {
    const { times, timers } = this;
    const { rank } = this.table;
    const atNs = this.table.atNs[timer]!;
    let at = this.size++;
    while (at > 0) {
      const before = times[at - 1]!;
      if (before > atNs || (before === atNs && rank[timers[at - 1]!]! > rank[timer]!)) break;
      times[at] = before;
      timers[at] = timers[at - 1]!;
      at--;
    }
    times[at] = atNs;
    timers[at] = timer;
    this.isIn[timer] = 1;
  }

  remove(timer: TimerId): void {
    const { times, timers, size } = this;
    let at = size - 1; // timers that are moved tend to be near the end
    while (timers[at] !== timer) at--;
    for (; at < size - 1; at++) {
      times[at] = times[at + 1]!;
      timers[at] = timers[at + 1]!;
    }
    this.isIn[timer] = 0;
    this.size--;
  }

  /** Fills `target` with all armed timers, in their order, and returns it. */
  movedTo<L extends EventList>(target: L): L {
    target.reserve(this.isIn.length);
    for (let at = this.size - 1; at >= 0; at--) target.insert(this.timers[at]!);
    return target;
  }
}
