import type { EventList } from './event-list.js';
import { HeapList } from './heap-list.js';
import { endOfRing, linkInOrder, unlink } from './ring.js';
import type { Timer } from './timer.js';

// A local copy of what is imported (docs/decisions/0009).
const link = linkInOrder;

/** Timers looked at to find out how close together the next ones are. */
const SAMPLE = 64;
/** Length of a day, in mean distances between the next timers. */
const DISTANCES_A_DAY = 2;
/** Timers that may be passed, and days looked at in vain, per insertion; more means that the days have the wrong length. */
const MOST_STEPS = 4;
/** Insertions between two looks at that, at least. */
const LEAST_BETWEEN_CHECKS = 512;
/** Looks in a row that find the days wrong, each after they were given a new length: then no length will do. */
const MOST_FAILURES = 2;
/** Timers above which a heap is faster: the pages no longer fit into the cache. */
const MOST_TIMERS = 2000;

/**
 * Calendar of R. Brown (1988), Calendar queues: a fast O(1) priority queue implementation for the simulation event set
 * problem, Communications of the ACM 31, 1220-1227. Timers stand on the day on which they go off, in their order; a day
 * of next year is on the same page as that day of this one. Days are as long as two distances between the next timers, and a
 * year has about as many days as there are timers, so on most pages one or two are found: arming and taking one
 * does not depend on how many there are.
 *
 * Where timers come in bunches of very different density no length of a day will do; it is noticed by the work that
 * it takes, and a heap takes over, as it does when there are thousands.
 */
export class CalendarQueue implements EventList {
  size: number;
  isOutgrown: boolean;
  /** Rings of timers, sorted, linked one way; `order` of a timer is its day, counted from 0. */
  private pages: Timer[];
  /** Pages less one; their number is a power of two. */
  private mask: number;
  private daysPerNs: number;
  /** No timer stands on an earlier day. */
  private today: number;
  /** The page of today. */
  private page: Timer;
  private steps: number;
  private inserted: number;
  private checkAt: number;
  private failures: number;

  constructor() {
    this.size = 0;
    this.isOutgrown = false;
    this.pages = Array.from({ length: SAMPLE }, endOfRing);
    this.mask = SAMPLE - 1;
    this.daysPerNs = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.daysPerNs = 1e-6;
    this.today = Number.NaN;
    this.today = 0;
    this.page = this.pages[0]!;
    this.steps = 0;
    this.inserted = 0;
    this.checkAt = SAMPLE;
    this.failures = 0;
  }

  first(): Timer {
    const timer = this.page.next;
    return timer.order === this.today ? timer : this.nextFirst();
  }

  removeFirst(): void {
    const { page } = this;
    const first = page.next;
    page.next = first.next;
    first.isArmed = false;
    this.size--;
  }

  insert(timer: Timer): void {
    const day = Math.floor(timer.atNs * this.daysPerNs);
    timer.order = day;
    const page = this.pages[day & this.mask]!;
    if (day < this.today) {
      this.today = day;
      this.page = page;
    }
    this.steps += link(page, timer);
    timer.isArmed = true;
    this.size++;
    if (++this.inserted >= this.checkAt) this.check();
  }

  remove(timer: Timer): void {
    unlink(this.pages[timer.order & this.mask]!, timer);
    timer.isArmed = false;
    this.size--;
  }

  successor(): EventList {
    return filled(new HeapList(), this.drained());
  }

  /** Turns the pages to the next day on which a timer stands, and no further than for a year. */
  private nextFirst(): Timer {
    const { pages, mask } = this;
    for (let days = 1; days <= mask; days++) {
      const day = this.today + days;
      const page = pages[day & mask]!;
      if (page.next.order === day) {
        this.today = day;
        this.page = page;
        this.steps += days;
        return page.next;
      }
    }
    this.steps += mask;
    return this.firstOfLaterYears();
  }

  private firstOfLaterYears(): Timer {
    let first: Timer | null = null;
    for (const page of this.pages) {
      const { next } = page;
      if (next === page || (first !== null && first.atNs <= next.atNs)) continue;
      this.page = page;
      first = next;
    }
    this.today = first!.order;
    return first!;
  }

  /** Looks whether there are as many pages as timers, and whether the days have the right length. */
  private check(): void {
    const pages = this.mask + 1;
    const isSlow = this.steps > MOST_STEPS * this.inserted;
    this.failures = isSlow ? this.failures + 1 : 0;
    this.steps = 0;
    this.inserted = 0;
    this.checkAt = Math.max(LEAST_BETWEEN_CHECKS, 2 * this.size);
    if (this.failures > MOST_FAILURES || this.size > MOST_TIMERS) this.isOutgrown = true;
    else if (isSlow || this.size > 2 * pages || 8 * this.size < pages) this.rearrange();
  }

  private rearrange(): void {
    const timers = this.drained();
    const pages = 2 ** Math.ceil(Math.log2(Math.max(timers.length, SAMPLE)));
    if (pages !== this.mask + 1) {
      this.pages = Array.from({ length: pages }, endOfRing);
      this.mask = pages - 1;
    }
    const distances = Math.min(timers.length, SAMPLE) - 1;
    const spanNs = timers[distances]!.atNs - timers[0]!.atNs;
    if (spanNs > 0 && spanNs < Number.POSITIVE_INFINITY) this.daysPerNs = distances / (DISTANCES_A_DAY * spanNs);
    this.today = Number.POSITIVE_INFINITY; // until the first is inserted
    this.page = this.pages[0]!;
    filled(this, timers);
    this.steps = 0;
    this.inserted = 0;
  }

  /** Takes all timers, in their order. */
  private drained(): Timer[] {
    const timers: Timer[] = [];
    for (; this.size > 0; this.removeFirst()) timers.push(this.first());
    return timers;
  }
}

function filled<L extends EventList>(list: L, timers: readonly Timer[]): L {
  for (const timer of timers) list.insert(timer);
  return list;
}
