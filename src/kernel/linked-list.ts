import { CalendarQueue } from './calendar-queue.js';
import type { EventList } from './event-list.js';
import { endOfRing, linkInOrder, unlink } from './ring.js';
import type { Timer } from './timer.js';

// A local copy of what is imported (docs/decisions/0009).
const link = linkInOrder;

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
    this.end = endOfRing();
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
    link(this.end, timer);
    timer.isArmed = true;
    if (++this.size > LIMIT) this.isOutgrown = true;
  }

  remove(timer: Timer): void {
    unlink(this.end, timer);
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
