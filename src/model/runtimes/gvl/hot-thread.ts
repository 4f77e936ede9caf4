import type { Kernel } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type ThreadId } from '../../entities/ids.js';
import type { ThreadTable } from '../../entities/threads.js';
import { FifoTicksGvl } from './fifo-ticks.js';
import type { GvlListener, GvlParams } from './gvl.js';

/**
 * The lock of Ruby's 2026 master: as 3.3, but the thread that released the lock last may take it back while the
 * waiter that was given it is still waking up. That waiter goes to the front of the queue. The hint is forgotten as
 * soon as any thread has resumed.
 * @see ruby/ruby thread_sched.c (master, 2026): runnable_hot_th; bugs.ruby-lang.org #21685
 */
export class HotThreadGvl extends FifoTicksGvl {
  private readonly hot: Int32Array;
  /** When each thread is awake after it was last signalled. */
  private readonly awakeNs: Float64Array;

  constructor(kernel: Kernel, threads: ThreadTable, params: GvlParams, listener: GvlListener) {
    super(kernel, threads, params, listener);
    this.hot = new Int32Array(threads.processes).fill(NOBODY);
    this.awakeNs = new Float64Array(threads.count);
  }

  override acquire(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    if (this.hot[process] === thread && this.isWaking[process] === 1) this.takeBack(process, thread);
    else super.acquire(thread);
  }

  override release(thread: ThreadId): void {
    this.hot[this.processOf[thread]!] = thread;
    super.release(thread);
  }

  protected override resume(process: ProcessId): void {
    this.hot[process] = NOBODY;
    super.resume(process);
  }

  /** A thread that lost the lock while it was being woken is awake no later for that. */
  protected override wakesAtNs(thread: ThreadId): Nanos {
    if (this.awakeNs[thread]! <= this.kernel.nowNs()) this.awakeNs[thread] = super.wakesAtNs(thread);
    return this.awakeNs[thread]!;
  }

  private takeBack(process: ProcessId, thread: ThreadId): void {
    this.cancelWake(process);
    this.waiters.pushFront(process, this.holder[process]!);
    this.holder[process] = thread;
    this.resume(process);
  }
}
