import { Timer } from './timer.js';

/** Before the first and after the last timer of a ring; goes off never. Linked to itself: an empty ring. */
export function endOfRing(): Timer {
  const end = new Timer(-1, 'end of the ring', () => {}, null, 0);
  end.atNs = Number.POSITIVE_INFINITY;
  return end;
}

/** Puts the timer behind all that go off before it or at its instant and rank. Returns how many it has passed. */
export function linkInOrder(end: Timer, timer: Timer): number {
  const { atNs, rank } = timer;
  let before = end;
  let next = end.next;
  let passed = 0;
  while (next.atNs < atNs || (next.atNs === atNs && next.rank <= rank && next !== end)) {
    before = next;
    next = next.next;
    passed++;
  }
  timer.next = next;
  before.next = timer;
  return passed;
}

/** Takes out a timer, which is in the ring. */
export function unlink(end: Timer, timer: Timer): void {
  let before = end;
  while (before.next !== timer) before = before.next;
  before.next = timer.next;
}
