import type { Kernel, TimerId } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import { NOBODY, type ProcessId, type ThreadId } from '../../entities/ids.js';
import type { ThreadTable } from '../../entities/threads.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';

/**
 * CPython's Global Interpreter Lock: a flag and one condition variable, no queue. A release wakes one waiter, which
 * one is up to the operating system (drawn uniformly here), and whoever asks before it is awake takes the lock.
 *
 * Every waiter looks at the lock each switch interval (5 ms); if it was not handed over in that time, the waiter asks
 * the holder to drop it. A holder that was made to drop it waits until another thread has had it.
 * @see python/cpython Python/ceval_gil.c at v3.12: take_gil, drop_gil (FORCE_SWITCHING)
 */
export class CPythonGil implements Gvl {
  /** Waiters of each process, in no order that matters. */
  private readonly waiters: ThreadId[][];
  private readonly owner: Int32Array;
  private readonly lastOwner: Int32Array;
  private readonly switches: Float64Array;
  /** `switches` when a waiter last looked. */
  private readonly seen: Float64Array;
  private readonly yielder: Int32Array;
  private readonly isYielding: Uint8Array;
  private readonly processOf: Int32Array;
  private readonly wakeTimer: TimerId[];
  private readonly lookTimer: TimerId[];
  private readonly intervalNs: Nanos;
  private readonly wakeLatencyNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    threads: ThreadTable,
    params: GvlParams,
    private readonly listener: GvlListener,
    private readonly stream: Stream,
  ) {
    const { processes, count } = threads;
    this.waiters = Array.from({ length: processes }, () => []);
    this.owner = new Int32Array(processes).fill(NOBODY);
    this.lastOwner = new Int32Array(processes).fill(NOBODY);
    this.switches = new Float64Array(processes);
    this.seen = new Float64Array(count);
    this.yielder = new Int32Array(processes).fill(NOBODY);
    this.isYielding = new Uint8Array(count);
    this.processOf = threads.processOf;
    this.intervalNs = params.quantumNs + params.timerOvershootNs;
    this.wakeLatencyNs = params.wakeLatencyNs;
    const WAKE = kernel.define('gil.wake', Rank.Grant, (thread) => this.wake(thread));
    const LOOK = kernel.define('gil.look', Rank.Timer, (thread) => this.look(thread));
    this.wakeTimer = Array.from({ length: count }, (_, thread) => kernel.timer(WAKE, thread));
    this.lookTimer = Array.from({ length: count }, (_, thread) => kernel.timer(LOOK, thread));
  }

  acquire(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    if (this.owner[process] === NOBODY) this.take(process, thread);
    else {
      this.waiters[process]!.push(thread);
      this.sleep(process, thread);
    }
  }

  release(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    const waiters = this.waiters[process]!;
    this.owner[process] = NOBODY;
    if (waiters.length > 0) this.signal(waiters[Math.floor(this.stream.uniform() * waiters.length)]!);
  }

  sliceIsOver(thread: ThreadId): boolean {
    return this.waiters[this.processOf[thread]!]!.length > 0;
  }

  yield(thread: ThreadId): void {
    this.yielder[this.processOf[thread]!] = thread;
    this.isYielding[thread] = 1;
    this.release(thread);
  }

  waiting(process: ProcessId): number {
    return this.waiters[process]!.length + (this.yielder[process] === NOBODY ? 0 : 1);
  }

  /** CPython has no thread priorities. */
  setPriority(_thread: ThreadId, _priority: number): void {}

  private take(process: ProcessId, thread: ThreadId): void {
    this.owner[process] = thread;
    if (this.lastOwner[process] !== thread) {
      this.lastOwner[process] = thread;
      this.switches[process]!++;
    }
    const yielder = this.yielder[process]!;
    if (yielder !== NOBODY) {
      this.yielder[process] = NOBODY;
      this.signal(yielder);
    }
    this.listener.granted(thread);
  }

  private signal(thread: ThreadId): void {
    if (!this.kernel.isArmed(this.wakeTimer[thread]!))
      this.kernel.arm(this.wakeTimer[thread]!, this.kernel.nowNs() + this.wakeLatencyNs);
  }

  private wake(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    if (this.isYielding[thread] === 1) {
      this.isYielding[thread] = 0;
      this.acquire(thread);
    } else if (this.owner[process] === NOBODY) {
      this.kernel.disarm(this.lookTimer[thread]!);
      this.leaveAndTake(process, thread);
    } else {
      this.sleep(process, thread); // somebody was faster: a new interval
    }
  }

  private look(thread: ThreadId): void {
    if (this.kernel.isArmed(this.wakeTimer[thread]!)) return; // the signal came first and ended the wait
    const process = this.processOf[thread]!;
    const owner = this.owner[process]!;
    if (owner === NOBODY) {
      this.leaveAndTake(process, thread);
      return;
    }
    const mustDrop = this.seen[thread] === this.switches[process];
    this.sleep(process, thread);
    if (mustDrop) this.listener.interrupted(owner);
  }

  private leaveAndTake(process: ProcessId, thread: ThreadId): void {
    const waiters = this.waiters[process]!;
    waiters.splice(waiters.indexOf(thread), 1);
    this.take(process, thread);
  }

  private sleep(process: ProcessId, thread: ThreadId): void {
    this.seen[thread] = this.switches[process]!;
    this.kernel.arm(this.lookTimer[thread]!, this.kernel.nowNs() + this.intervalNs);
  }
}
