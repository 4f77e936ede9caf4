import type { EventList } from './event-list.js';
import type { TimerId, TimerTable } from './timer-table.js';

const ABSENT = -1;

/**
 * Binary heap with a back-index, so that any timer can be removed or moved in O(log n).
 *
 * Taking the first timer leaves a hole at the root that the next insertion fills: most handlers arm exactly one
 * timer, and then one sift does the work of two (11 % of the run time of a hand-written model).
 */
export class HeapList implements EventList {
  size: number;
  private times: Float64Array;
  private timers: Int32Array;
  /** Position of each timer in the heap, or ABSENT. */
  private positions: Int32Array;
  /** True while position 0 holds a timer that was taken. It is not counted in `size`. */
  private hasHole: boolean;

  constructor(private readonly table: TimerTable) {
    this.size = 0;
    this.times = new Float64Array(0);
    this.timers = new Int32Array(0);
    this.positions = new Int32Array(0);
    this.hasHole = false;
  }

  reserve(timers: number): void {
    const before = this.positions.length;
    if (timers <= before) return;
    const room = Math.max(64, timers, 2 * before);
    this.times = grown(this.times, new Float64Array(room + 1));
    this.timers = grown(this.timers, new Int32Array(room + 1));
    this.positions = grown(this.positions, new Int32Array(room).fill(ABSENT));
  }

  has(timer: TimerId): boolean {
    return this.positions[timer]! !== ABSENT;
  }

  first(): TimerId {
    if (this.hasHole) this.fillHole();
    return this.timers[0]!;
  }

  removeFirst(): void {
    if (this.hasHole) this.fillHole();
    this.positions[this.timers[0]!] = ABSENT;
    this.hasHole = true;
    this.size--;
  }

  insert(timer: TimerId): void {
    this.table.renew(timer);
    if (this.hasHole) {
      this.hasHole = false;
      this.size++;
      this.siftDown(0, timer);
    } else {
      this.siftUp(this.size++, timer);
    }
  }

  remove(timer: TimerId): void {
    if (this.hasHole) this.fillHole();
    const at = this.positions[timer]!;
    this.positions[timer] = ABSENT;
    const last = --this.size;
    if (at === last) return;
    const moved = this.timers[last]!;
    if (at > 0 && this.isBefore(moved, (at - 1) >> 1)) this.siftUp(at, moved);
    else this.siftDown(at, moved);
  }

  /** Puts the last entry where the taken one was: the entries are 1 … size, the hole is not counted. */
  private fillHole(): void {
    this.hasHole = false;
    if (this.size > 0) this.siftDown(0, this.timers[this.size]!);
  }

  private isBefore(timer: TimerId, position: number): boolean {
    const { atNs, order } = this.table;
    const other = this.timers[position]!;
    return atNs[timer]! < atNs[other]! || (atNs[timer] === atNs[other] && order[timer]! < order[other]!);
  }

  private siftUp(from: number, timer: TimerId): void {
    const { times, timers, positions } = this;
    const order = this.table.order;
    const time = this.table.atNs[timer]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1; // >> 1 not / 2: keeps the index a small integer
      const parentTime = times[parent]!;
      const moved = timers[parent]!;
      if (parentTime < time || (parentTime === time && order[moved]! < order[timer]!)) break;
      times[at] = parentTime;
      timers[at] = moved;
      positions[moved] = at;
      at = parent;
    }
    times[at] = time;
    timers[at] = timer;
    positions[timer] = at;
  }

  private siftDown(from: number, timer: TimerId): void {
    const { times, timers, positions, size } = this;
    const order = this.table.order;
    const time = this.table.atNs[timer]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      let childTime = times[child]!;
      const right = child + 1;
      if (right < size) {
        const rightTime = times[right]!;
        if (rightTime < childTime || (rightTime === childTime && order[timers[right]!]! < order[timers[child]!]!)) {
          child = right;
          childTime = rightTime;
        }
      }
      const moved = timers[child]!;
      if (time < childTime || (time === childTime && order[timer]! < order[moved]!)) break;
      times[at] = childTime;
      timers[at] = moved;
      positions[moved] = at;
      at = child;
    }
    times[at] = time;
    timers[at] = timer;
    positions[timer] = at;
  }
}

function grown<A extends Float64Array | Int32Array>(old: A, fresh: A): A {
  fresh.set(old);
  return fresh;
}
