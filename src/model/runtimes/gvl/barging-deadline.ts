import type { Kernel, TimerId } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type ThreadId } from '../../entities/ids.js';
import type { ThreadTable } from '../../entities/threads.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';
import { Waiters } from './waiters.js';

/**
 * The lock of Ruby 2.6 to 3.2: a release frees the lock and signals the first waiter; until that thread is awake,
 * anybody who asks may take the lock (barging), and the waiter sleeps on at its place.
 *
 * One waiter at a time is the clock. It sleeps until a deadline that all waiters share: renewed to now + 100 ms only
 * after an expiry or when somebody took the lock without contention, so slices end on a grid that does not begin with
 * their owner's turn. When the clock wakes, by expiry or by signal, it asks whoever holds the lock to give it up; one
 * expiry counts as a full 100 ms of running time. A thread that gives way does not come back before a waiter took over.
 *
 * ```
 *          acquire, lock free                         release: lock free, first waiter signalled
 * outside ---------------------------> running ------------------> outside
 *    |  acquire, lock held               ^  |  clock woke, 100 ms booked
 *    v              awake, lock free     |  v
 * asleep (one of them is the clock) -----+  yielding --> another took the lock --> acquire
 *    ^----- awake, lock taken: barged past
 * ```
 * @see ruby/ruby thread_pthread.c at v3_1_2: gvl_acquire_common, do_gvl_timer, gvl_yield
 */
