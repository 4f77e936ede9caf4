import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { ProcessId } from '../../entities/ids.js';
import type { Thread, Threads } from '../../entities/thread.js';

/**
 * A clean timeout for threads that share a process: nothing is raised in a thread, whose state could be left broken, and
 * no other request is cut off.
 *
 * ```
 * serving -- a request is over its limit --> the worker accepts no more; its other requests go on
 *                                              | each is done, or over its limit too
 *                                              v
 *                                           killed, and forked again
 * ```
 * A policy that Puma does not have: M. Draper's proposal of a timeout that takes the whole process. Whoever is over the limit
 * and ends before the others is answered. A limit counts from the thread's taking the request to the answer. If all threads
 * are over the limit, what the worker has queued is lost with it.
 */
export class DrainThenKill {
  private readonly timers: Map<Thread, Timer>;
  private readonly overdue: Set<Thread>;
  private readonly overdueOf: Int32Array;

  /** @param drains the worker is to accept no more, and to end when `isAllThatIsLeft` */
  constructor(
    private readonly kernel: Kernel,
    private readonly threads: Threads,
    private readonly limitNs: Nanos,
    drains: (worker: ProcessId) => void,
  ) {
    this.overdue = new Set();
    this.overdueOf = new Int32Array(threads.length);
    const OVER = kernel.define('puma.request-overdue', Rank.Timer, (thread: Thread) => {
      this.overdue.add(thread);
      this.overdueOf[thread.process]!++;
      drains(thread.process);
    });
    this.timers = new Map(threads.flat().map((thread) => [thread, kernel.timer(OVER, thread)]));
  }

  began(thread: Thread): void {
    this.kernel.arm(this.timers.get(thread)!, this.kernel.nowNs() + this.limitNs);
  }

  ended(thread: Thread): void {
    this.kernel.disarm(this.timers.get(thread)!);
    if (this.overdue.delete(thread)) this.overdueOf[thread.process]!--;
  }

  /** Requests of the worker that are over their limit. */
  overdueIn(worker: ProcessId): number {
    return this.overdueOf[worker]!;
  }

  vanishes(worker: ProcessId): void {
    for (const thread of this.threads[worker]!) this.ended(thread);
  }
}
