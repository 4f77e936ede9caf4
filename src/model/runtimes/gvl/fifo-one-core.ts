import type { Kernel } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Thread } from '../../entities/thread.js';
import { FifoTicksGvl } from './fifo-ticks.js';
import type { GvlListener, GvlParams } from './gvl.js';
import { SharedCore } from './shared-core.js';

/**
 * The lock of Ruby 3.3 to 3.5 where all threads of the process share one core: who asks when is up to the scheduler.
 *
 * A thread that has had its slice of the core loses it to the waiter to which it has handed the lock, in the middle of
 * its blocking call; it asks for the lock again when it next gets the core. Until then the other one finds no waiter at
 * its releases and keeps the lock. So threads whose calls return at once change over once in a slice of the scheduler and not at
 * every call, as they do with a core each. A thread within its slice goes on to the end of its call, queues and sleeps.
 *
 * ```
 * holds the lock -- blocking call --> asleep: awake, and the core is kept --> waits for the core --> asks for the lock
 *       `-- a call that returns at once: nobody has the lock ----------> holds it again, in the same slice
 *                                        another has it, within the slice --> queues and sleeps
 *                                        another has it, after the slice ---> pre-empted --> has the core again --> asks
 * ```
 */
export class FifoOneCoreGvl extends FifoTicksGvl {
  private readonly core: SharedCore;

  constructor(
    kernel: Kernel,
    private readonly threads: readonly Thread[],
    params: GvlParams,
    listener: GvlListener,
  ) {
    super(kernel, threads, params, listener);
    this.core = new SharedCore(kernel, params.preemptAfterNs, Math.ceil(params.wakeLatencyNs / 2));
    const LOOK = kernel.define('gvl.has-core', Rank.Grant, (thread: Thread) => {
      if (!this.core.isKept) this.core.looks(thread);
      if (this.acquire(thread)) listener.granted(thread);
    });
    for (const thread of threads) thread.gvlTimer = kernel.timer(LOOK, thread);
  }

  override acquire(thread: Thread): boolean {
    const { core } = this;
    if (core.isBack(thread)) {
      if (this.holder === null) core.stays();
      else if (core.hadItsSlice) {
        core.makeWay(thread, this.wakesAtNs(this.holder) - this.kernel.nowNs());
        return false;
      }
      return super.acquire(thread);
    }
    if (core.isKept) {
      core.wait(thread);
      return false;
    }
    if (this.holder === null) core.begins();
    return super.acquire(thread);
  }

  holderSleeps(): void {
    this.core.idles();
  }

  holderWakes(): void {
    this.core.begins();
  }

  override release(thread: Thread): void {
    thread.asleepSinceNs = this.kernel.nowNs();
    this.core.leaves(thread);
    super.release(thread);
  }

  override yield(thread: Thread): void {
    thread.asleepSinceNs = this.kernel.nowNs();
    this.core.leaves(thread);
    super.yield(thread);
  }

  override reset(): void {
    super.reset();
    this.core.reset();
    for (const thread of this.threads) this.kernel.disarm(thread.gvlTimer);
  }

  /** What counts on one core is when the thread last ran there for longer than it takes to look at the lock: its caches. */
  protected override sleep(thread: Thread): void {
    this.waiters.push(thread);
  }

  protected override resume(thread: Thread): void {
    this.core.begins();
    super.resume(thread);
  }
}
