import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { Thread } from '../../entities/thread.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';

/**
 * CPython's Global Interpreter Lock: a flag and one condition variable, no queue. A release wakes one waiter, which
 * one is up to the operating system (drawn uniformly here), and whoever asks before it is awake takes the lock.
 *
 * Every waiter looks at the lock each switch interval (5 ms); if it was not handed over in that time, the waiter asks
 * the holder to drop it. A holder that was made to drop it waits until another thread has had it.
 *
 * Where all threads share one core, a thread whose blocking call returns at once is back before the waiter that it has
 * woken only if it has not had its slice of the core: after longer bursts the scheduler lets the waiter run first.
 * ```
 * asks -- free ----------------------------------------------> holds it -- blocking call, end --> released: one waiter is woken
 *   |                                                            |  ^                                 |
 *   +-- held --> waits -- no hand-over for 5 ms --> asks to drop |  +-- nobody was faster ------------+
 *                  ^                                             v
 *                  +------ another one was faster      dropped: waits until another one has had it
 * ```
 * @see python/cpython Python/ceval_gil.c at v3.12: take_gil, drop_gil (FORCE_SWITCHING)
 */
export class CPythonGil implements Gvl {
  /** In no order that matters. */
  private readonly waiters: Thread[];
  private owner: Thread | null;
  private lastOwner: Thread | null;
  private switches: number;
  /** `switches` when a waiter last looked. */
  private readonly seen: Map<Thread, number>;
  private yielder: Thread | null;
  private readonly lookTimer: Map<Thread, Timer>;
  /** One core: who released the lock last, when, and when that thread had got the core. */
  private releaser: Thread | null;
  private releasedNs: Nanos;
  private onCoreSinceNs: Nanos;
  /** How long a thread keeps the core although others are woken; Infinity with several cores. */
  private readonly preemptAfterNs: Nanos;
  private readonly intervalNs: Nanos;
  private readonly wakeLatencyNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    threads: readonly Thread[],
    params: GvlParams,
    private readonly listener: GvlListener,
    private readonly stream: Stream,
  ) {
    this.waiters = [];
    this.owner = null;
    this.lastOwner = null;
    this.switches = 0;
    this.seen = new Map();
    this.yielder = null;
    this.releaser = null;
    this.releasedNs = 0;
    this.onCoreSinceNs = 0;
    this.preemptAfterNs = params.preemptAfterNs;
    this.intervalNs = params.quantumNs + params.timerOvershootNs;
    this.wakeLatencyNs = params.wakeLatencyNs;
    const WAKE = kernel.define('gil.wake', Rank.Grant, (thread: Thread) => this.wake(thread));
    const LOOK = kernel.define('gil.look', Rank.Timer, (thread: Thread) => this.look(thread));
    for (const thread of threads) thread.gvlTimer = kernel.timer(WAKE, thread);
    this.lookTimer = new Map(threads.map((thread) => [thread, kernel.timer(LOOK, thread)]));
  }
  acquire(thread: Thread): boolean {
    if (this.owner === null && !this.isOvertaken(thread)) {
      this.take(thread);
      return true;
    }
    this.waiters.push(thread);
    this.sleep(thread);
    return false;
  }

  release(thread: Thread): void {
    const { waiters } = this;
    this.owner = null;
    this.releaser = thread;
    this.releasedNs = this.kernel.nowNs();
    if (waiters.length > 0) this.signal(waiters[Math.floor(this.stream.uniform() * waiters.length)]!);
  }

  bursts(): void {}

  holderWakes(): void {
    this.onCoreSinceNs = this.kernel.nowNs();
  }

  sliceIsOver(_thread: Thread): boolean {
    return this.waiters.length > 0;
  }

  yield(thread: Thread): void {
    this.yielder = thread;
    thread.isYielding = true;
    this.release(thread);
  }

  get waiting(): number {
    return this.waiters.length + (this.yielder === null ? 0 : 1);
  }

  reset(): void {
    this.waiters.length = 0;
    this.owner = null;
    this.lastOwner = null;
    this.yielder = null;
    this.releaser = null;
    for (const [thread, timer] of this.lookTimer) {
      thread.isYielding = false;
      this.kernel.disarm(thread.gvlTimer);
      this.kernel.disarm(timer);
    }
  }

  /** The blocking call of the thread that has just released the lock returned at once. */
  private isBack(thread: Thread): boolean {
    return this.releaser === thread && this.releasedNs === this.kernel.nowNs();
  }

  /** The thread has had its slice of the only core, and the waiter that it has woken runs before it. */
  private isOvertaken(thread: Thread): boolean {
    const isWoken = this.waiters.length > 0;
    return isWoken && this.isBack(thread) && this.releasedNs - this.onCoreSinceNs >= this.preemptAfterNs;
  }

  private take(thread: Thread): void {
    this.owner = thread;
    if (!this.isBack(thread)) this.onCoreSinceNs = this.kernel.nowNs();
    if (this.lastOwner !== thread) {
      this.lastOwner = thread;
      this.switches++;
    }
    const yielder = this.yielder;
    if (yielder !== null) {
      this.yielder = null;
      this.signal(yielder);
    }
  }

  private signal(thread: Thread): void {
    if (!this.kernel.isArmed(thread.gvlTimer))
      this.kernel.arm(thread.gvlTimer, this.kernel.nowNs() + this.wakeLatencyNs);
  }

  private wake(thread: Thread): void {
    if (thread.isYielding) {
      thread.isYielding = false;
      if (this.acquire(thread)) this.listener.granted(thread);
    } else if (this.owner === null) {
      this.kernel.disarm(this.lookTimer.get(thread)!);
      this.leaveAndTake(thread);
    } else {
      this.sleep(thread); // somebody was faster: a new interval
    }
  }

  private look(thread: Thread): void {
    if (this.kernel.isArmed(thread.gvlTimer)) return; // the signal came first and ended the wait
    const owner = this.owner;
    if (owner === null) {
      this.leaveAndTake(thread);
      return;
    }
    const mustDrop = this.seen.get(thread) === this.switches;
    this.sleep(thread);
    if (mustDrop) this.listener.interrupted(owner);
  }

  private leaveAndTake(thread: Thread): void {
    this.waiters.splice(this.waiters.indexOf(thread), 1);
    this.take(thread);
    this.listener.granted(thread);
  }

  private sleep(thread: Thread): void {
    this.seen.set(thread, this.switches);
    this.kernel.arm(this.lookTimer.get(thread)!, this.kernel.nowNs() + this.intervalNs);
  }
}
