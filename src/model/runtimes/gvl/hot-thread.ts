import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import { FifoTicksGvl } from './fifo-ticks.js';

/**
 * The lock of Ruby's 2026 master: as 3.3, but the thread that released the lock last may take it back while the
 * waiter that was given it is still waking up. That waiter goes to the front of the queue. The hint is forgotten as
 * soon as any thread has resumed.
 * ```
 * holds it --release--> given to the first waiter, which wakes up --> resumes: it holds it, no hint any more
 *     ^                        |
 *     +--- asks again, first --+--> the waiter goes to the front of the queue
 * ```
 * @see ruby/ruby thread_sched.c (master, 2026): runnable_hot_th; bugs.ruby-lang.org #21685
 */
export class HotThreadGvl extends FifoTicksGvl {
  private hot: Thread | null = null;
  /** When each thread is awake after it was last signalled. */
  private readonly awakeNs = new Map<Thread, Nanos>();

  override acquire(thread: Thread): boolean {
    if (this.hot !== thread || !this.isWaking) return super.acquire(thread);
    this.takeBack(thread);
    return true;
  }

  override release(thread: Thread): void {
    this.hot = thread;
    super.release(thread);
  }

  override reset(): void {
    this.hot = null;
    this.awakeNs.clear();
    super.reset();
  }

  protected override begins(thread: Thread): void {
    this.hot = null;
    super.begins(thread);
  }

  /** A thread that lost the lock while it was being woken is awake no later for that. */
  protected override wakesAtNs(thread: Thread): Nanos {
    const underWayNs = this.awakeNs.get(thread) ?? 0;
    if (underWayNs > this.kernel.nowNs()) return underWayNs;
    const wakesAtNs = super.wakesAtNs(thread);
    this.awakeNs.set(thread, wakesAtNs);
    return wakesAtNs;
  }

  private takeBack(thread: Thread): void {
    this.cancelWake();
    this.waiters.pushFront(this.holder!);
    this.holder = thread;
    this.begins(thread);
  }
}
