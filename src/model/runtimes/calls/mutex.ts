import type { Thread } from '../../entities/thread.js';

/**
 * A Mutex of one process. Who finds it locked sleeps, in order of arrival; unlocking wakes the first, who takes it if nobody
 * else has when it is awake and has the GVL, and sleeps again, in front, otherwise.
 * ```
 * asks -- unlocked --> has it -- unlocks --> the first who sleeps is woken
 *   +-- locked: sleeps -- woken, has the GVL -- still unlocked --> has it
 *         ^                                        |
 *         +---------------- in front --------------+ another one was faster
 * ```
 *
 * @see ruby/ruby thread_sync.c 3.3.8 (rb_mutex_lock, rb_mutex_unlock_th)
 */
export class Mutex {
  private owner: Thread | null;
  private readonly waiting: Thread[];

  constructor(private readonly wake: (thread: Thread) => void) {
    this.owner = null;
    this.waiting = [];
  }

  /** false: the thread has to sleep. @param isAgain it was woken, and keeps its place */
  lock(thread: Thread, isAgain: boolean): boolean {
    if (this.owner === null) {
      this.owner = thread;
      return true;
    }
    if (isAgain) this.waiting.unshift(thread);
    else this.waiting.push(thread);
    return false;
  }

  unlock(): void {
    this.owner = null;
    const next = this.waiting.shift();
    if (next !== undefined) this.wake(next);
  }

  /** The thread was killed: whatever it had to do with the lock ends. */
  forget(thread: Thread): void {
    const at = this.waiting.indexOf(thread);
    if (at >= 0) this.waiting.splice(at, 1);
    if (this.owner === thread) this.unlock();
  }
}
