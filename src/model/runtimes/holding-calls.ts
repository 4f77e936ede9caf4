import type { Kernel } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import { MILLISECOND, type Nanos } from '../../kernel/time.js';
import type { Thread, Threads } from '../entities/thread.js';
import type { Gvl } from './gvl/gvl.js';

/** Length of a short call: between two of them the interpreter looks at its time slice. */
export const HOLD_CHECK_NS: Nanos = MILLISECOND;

/**
 * C calls that keep the GVL and use no core: a long one, or short ones in a row.
 *
 * ```
 * begins --------------------------------- all of it has passed --> ended
 *    `-- interrupted, in short calls: at the end of this one -----> ended, with the rest still to do
 * ```
 */
export class HoldingCalls {
  /** @param ended the thread has got to the end, or to the end of a short call; `leftNs` is still to do */
  constructor(
    private readonly kernel: Kernel,
    threads: Threads,
    ended: (thread: Thread) => void,
  ) {
    const HOLD = kernel.define('gvl.hold-ends', Rank.Release, (thread: Thread) => {
      thread.leftNs -= kernel.nowNs() - thread.holdStartNs;
      ended(thread);
    });
    for (const thread of threads.flat()) thread.holdTimer = kernel.timer(HOLD, thread);
  }

  /** The thread, which has the lock, is in its call for `thread.leftNs`. */
  begin(thread: Thread, gvl: Gvl): void {
    thread.burstEndNs = Number.POSITIVE_INFINITY;
    gvl.bursts(thread);
    gvl.holderSleeps?.();
    thread.holdStartNs = this.kernel.nowNs();
    this.kernel.arm(thread.holdTimer, this.kernel.nowNs() + thread.leftNs);
  }

  /** The thread is to look at its time slice: it can after the short call that it is in. */
  interrupt(thread: Thread): void {
    if (thread.isOneCall) return;
    const startNs = thread.holdStartNs;
    const checkNs = startNs + Math.ceil((this.kernel.nowNs() - startNs) / HOLD_CHECK_NS) * HOLD_CHECK_NS;
    if (checkNs < startNs + thread.leftNs) this.kernel.arm(thread.holdTimer, checkNs);
  }

  /** The thread is stopped in the middle of its call. */
  stop(thread: Thread): void {
    this.kernel.disarm(thread.holdTimer);
  }
}
