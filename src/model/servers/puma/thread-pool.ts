import type { Kernel, TimerId } from '../../../kernel/kernel.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import { Fifo } from '../../entities/fifo.js';
import { NOBODY, type RequestId, type ThreadId } from '../../entities/ids.js';
import { Part } from '../../observations.js';
import type { Execution, ExecutionOwner } from '../../runtimes/execution.js';

export interface ThreadPoolListener {
  /** A pool thread holds the GVL and takes the request. */
  taken(thread: ThreadId, request: RequestId): void;
  /** A pool thread has run out of work (the condition variable `not_full`). */
  notFull(): void;
}

/** Timers of a pool, made by the server: `wake` by thread, `trim` one. */
export interface ThreadPoolTimers {
  wake(thread: ThreadId): TimerId;
  readonly trim: TimerId;
}

export interface ThreadPoolParams {
  readonly firstThread: ThreadId;
  readonly minThreads: number;
  readonly maxThreads: number;
  /** From a signal to the first instruction of a sleeping thread [ns]. */
  readonly wakeLatencyNs: Nanos;
  /** Start of a thread [ns]. */
  readonly spawnNs: Nanos;
}

/** Surplus threads end at these intervals (auto_trim_time 30 s). */
const TRIM_INTERVAL_NS: Nanos = 30 * SECOND;

/**
 * The pool of threads of one Puma process and its queue `todo`.
 *
 * A thread that has nothing to do waits for the condition variable `not_empty`; the one that has waited longest is
 * woken first, and takes whatever is first in `todo` once it has the GVL.
 * @see puma/puma lib/puma/thread_pool.rb (spawn_thread, <<, trim)
 */
export class ThreadPool implements ExecutionOwner {
  spawned: number;
  private readonly todo: Fifo;
  /** Threads that wait for `not_empty`, in that order. */
  private readonly asleep: Fifo;
  private readonly unspawned: ThreadId[];
  /** Threads without work that do not hold the GVL: asleep, or woken and on their way. */
  private waiting: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly params: ThreadPoolParams,
    private readonly timers: ThreadPoolTimers,
    private readonly listener: ThreadPoolListener,
  ) {
    const { firstThread, minThreads, maxThreads } = params;
    this.todo = new Fifo();
    this.asleep = new Fifo();
    this.unspawned = [];
    this.spawned = minThreads;
    this.waiting = minThreads;
    for (let k = 0; k < maxThreads; k++) execution.own(firstThread + k, this);
    for (let k = 0; k < minThreads; k++) this.asleep.push(firstThread + k);
    for (let k = maxThreads - 1; k >= minThreads; k--) this.unspawned.push(firstThread + k);
  }

  /** Requests that wait for a thread. */
  get backlog(): number {
    return this.todo.size;
  }

  /** Threads at work. */
  get working(): number {
    return this.spawned - this.waiting;
  }

  /** Threads at work plus requests queued, as Puma counts them. */
  get busy(): number {
    return this.spawned - this.waiting + this.todo.size;
  }

  push(request: RequestId): void {
    this.todo.push(request);
    if (this.waiting < this.todo.size && this.spawned < this.params.maxThreads) this.spawn();
    const thread = this.asleep.shift();
    if (thread !== NOBODY) this.kernel.arm(this.timers.wake(thread), this.kernel.nowNs() + this.params.wakeLatencyNs);
  }

  /** A thread that was woken or started has the GVL. */
  executed(thread: ThreadId): void {
    this.waiting--;
    this.next(thread);
  }

  /** The thread, which holds the GVL, looks for work; without any it goes to sleep. */
  next(thread: ThreadId): void {
    const request = this.todo.shift();
    if (request !== NOBODY) {
      this.listener.taken(thread, request);
      return;
    }
    this.waiting++;
    this.asleep.push(thread);
    this.execution.own(thread, this);
    this.listener.notFull();
    this.execution.block(thread, Part.Queue);
  }

  /** The thread wakes up or begins, and wants the GVL. */
  wake(thread: ThreadId): void {
    this.execution.resume(thread);
  }

  /** Ends one thread if there is one too many. */
  trim(): void {
    if (this.waiting - this.todo.size > 0 && this.asleep.size > 0 && this.spawned > this.params.minThreads) {
      this.unspawned.push(this.asleep.shift());
      this.waiting--;
      this.spawned--;
    }
    this.trimLater();
  }

  private spawn(): void {
    const thread = this.unspawned.pop()!;
    this.spawned++;
    this.waiting++; // until it runs, which `executed` undoes
    this.kernel.arm(this.timers.wake(thread), this.kernel.nowNs() + this.params.spawnNs);
    this.trimLater();
  }

  private trimLater(): void {
    if (this.spawned > this.params.minThreads && !this.kernel.isArmed(this.timers.trim)) {
      this.kernel.arm(this.timers.trim, (Math.floor(this.kernel.nowNs() / TRIM_INTERVAL_NS) + 1) * TRIM_INTERVAL_NS);
    }
  }
}
