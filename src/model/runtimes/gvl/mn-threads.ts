import type { Kernel } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import { FifoTicksGvl } from './fifo-ticks.js';
import type { GvlListener, GvlParams } from './gvl.js';

/**
 * From one Ruby thread to the next on the same native thread. Measured, Ruby 3.3.8 with RUBY_MN_THREADS=1, six runs: a `Thread.pass` of two threads
 * takes 0.033 to 0.052 us longer than one of a thread alone, which stays where it is.
 */
const SWITCH_NS: Nanos = 40;

/**
 * The lock of Ruby 3.3 with RUBY_MN_THREADS=1: Ruby threads are coroutines on native threads. The order of the waiters is the
 * same; two things differ.
 *
 * - Handing the lock on is a switch of coroutines, 0.04 us, and no wake-up of a sleeping native thread.
 * - The account of the time slice is not reset when another thread runs (the switch sets the running thread before it is
 *   compared with the last one): a thread that has used up its 100 ms once is switched at every tick of 10 ms from then on.
 *   Ruby threads of a server live long, so slices of 10 ms are the rule.
 *
 * ```
 * first 100 ms under contention: slices as without -- used up --> 10 ms a turn for the rest of its life
 * ```
 * Left out: while a C call blocks outside the scheduler, the next Ruby thread needs another native thread, which has to be woken as without; here it goes
 * on after a switch of coroutines, as it does in truth where the call returns at once. Waits with a timeout end on whole ms; what the poller needs to wake a thread whose I/O
 * is done.
 * @see ruby/ruby 3.3.8 thread_pthread.c thread_sched_wait_running_turn, thread_sched_switch0, ractor_core.h rb_ractor_thread_switch
 */
export class MnThreadsGvl extends FifoTicksGvl {
  /** What each thread had used of its slice when it ran last [ns]. */
  private readonly accounts: Map<Thread, Nanos>;

  constructor(kernel: Kernel, threads: readonly Thread[], params: GvlParams, listener: GvlListener) {
    const wakeLatencyNs = Math.min(params.wakeLatencyNs, SWITCH_NS);
    const warmWakeLatencyNs = Math.min(params.warmWakeLatencyNs, SWITCH_NS);
    super(kernel, threads, { ...params, wakeLatencyNs, warmWakeLatencyNs }, listener);
    this.accounts = new Map();
  }

  override reset(): void {
    this.accounts.clear();
    super.reset();
  }

  protected override begins(thread: Thread): void {
    const before = this.lastRunner;
    if (before !== thread) {
      if (before !== null) this.accounts.set(before, this.usedNs);
      this.lastRunner = thread;
      this.usedNs = this.accounts.get(thread) ?? 0;
    }
    super.begins(thread);
  }
}