export class BargingDeadlineGvl implements Gvl {
  private readonly waiters: Waiters;
  private readonly owner: Int32Array;
  /** The waiter that sleeps with a deadline, or NOBODY. */
  private readonly clock: Int32Array;
  /** The shared deadline, and whether the next clock must renew it. */
  private readonly deadlineNs: Float64Array;
  private readonly mustRenew: Uint8Array;
  /** The thread that gave way and waits until a waiter has taken the lock, and whether none has yet. */
  private readonly yielder: Int32Array;
  private readonly mustSwitch: Uint8Array;
  /** Threads that gave way while another one did: they wait until that one is awake. */
  private readonly laterYielders: ThreadId[][];
  private readonly isYielding: Uint8Array;
  private readonly processOf: Int32Array;
  private readonly lastRunner: Int32Array;
  private readonly usedNs: Float64Array;
  private readonly quantumOf: Float64Array;
  private readonly wakeTimer: TimerId[];
  private readonly deadlineTimer: TimerId[];
  private readonly quantumNs: Nanos;
  private readonly wakeLatencyNs: Nanos;
  private readonly overshootNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    threads: ThreadTable,
    params: GvlParams,
    private readonly listener: GvlListener,
  ) {
    const { processes, count } = threads;
    this.waiters = new Waiters(processes, count);
    this.owner = new Int32Array(processes).fill(NOBODY);
    this.clock = new Int32Array(processes).fill(NOBODY);
    this.deadlineNs = new Float64Array(processes);
    this.mustRenew = new Uint8Array(processes).fill(1);
    this.yielder = new Int32Array(processes).fill(NOBODY);
    this.mustSwitch = new Uint8Array(processes);
    this.laterYielders = Array.from({ length: processes }, () => []);
    this.isYielding = new Uint8Array(count);
    this.processOf = threads.processOf;
    this.lastRunner = new Int32Array(processes).fill(NOBODY);
    this.usedNs = new Float64Array(processes);
    this.quantumNs = params.quantumNs;
    this.quantumOf = new Float64Array(count).fill(params.quantumNs);
    this.wakeLatencyNs = params.wakeLatencyNs;
    this.overshootNs = params.timerOvershootNs;
    const WAKE = kernel.define('gvl.wake', Rank.Grant, (thread) => this.wake(thread));
    const DEADLINE = kernel.define('gvl.deadline', Rank.Timer, (process) => this.expire(process));
    this.wakeTimer = Array.from({ length: count }, (_, thread) => kernel.timer(WAKE, thread));
    this.deadlineTimer = Array.from({ length: processes }, (_, process) => kernel.timer(DEADLINE, process));
  }

  acquire(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    if (this.owner[process] === NOBODY) {
      this.mustRenew[process] = 1;
      this.take(process, thread);
    } else {
      this.waiters.push(process, thread);
      this.sleep(process, thread);
    }
  }

  release(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    this.owner[process] = NOBODY;
    const first = this.waiters.first(process);
    if (first !== NOBODY) this.signal(first);
  }

  sliceIsOver(thread: ThreadId): boolean {
    const process = this.processOf[thread]!;
    this.usedNs[process]! += this.quantumNs; // an expiry books a full quantum, whatever time really passed
    return this.usedNs[process]! >= this.quantumOf[thread]! && this.waiters.size[process]! > 0;
  }

  yield(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    this.isYielding[thread] = 1;
    if (this.yielder[process] === NOBODY) {
      this.yielder[process] = thread;
      this.mustSwitch[process] = 1;
    } else this.laterYielders[process]!.push(thread);
    this.release(thread);
  }

  waiting(process: ProcessId): number {
    const yielders = this.yielder[process] === NOBODY ? 0 : 1 + this.laterYielders[process]!.length;
    return this.waiters.size[process]! + yielders;
  }

  setPriority(thread: ThreadId, priority: number): void {
    this.quantumOf[thread] = this.quantumNs * 2 ** priority;
  }

  private take(process: ProcessId, thread: ThreadId): void {
    this.owner[process] = thread;
    if (this.clock[process] === NOBODY && this.waiters.size[process]! > 0) this.signal(this.waiters.last(process));
    if (this.lastRunner[process] !== thread) {
      this.lastRunner[process] = thread;
      this.usedNs[process] = 0;
    }
    this.listener.granted(thread);
  }

  /** Wakes a sleeping thread; a second signal before it is awake is lost. */
  private signal(thread: ThreadId): void {
    const timer = this.wakeTimer[thread]!;
    if (!this.kernel.isArmed(timer)) this.kernel.arm(timer, this.kernel.nowNs() + this.wakeLatencyNs);
  }

  private wake(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    if (this.isYielding[thread] === 1) {
      this.gaveWay(process, thread);
      return;
    }
    if (this.clock[process] === thread) {
      this.kernel.disarm(this.deadlineTimer[process]!);
      this.mustRenew[process] = 0;
      this.clockAwake(process, thread);
    } else {
      this.awake(process, thread);
    }
  }

  /** The thread that gave way is awake again, and asks for the lock. */
  private gaveWay(process: ProcessId, thread: ThreadId): void {
    this.isYielding[thread] = 0;
    if (this.yielder[process] === thread) {
      this.yielder[process] = NOBODY;
      for (const later of this.laterYielders[process]!.splice(0)) this.signal(later);
    }
    this.acquire(thread);
  }

  private expire(process: ProcessId): void {
    const thread = this.clock[process]!;
    if (this.kernel.isArmed(this.wakeTimer[thread]!)) return; // the signal came first and ended the wait
    this.mustRenew[process] = 1;
    this.clockAwake(process, thread);
  }

  /** The clock looks at the lock before the owner it has flagged gets to its check point: it sleeps again first. */
  private clockAwake(process: ProcessId, thread: ThreadId): void {
    const owner = this.owner[process]!;
    this.clock[process] = NOBODY;
    this.awake(process, thread);
    if (owner !== NOBODY) this.listener.interrupted(owner);
  }

  /** A waiter is awake: takes the lock if it is free, else sleeps again at its place. */
  private awake(process: ProcessId, thread: ThreadId): void {
    if (this.owner[process] !== NOBODY) {
      this.sleep(process, thread);
      return;
    }
    this.waiters.remove(process, thread);
    if (this.mustSwitch[process] === 1) {
      this.mustSwitch[process] = 0;
      this.signal(this.yielder[process]!);
    }
    this.take(process, thread);
  }

  private sleep(process: ProcessId, thread: ThreadId): void {
    if (this.clock[process] !== NOBODY) return;
    this.clock[process] = thread;
    if (this.mustRenew[process] === 1) this.deadlineNs[process] = this.kernel.nowNs() + this.quantumNs;
    const endsNs = this.deadlineNs[process]! + this.overshootNs;
    this.kernel.arm(this.deadlineTimer[process]!, endsNs > this.kernel.nowNs() ? endsNs : this.kernel.nowNs());
  }
}
