import { CalendarQueue } from './calendar-queue.js';
import type { EventList } from './event-list.js';
import { Timer } from './timer.js';

/** Above this many armed timers the calendar is faster. */
const LIMIT = 32;

/**
 * Ring of timers, sorted, linked through themselves. Insertion looks from the first one on and puts the timer behind
 * its equals, so timers of one instant and rank go off in the order of insertion without a serial; moving and
 * cancelling are unlinking. For a few dozen timers it beats a heap, whose branches are harder to predict. Linked one
 * way: every link that is set costs the collector of the engine ten instructions, and who removes a timer early looks
 * for the one before it.
 */
export class LinkedList implements EventList {
  size: number;
  isOutgrown: boolean;
  /** Before the first and after the last; goes off never. */
  private readonly end: Timer;

  constructor() {
    this.size = 0;
    this.isOutgrown = false;
    this.end = new Timer(-1, 'end of the list', () => {}, null, 0);
    this.end.atNs = Number.POSITIVE_INFINITY;
  }

  first(): Timer {
    return this.end.next;
  }

  removeFirst(): void {
    const { end } = this;
    const first = end.next;
    end.next = first.next;
    first.isArmed = false;
    this.size--;
  }

  insert(timer: Timer): void {
    const { atNs, rank } = timer;
    const { end } = this;
    let before = end;
    let next = end.next;
    while (next.atNs < atNs || (next.atNs === atNs && next.rank <= rank && next !== end)) {
      before = next;
      next = next.next;
    }
    timer.next = next;
    before.next = timer;
    timer.isArmed = true;
    if (++this.size > LIMIT) this.isOutgrown = true;
  }

  remove(timer: Timer): void {
    let before = this.end;
    while (before.next !== timer) before = before.next;
    before.next = timer.next;
    timer.isArmed = false;
    this.size--;
  }

  successor(): EventList {
    const calendar = new CalendarQueue();
    for (; this.size > 0; ) {
      const timer = this.first();
      this.removeFirst();
      calendar.insert(timer);
    }
    return calendar;
  }
}
