import type { EventList, TimerId } from './event-list.js';
import type { Nanos } from './time.js';

/**
 * Array sorted in descending order: the first timer is at the end, insertion shifts from the end. For a few dozen
 * timers it beats a heap, whose branches are harder to predict.
 */
export class SortedList implements EventList {
  size: number;
  private times: Float64Array;
  private orders: Float64Array;
  private timers: Int32Array;
  private armed: Uint8Array;

  constructor() {
    this.size = 0;
    this.times = new Float64Array(64);
    this.orders = new Float64Array(64);
    this.timers = new Int32Array(64);
    this.armed = new Uint8Array(64);
  }

  reserve(timers: number): void {
    if (timers <= this.armed.length) return;
    const armed = new Uint8Array(Math.max(timers, 2 * this.armed.length));
    armed.set(this.armed);
    this.armed = armed;
  }

  has(timer: TimerId): boolean {
    return this.armed[timer] === 1;
  }

  firstTime(): Nanos {
    return this.times[this.size - 1]!;
  }

  takeFirst(): TimerId {
    const timer = this.timers[--this.size]!;
    this.armed[timer] = 0;
    return timer;
  }

  /** @throws RangeError when 64 timers are armed: the kernel moves to a heap long before */
  insert(timer: TimerId, atNs: Nanos, order: number): void {
    const { times, orders, timers } = this;
    let at = this.size++;
    if (at === times.length) throw new RangeError('sorted list is full');
    while (at > 0) {
      const before = times[at - 1]!;
      if (before > atNs || (before === atNs && orders[at - 1]! > order)) break;
      times[at] = before;
      orders[at] = orders[at - 1]!;
      timers[at] = timers[at - 1]!;
      at--;
    }
    times[at] = atNs;
    orders[at] = order;
    timers[at] = timer;
    this.armed[timer] = 1;
  }

  remove(timer: TimerId): void {
    const { times, orders, timers, size } = this;
    let at = 0;
    while (timers[at] !== timer) at++;
    for (; at < size - 1; at++) {
      times[at] = times[at + 1]!;
      orders[at] = orders[at + 1]!;
      timers[at] = timers[at + 1]!;
    }
    this.armed[timer] = 0;
    this.size--;
  }

  /** Fills `target` with all armed timers and returns it. */
  movedTo<L extends EventList>(target: L): L {
    target.reserve(this.armed.length);
    for (let at = 0; at < this.size; at++) target.insert(this.timers[at]!, this.times[at]!, this.orders[at]!);
    return target;
  }
}
