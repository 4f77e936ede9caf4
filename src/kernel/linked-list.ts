import type { EventList } from './event-list.js';
import { Timer } from './timer.js';

/**
 * Ring of timers, sorted, linked through themselves. Insertion looks from the first one on and puts the timer behind
 * its equals, so timers of one instant and rank go off in the order of insertion without a serial; moving and
 * cancelling are unlinking. For a few dozen timers it beats a heap, whose branches are harder to predict. Linked one
 * way: every link that is set costs the collector of the engine ten instructions, and who removes a timer early looks
 * for the one before it.
 */
export class LinkedList implements EventList {
  size: number;
  /** Before the first and after the last; goes off never. */
  private readonly end: Timer;

  constructor() {
    this.size = 0;
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
    this.size++;
  }

  remove(timer: Timer): void {
    let before = this.end;
    while (before.next !== timer) before = before.next;
    before.next = timer.next;
    timer.isArmed = false;
    this.size--;
  }

  /** Fills `target` with all armed timers, in their order, and returns it. */
  movedTo<L extends EventList>(target: L): L {
    let timer = this.end.next;
    while (timer !== this.end) {
      const { next } = timer;
      target.insert(timer);
      timer = next;
    }
    return target;
  }
}
