import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { MILLISECOND, type Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';
import { Waiters } from './waiters.js';
import { wakeLatencyOf } from './wake-ups.js';

/** The timer thread wakes every 10 ms while somebody waits (ruby/ruby 3.3.8 thread_pthread.c, TIME_QUANTUM). */
const TICK_NS: Nanos = 10 * MILLISECOND;

const IDLE = Number.POSITIVE_INFINITY;

/**
 * The lock of Ruby 3.3 to 3.5: strict FIFO. A release hands the lock to the first waiter at once, while that thread
 * still sleeps, so nobody can overtake it; the price is a wake-up per contended hand-off in which no Ruby code runs.
 *
 * Time slices are counted in ticks of 10 ms that the timer thread sends while somebody waits: CPU time used before the
 * first waiter came is free. The timer restarts its 10 ms when a waiter finds it idle; otherwise its ticks go on. A
 * tick at the very time of another change sees the state after it.
 *
 * A holder that cannot hear a tick (no core, collecting garbage) books a single one for all that it has missed. Where
 * holders always hear them, ticks that do not end a slice have no effect but to be counted; then they are counted when
 * the state next changes, and only the tick that can end the slice is an event (the others made 15 % of all events).
 *
 * ```
 *          acquire, lock free                       release
 * outside ------------------------> running ------------------> outside
 *    |  acquire, lock held             ^  |  tick, slice used up, somebody waits
 *    +----------> waiting --> woken ---+  +--> waiting (at the tail)
 *                      head is given the lock; runs after the wake-up latency
 * ```
 * @see ruby/ruby thread_pthread.c at v3_3_8: thread_sched_to_running_common, thread_sched_to_waiting_common, timer_thread_polling
 */
export class FifoTicksGvl implements Gvl {
  protected readonly waiters: Waiters;
  protected holder: Thread | null;
  /** The thread that was given the lock has not woken up yet. */
  protected isWaking: boolean;
  /** Who ran last, and what it has used of its slice; a new runner starts at 0. */
  protected lastRunner: Thread | null;
  protected usedNs: Nanos;
  /** When the timer thread looks next, or IDLE. */
  private nextTickNs: Nanos;
  /** When `expiryTimer` goes off; it may be earlier than the slice ends, never later. */
  private expiryNs: Nanos;
  private readonly wakeTimer: Timer;
  private readonly expiryTimer: Timer;
  private readonly tickPeriodNs: Nanos;
  /** A tick may find the holder where it cannot hear it. */
  private readonly mayMiss: boolean;

  constructor(
    protected readonly kernel: Kernel,
    threads: readonly Thread[],
    protected readonly params: GvlParams,
    private readonly listener: GvlListener,
  ) {
    this.waiters = new Waiters();
    this.holder = null;
    this.isWaking = false;
    this.lastRunner = null;
    this.usedNs = 0;
    this.nextTickNs = IDLE;
    this.expiryNs = IDLE;
    this.tickPeriodNs = TICK_NS + params.timerOvershootNs;
    this.mayMiss = !params.hearsAtOnce;
    this.wakeTimer = kernel.timer(
      kernel.define('gvl.wake', Rank.Grant, () => this.wake()),
      this,
    );
    this.expiryTimer = kernel.timer(
      kernel.define('gvl.slice-ends', Rank.Timer, () => this.expire()),
      this,
    );
    for (const thread of threads) thread.quantumNs = params.quantumNs;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  acquire(thread: Thread): boolean {
    const { holder } = this;
    if (holder === null) {
      this.holder = thread;
      this.begins(thread);
      return true;
    }
    this.countTicks();
    this.sleep(thread);
    if (!this.isWaking) this.expectExpiry(holder);
    return false;
  }

  bursts(thread: Thread): void {
    if (this.waiters.size > 0 && !this.mayMiss) this.expectExpiry(thread);
  }

  release(_thread: Thread): void {
    this.countTicks();
    const next = this.waiters.shift();
    if (next === null) this.holder = null;
    else this.give(next);
  }

  sliceIsOver(thread: Thread): boolean {
    if (this.mayMiss) this.usedNs += TICK_NS;
    return this.usedNs >= thread.quantumNs && this.waiters.size > 0;
  }

  yield(thread: Thread): void {
    this.countTicks();
    const next = this.waiters.shift()!;
    this.sleep(thread);
    this.give(next);
  }

  reset(): void {
    this.waiters.clear();
    this.holder = null;
    this.isWaking = false;
    this.lastRunner = null;
    this.nextTickNs = IDLE;
    this.expiryNs = IDLE;
    this.kernel.disarm(this.wakeTimer);
    this.kernel.disarm(this.expiryTimer);
  }

  /** The holder starts to run. */
  protected begins(thread: Thread): void {
    if (this.lastRunner !== thread) {
      this.lastRunner = thread;
      this.usedNs = 0;
    }
    if (this.waiters.size === 0) return;
    this.startTicks();
    if (this.mayMiss) this.expectExpiry(thread);
  }

  /** The thread that was given the lock is not woken after all. */
  protected cancelWake(): void {
    this.countTicks();
    this.isWaking = false;
    this.kernel.disarm(this.wakeTimer);
  }

  /** The lock belongs to `next` from now on, which still has to wake up. */
  private give(next: Thread): void {
    this.holder = next;
    if (this.params.wakeLatencyNs === 0) {
      this.resume(next);
    } else {
      this.isWaking = true;
      this.kernel.arm(this.wakeTimer, this.wakesAtNs(next));
    }
  }

  /** The thread that was given the lock is awake, and runs. */
  protected resume(thread: Thread): void {
    this.begins(thread);
    this.listener.granted(thread);
  }

  /** When a thread that is signalled now is awake. */
  protected wakesAtNs(thread: Thread): Nanos {
    const nowNs = this.kernel.nowNs();
    return nowNs + wakeLatencyOf(this.params, thread, nowNs);
  }

  protected sleep(thread: Thread): void {
    thread.asleepSinceNs = this.kernel.nowNs();
    this.waiters.push(thread);
  }

  private wake(): void {
    this.countTicks();
    this.isWaking = false;
    this.resume(this.holder!);
  }

  /** Books the ticks up to now; to be called before anything changes. */
  private countTicks(): void {
    if (this.nextTickNs < this.kernel.nowNs()) this.countTicksBefore(this.kernel.nowNs());
  }

  private countTicksBefore(nowNs: Nanos): void {
    if (this.waiters.size === 0 || this.isWaking) {
      this.nextTickNs = IDLE; // nobody to remind: the timer thread sleeps until a waiter wakes it
      return;
    }
    const ticks = Math.ceil((nowNs - this.nextTickNs) / this.tickPeriodNs);
    this.usedNs += ticks * TICK_NS;
    this.nextTickNs += ticks * this.tickPeriodNs;
  }

  /** A waiter wakes the timer thread, unless its ticks go on already. */
  private startTicks(): void {
    if (this.nextTickNs === IDLE) this.nextTickNs = this.kernel.nowNs() + this.tickPeriodNs;
  }

  /**
   * Starts the ticks, and sees to it that the one that ends the slice is an event. A burst that surely ends before that
   * needs none: then the next burst, or the next waiter, looks again.
   */
  private expectExpiry(holder: Thread): void {
    this.startTicks();
    const leftNs = holder.quantumNs - this.usedNs;
    if (this.mayMiss) this.expectTick(1);
    else if (holder.burstEndNs >= this.nextTickNs + leftNs - TICK_NS) this.expectTick(Math.ceil(leftNs / TICK_NS));
  }

  /** Sees to it that this tick, counted from the next one as 1, is an event. */
  private expectTick(ticks: number): void {
    const expiryNs = this.nextTickNs + (Math.max(ticks, 1) - 1) * this.tickPeriodNs;
    if (this.expiryNs <= expiryNs) return; // it will look again
    this.expiryNs = expiryNs;
    this.kernel.arm(this.expiryTimer, expiryNs);
  }

  private expire(): void {
    this.expiryNs = IDLE;
    this.countTicks();
    const isHeard = this.waiters.size > 0 && !this.isWaking;
    if (this.nextTickNs === this.kernel.nowNs()) {
      if (!this.mayMiss && isHeard) this.usedNs += TICK_NS; // a constant, whatever time really passed
      this.nextTickNs = isHeard ? this.nextTickNs + this.tickPeriodNs : IDLE;
    }
    if (!isHeard) return;
    const holder = this.holder!;
    this.expectExpiry(holder);
    if (this.mayMiss || this.sliceIsOver(holder)) this.listener.interrupted(holder);
  }
}
