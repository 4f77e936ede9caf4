import type { Kernel } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';

/**
 * The one core that all threads of a process share, as far as it decides who gets to the lock first.
 *
 * A woken thread gets the core when the running one sleeps or has had its slice, not before; and a running thread that
 * has had its slice loses the core to a thread that it wakes, even in the middle of a call that returns at once. Those
 * who wait for the core get it in the order in which they were woken; one that was pre-empted comes after them.
 *
 * Known to be wrong: the slice stands for what the scheduler really compares, how much of the core each thread has had. A woken thread runs at once, slice or not, if it has
 * had less than the average of those that are runnable (lag), and waits even after the slice if it has had more. So a call that returns at once after less than 0.1 ms of
 * Ruby code loses the lock in 15 to 39 % of the cases measured, in none here, and after 2 to 8 ms in 86 to 93 %, here in all (docs/background/cores.md).
 *
 * Only the threads of one process are looked at: the slices of other processes are the business of `cpu/`.
 *
 * ```
 * core free -- begins --> kept for a slice -- slice over --> runs on until it wakes somebody
 *     ^                      |                                  |
 *     `------ leaves --------+----------------------------------'      leaves and is back at once: stays
 * woken thread -- core is kept --> waits for the end of the slice, or until the running one leaves --> looks at the lock
 * running thread -- back after its slice, another has the lock --> pre-empted --> looks again after that one's slice
 * ```
 * @see Linux kernel/sched/fair.c at v6.12: RUN_TO_PARITY, check_preempt_wakeup_fair
 */
export class SharedCore {
  /** Until then the running thread keeps the core whoever is woken; in the past when it is free or has had its slice. */
  private keptUntilNs: Nanos;
  private lastRunner: Thread | null;
  private leftNs: Nanos;
  private keptBeforeNs: Nanos;
  /** Woken, in that order, and pre-empted. Each has its `gvlTimer` armed for when the slice of the running one ends. */
  private readonly woken: Thread[];
  private readonly preempted: Thread[];

  /**
   * @param sliceNs slice of the scheduler: how long a running thread keeps the core
   * @param switchNs from a thread that sleeps to the first instruction of one that is runnable
   */
  constructor(
    private readonly kernel: Kernel,
    private readonly sliceNs: Nanos,
    private readonly switchNs: Nanos,
  ) {
    this.keptUntilNs = 0;
    this.lastRunner = null;
    this.leftNs = -1;
    this.keptBeforeNs = 0;
    this.woken = [];
    this.preempted = [];
  }

  /** A thread runs that does not make way yet. */
  get isKept(): boolean {
    return this.kernel.nowNs() < this.keptUntilNs;
  }

  /** The process was killed: nobody runs or waits for the core. */
  reset(): void {
    this.keptUntilNs = 0;
    this.lastRunner = null;
    this.woken.length = 0;
    this.preempted.length = 0;
  }

  /** A thread gets the core now. */
  begins(): void {
    this.keptUntilNs = this.kernel.nowNs() + this.sliceNs;
  }

  /** The running thread sleeps in a call that keeps the lock: who waits for the core gets it, and looks at the lock. */
  idles(): void {
    this.keptUntilNs = 0;
    this.armAll(this.kernel.nowNs() + this.switchNs);
  }

  /**
   * The running thread enters a blocking call: the core is free for those who wait for it.
   *
   * Known to be wrong: the scheduler decides by lag and deadline whether a thread that was pre-empted runs before one that has been woken (in 6
   * of 18 such turns recorded with a Puma on Ruby 3.1.2); here it never does, and is looked at right after the other has woken up.
   *
   * @param signalled woken by the thread before it left, so it is before those who were pre-empted; its `gvlTimer` is armed
   */
  leaves(thread: Thread, signalled: Thread | null = null): void {
    this.lastRunner = thread;
    this.leftNs = this.kernel.nowNs();
    this.keptBeforeNs = this.keptUntilNs;
    this.keptUntilNs = 0;
    const freeNs = this.leftNs + this.switchNs;
    for (const other of this.woken) this.kernel.arm(other.gvlTimer, freeNs);
    const preemptedNs = signalled === null ? freeNs : Math.max(freeNs, signalled.gvlTimer.atNs + 1);
    for (const other of this.preempted) this.kernel.arm(other.gvlTimer, preemptedNs);
  }

  /** The call of the thread that has just left returned at once, so it has never slept. */
  isBack(thread: Thread): boolean {
    return this.lastRunner === thread && this.leftNs === this.kernel.nowNs();
  }

  /** It has had its slice: a thread that was woken meanwhile takes its place. */
  get hadItsSlice(): boolean {
    return this.kernel.nowNs() >= this.keptBeforeNs;
  }

  /** It runs on; whoever was to get the core waits again. */
  stays(): void {
    this.keptUntilNs = this.keptBeforeNs;
    if (this.isKept) this.armAll(this.keptUntilNs);
  }

  /**
   * The thread is runnable but the core is kept: its `gvlTimer` goes off when the slice of the running one ends, or
   * when that one leaves the core.
   */
  wait(thread: Thread): void {
    if (!this.woken.includes(thread) && !this.preempted.includes(thread)) this.woken.push(thread);
    this.kernel.arm(thread.gvlTimer, this.keptUntilNs);
  }

  /** The thread has the core, for as long as it takes to look at the lock. */
  looks(thread: Thread): void {
    remove(this.woken, thread);
    remove(this.preempted, thread);
  }

  /** The thread lost the core to one that is awake after `wakeLatencyNs` and has a slice of its own. */
  makeWay(thread: Thread, wakeLatencyNs: Nanos): void {
    this.preempted.push(thread);
    this.kernel.arm(thread.gvlTimer, this.kernel.nowNs() + wakeLatencyNs + this.sliceNs);
  }

  /** In their order: the first to get the core makes the others wait. */
  private armAll(atNs: Nanos): void {
    for (const thread of this.woken) this.kernel.arm(thread.gvlTimer, atNs);
    for (const thread of this.preempted) this.kernel.arm(thread.gvlTimer, atNs);
  }
}

function remove(threads: Thread[], thread: Thread): void {
  const index = threads.indexOf(thread);
  if (index !== -1) threads.splice(index, 1);
}
