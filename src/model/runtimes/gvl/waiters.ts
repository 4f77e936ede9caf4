import type { Thread } from '../../entities/thread.js';

/** The threads that wait for a lock, first come first; linked through the threads themselves. */
export class Waiters {
  size: number;
  first: Thread | null;
  last: Thread | null;

  constructor() {
    this.size = 0;
    this.first = null;
    this.last = null;
  }

  push(thread: Thread): void {
    const last = this.last;
    thread.nextWaiter = null;
    thread.previousWaiter = last;
    if (last === null) this.first = thread;
    else last.nextWaiter = thread;
    this.last = thread;
    this.size++;
  }

  pushFront(thread: Thread): void {
    const first = this.first;
    thread.previousWaiter = null;
    thread.nextWaiter = first;
    if (first === null) this.last = thread;
    else first.previousWaiter = thread;
    this.first = thread;
    this.size++;
  }

  /** Removes and returns the first; null if there is none. */
  shift(): Thread | null {
    const thread = this.first;
    if (thread === null) return null;
    const next = thread.nextWaiter;
    this.first = next;
    if (next === null) this.last = null;
    else next.previousWaiter = null;
    this.size--;
    return thread;
  }

  clear(): void {
    this.first = null;
    this.last = null;
    this.size = 0;
  }

  remove(thread: Thread): void {
    const before = thread.previousWaiter;
    const after = thread.nextWaiter;
    if (before === null) this.first = after;
    else before.nextWaiter = after;
    if (after === null) this.last = before;
    else after.previousWaiter = before;
    this.size--;
  }
}
