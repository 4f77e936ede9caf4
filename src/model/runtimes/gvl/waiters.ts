import type { Thread } from '../../entities/thread.js';

/** The threads that wait for a lock, first come first; linked through the threads themselves, from the first to the last. */
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
    if (last === null) this.first = thread;
    else last.nextWaiter = thread;
    this.last = thread;
    this.size++;
  }

  pushFront(thread: Thread): void {
    const first = this.first;
    thread.nextWaiter = first;
    if (first === null) this.last = thread;
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
    this.size--;
    return thread;
  }

  clear(): void {
    this.first = null;
    this.last = null;
    this.size = 0;
  }

  /** Removes a thread that waits, wherever it stands; found from the first on. */
  remove(thread: Thread): void {
    let before: Thread | null = null;
    for (let other = this.first!; other !== thread; other = other.nextWaiter!) before = other;
    const after = thread.nextWaiter;
    if (before === null) this.first = after;
    else before.nextWaiter = after;
    if (after === null) this.last = before;
    this.size--;
  }
}
