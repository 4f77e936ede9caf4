import type { Kernel, TimerId } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { MILLISECOND, type Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type ThreadId } from '../../entities/ids.js';
import type { ThreadTable } from '../../entities/threads.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';
import { Waiters } from './waiters.js';

/** The timer thread wakes every 10 ms while somebody waits (ruby/ruby 3.3.8 thread_pthread.c, TIME_QUANTUM). */
export const TICK_NS: Nanos = 10 * MILLISECOND;

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
  protected readonly holder: Int32Array;
  /** 1 while the thread that was given the lock has not woken up yet. */
  protected readonly isWaking: Uint8Array;
  protected readonly processOf: Int32Array;
  /** Who ran last, and what it has used of its slice; a new runner starts at 0. */
  private readonly lastRunner: Int32Array;
  private readonly usedNs: Float64Array;
  private readonly quantumOf: Float64Array;
  private readonly wakeTimer: TimerId[];
  private readonly expiryTimer: TimerId[];
  /** When `expiryTimer` goes off; it may be earlier than the slice ends, never later. */
  private readonly expiryNs: Float64Array;
  /** When the timer thread looks next, or IDLE. */
  private readonly nextTickNs: Float64Array;
  private readonly wakeLatencyNs: Nanos;
  private readonly tickPeriodNs: Nanos;
  private readonly quantumNs: Nanos;
  private readonly hearsAtOnce: boolean;

  constructor(
    protected readonly kernel: Kernel,
    threads: ThreadTable,
    params: GvlParams,
    private readonly listener: GvlListener,
  ) {
    const { processes, count } = threads;
    this.waiters = new Waiters(processes, count);
    this.holder = new Int32Array(processes).fill(NOBODY);
    this.isWaking = new Uint8Array(processes);
    this.processOf = threads.processOf;
    this.lastRunner = new Int32Array(processes).fill(NOBODY);
    this.usedNs = new Float64Array(processes);
    this.quantumNs = params.quantumNs;
    this.quantumOf = new Float64Array(count).fill(params.quantumNs);
    this.wakeLatencyNs = params.wakeLatencyNs;
    this.hearsAtOnce = params.hearsAtOnce;
    this.tickPeriodNs = TICK_NS + params.timerOvershootNs;
    const WAKE = kernel.define('gvl.wake', Rank.Grant, (thread) => this.wake(thread));
    const EXPIRY = kernel.define('gvl.slice-ends', Rank.Timer, (process) => this.expire(process));
    this.wakeTimer = Array.from({ length: processes }, (_, process) => kernel.timer(WAKE, process));
    this.expiryTimer = Array.from({ length: processes }, (_, process) => kernel.timer(EXPIRY, process));
    this.expiryNs = new Float64Array(processes);
    this.nextTickNs = new Float64Array(processes).fill(IDLE);
  }

  acquire(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    if (this.holder[process] === NOBODY) {
      this.holder[process] = thread;
      this.resume(process);
      return;
    }
    this.countTicks(process);
    this.waiters.push(process, thread);
    if (this.isWaking[process] === 0) this.expectExpiry(process);
  }

  release(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    this.countTicks(process);
    const next = this.waiters.shift(process);
    if (next === NOBODY) this.holder[process] = NOBODY;
    else this.give(process, next);
  }

  sliceIsOver(thread: ThreadId): boolean {
    const process = this.processOf[thread]!;
    if (!this.hearsAtOnce) this.usedNs[process]! += TICK_NS;
    return this.usedNs[process]! >= this.quantumOf[thread]! && this.waiters.size[process]! > 0;
  }

  yield(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    this.countTicks(process);
    const next = this.waiters.shift(process);
    this.waiters.push(process, thread);
    this.give(process, next);
  }

  waiting(process: ProcessId): number {
    return this.waiters.size[process]!;
  }

  setPriority(thread: ThreadId, priority: number): void {
    this.quantumOf[thread] = this.quantumNs * 2 ** priority;
  }

  /** The holder starts to run. */
  protected resume(process: ProcessId): void {
    const thread = this.holder[process]!;
    if (this.lastRunner[process] !== thread) {
      this.lastRunner[process] = thread;
      this.usedNs[process] = 0;
    }
    if (this.waiters.size[process]! > 0) this.expectExpiry(process);
    this.listener.granted(thread);
  }

  /** The thread that was given the lock is not woken after all. */
  protected cancelWake(process: ProcessId): void {
    this.countTicks(process);
    this.isWaking[process] = 0;
    this.kernel.disarm(this.wakeTimer[process]!);
  }

  /** The lock belongs to `next` from now on, which still has to wake up. */
  private give(process: ProcessId, next: ThreadId): void {
    this.holder[process] = next;
    if (this.wakeLatencyNs === 0) {
      this.resume(process);
    } else {
      this.isWaking[process] = 1;
      this.kernel.arm(this.wakeTimer[process]!, this.wakesAtNs(next));
    }
  }

  /** When a thread that is signalled now is awake. */
  protected wakesAtNs(_thread: ThreadId): Nanos {
    return this.kernel.nowNs() + this.wakeLatencyNs;
  }

  private wake(process: ProcessId): void {
    this.countTicks(process);
    this.isWaking[process] = 0;
    this.resume(process);
  }

  /** Books the ticks up to now; to be called before anything changes. */
  private countTicks(process: ProcessId): void {
    const nowNs = this.kernel.nowNs();
    if (this.nextTickNs[process]! >= nowNs) return;
    if (this.waiters.size[process] === 0 || this.isWaking[process] === 1) {
      this.nextTickNs[process] = IDLE; // nobody to remind: the timer thread sleeps until a waiter wakes it
      return;
    }
    const ticks = Math.ceil((nowNs - this.nextTickNs[process]!) / this.tickPeriodNs);
    this.usedNs[process]! += ticks * TICK_NS;
    this.nextTickNs[process]! += ticks * this.tickPeriodNs;
  }

  /** Starts the ticks unless they go on already, and sees to it that the one that ends the slice is an event. */
  private expectExpiry(process: ProcessId): void {
    if (this.nextTickNs[process] === IDLE) this.nextTickNs[process] = this.kernel.nowNs() + this.tickPeriodNs;
    const leftNs = this.quantumOf[this.holder[process]!]! - this.usedNs[process]!;
    const ticks = this.hearsAtOnce && leftNs > TICK_NS ? Math.ceil(leftNs / TICK_NS) : 1;
    const expiryNs = this.nextTickNs[process]! + (ticks - 1) * this.tickPeriodNs;
    const timer = this.expiryTimer[process]!;
    if (this.kernel.isArmed(timer) && this.expiryNs[process]! <= expiryNs) return; // it will look again
    this.expiryNs[process] = expiryNs;
    this.kernel.arm(timer, expiryNs);
  }

  private expire(process: ProcessId): void {
    this.countTicks(process);
    const isHeard = this.waiters.size[process]! > 0 && this.isWaking[process] === 0;
    if (this.nextTickNs[process] === this.kernel.nowNs()) {
      if (this.hearsAtOnce && isHeard) this.usedNs[process]! += TICK_NS; // a constant, whatever time really passed
      this.nextTickNs[process] = isHeard ? this.nextTickNs[process]! + this.tickPeriodNs : IDLE;
    }
    if (!isHeard) return;
    this.expectExpiry(process);
    const holder = this.holder[process]!;
    if (!this.hearsAtOnce || this.sliceIsOver(holder)) this.listener.interrupted(holder);
  }
}
