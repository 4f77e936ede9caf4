import type { EventList } from './event-list.js';
import { Timer } from './timer.js';

/**
 * Ring of timers, sorted, linked through themselves. Insertion looks from the first one on and puts the timer behind
 * its equals, so timers of one instant and rank go off in the order of insertion without a serial; moving and
 * cancelling are unlinking. For a few dozen timers it beats a heap, whose branches are harder to predict.
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
    return this.end.after;
  }

  removeFirst(): void {
    const { end } = this;
    const first = end.after;
    const second = first.after;
    end.after = second;
    second.before = end;
    first.isArmed = false;
    this.size--;
  }

  insert(timer: Timer): void {
    const { atNs, rank } = timer;
    const { end } = this;
    let after = end.after;
    while (after.atNs < atNs || (after.atNs === atNs && after.rank <= rank && after !== end)) after = after.after;
    const before = after.before;
    timer.before = before;
    timer.after = after;
    before.after = timer;
    after.before = timer;
    timer.isArmed = true;
    this.size++;
  }

  remove(timer: Timer): void {
    const { before, after } = timer;
    before.after = after;
    after.before = before;
    timer.isArmed = false;
    this.size--;
  }

  /** Fills `target` with all armed timers, in their order, and returns it. */
  movedTo<L extends EventList>(target: L): L {
    let timer = this.end.after;
    while (timer !== this.end) {
      const next = timer.after;
      target.insert(timer);
      timer = next;
    }
    return target;
  }
}
