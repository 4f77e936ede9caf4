import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import { Fifo } from '../../entities/fifo.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Execution } from '../../runtimes/execution.js';

export interface ThreadPoolListener {
  /** A pool thread holds the GVL and takes the request. */
  taken(thread: Thread, request: RequestId): void;
  /** A pool thread has run out of work (the condition variable `not_full`). */
  notFull(): void;
}

export interface ThreadPoolParams {
  readonly minThreads: number;
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
 * ```
 * spawned --> waits for not_empty -- signalled --> waits for the GVL -- todo is not empty --> works --> looks into todo again
 *                ^      |                                |                                                |
 *                |      +-- surplus, at a trim: ends     |                                                |
 *                +---------------------------------------+------------------ todo is empty ---------------+
 * ```
 * @see puma/puma lib/puma/thread_pool.rb (spawn_thread, <<, trim)
 */
export class ThreadPool implements ThreadOwner {
  spawned: number;
  /** Threads that may be spawned; those of the settings unless it is resized. */
  limit: number;
  private readonly todo: Fifo;
  /** Threads that wait for `not_empty`, in that order. */
  private asleep: Thread[];
  private unspawned: Thread[];
  /** Threads without work that do not hold the GVL: asleep, or woken and on their way. */
  private waiting: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly threads: readonly Thread[],
    private readonly params: ThreadPoolParams,
    private readonly trimTimer: Timer,
    private readonly listener: ThreadPoolListener,
  ) {
    this.todo = new Fifo();
    this.asleep = [];
    this.unspawned = [];
    this.spawned = 0;
    this.limit = threads.length;
    this.waiting = 0;
    this.opens();
  }

  /** The process begins: `minThreads` threads that sleep. */
  opens(): void {
    const { minThreads } = this.params;
    this.asleep = this.threads.slice(0, minThreads);
    this.unspawned = this.threads.slice(minThreads).reverse();
    this.spawned = minThreads;
    this.limit = this.threads.length;
    this.waiting = minThreads;
    for (const thread of this.threads) thread.owner = this;
  }

  /** The process is gone, and its threads with it. */
  vanishes(lost: (request: RequestId) => void): void {
    while (this.todo.size > 0) lost(this.todo.shift());
    for (const thread of this.threads) this.kernel.disarm(thread.wakeTimer);
    this.kernel.disarm(this.trimTimer);
    this.asleep = [];
    this.spawned = 0;
    this.waiting = 0;
  }

  /** Requests that wait for a thread. */
  get backlog(): number {
    return this.todo.size;
  }

  /** Threads at work. */
  get working(): number {
    return this.spawned - this.waiting;
  }

  /** Threads without work. */
  get idle(): number {
    return this.waiting;
  }

  /** Threads at work plus requests queued, as Puma counts them. */
  get busy(): number {
    return this.spawned - this.waiting + this.todo.size;
  }

  push(request: RequestId): void {
    this.todo.push(request);
    if (this.waiting < this.todo.size && this.spawned < this.limit) this.spawn();
    const thread = this.asleep.shift();
    if (thread !== undefined) this.kernel.arm(thread.wakeTimer, this.kernel.nowNs() + this.params.wakeLatencyNs);
  }

  /** A thread that was woken or started has the GVL. */
  executed(thread: Thread): void {
    this.waiting--;
    this.next(thread);
  }

  /** The thread, which holds the GVL, looks for work; without any it goes to sleep. */
  next(thread: Thread): void {
    if (this.spawned > this.limit) {
      this.leave(thread);
      return;
    }
    const request = this.todo.shift();
    if (request !== NOBODY) {
      this.listener.taken(thread, request);
      return;
    }
    this.waiting++;
    this.asleep.push(thread);
    thread.owner = this;
    this.listener.notFull();
    this.execution.block(thread, Part.Queue);
  }

  /**
   * Changes the number of threads that may be spawned. Those that are too many end, if they work as soon as they have done
   * that; until then none sleeps, so who ends can leave what is queued to the others.
   *
   * @param limit from 1 to the number of threads of the settings
   */
  resize(limit: number): void {
    this.limit = limit;
    while (this.spawned > limit && this.asleep.length > 0) {
      this.unspawned.push(this.asleep.shift()!);
      this.waiting--;
      this.spawned--;
    }
    for (let queued = this.todo.size - this.waiting; queued > 0 && this.spawned < limit; queued--) this.spawn();
    this.listener.notFull();
  }

  /** The thread wakes up or begins, and wants the GVL. */
  wake(thread: Thread): void {
    this.execution.resume(thread);
  }

  /** Ends one thread if there is one too many. */
  trim(): void {
    if (this.waiting - this.todo.size > 0 && this.asleep.length > 0 && this.spawned > this.params.minThreads) {
      this.unspawned.push(this.asleep.shift()!);
      this.waiting--;
      this.spawned--;
    }
    this.trimLater();
  }

  private spawn(): void {
    const thread = this.unspawned.pop()!;
    this.spawned++;
    this.waiting++; // until it runs, which `executed` undoes
    this.kernel.arm(thread.wakeTimer, this.kernel.nowNs() + this.params.spawnNs);
    this.trimLater();
  }

  /** The thread, which holds the GVL, ends. */
  private leave(thread: Thread): void {
    this.spawned--;
    this.unspawned.push(thread);
    thread.owner = this;
    this.listener.notFull();
    this.execution.block(thread, Part.Queue);
  }

  private trimLater(): void {
    if (this.spawned > this.params.minThreads && !this.kernel.isArmed(this.trimTimer)) {
      this.kernel.arm(this.trimTimer, (Math.floor(this.kernel.nowNs() / TRIM_INTERVAL_NS) + 1) * TRIM_INTERVAL_NS);
    }
  }
}
