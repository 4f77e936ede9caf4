import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { ProcessId } from '../../entities/ids.js';
import type { RequestTable } from '../../entities/requests.js';
import { Doing, type Thread, type ThreadOwner, type Threads } from '../../entities/thread.js';
import { Part, Status } from '../../observations.js';
import type { RackTimeoutSpec } from '../../spec.js';
import type { Calls } from '../calls/calls.js';
import type { Execution } from '../execution.js';

export interface RackTimeoutRoom {
  readonly kernel: Kernel;
  readonly requests: RequestTable;
  readonly execution: Execution;
  readonly calls: Calls | null;
  /** Threads that serve requests. */
  readonly threads: Threads;
  /** The thread of each process that raises. */
  readonly raisers: readonly Thread[];
  /** From a deadline to the first instruction of the sleeping thread [ns]. */
  readonly wakeLatencyNs: Nanos;
}

/**
 * Rack::Timeout: when the application has worked on a request for too long, another thread of the process raises an
 * exception in the thread that serves it.
 *
 * ```
 * application begins -- service_timeout --> the raising thread waits for the GVL -- has it --> raises in the other one
 *     | ends in time: nothing                                                                  |
 *     v                                            waits for I/O, a connection, a mutex: is woken, waits for the GVL
 *   answered                                       ready for Ruby code: raises when it has the GVL
 *                                                  native code: raises when that is over
 *                                                     `--> the rest of the application is left out, the client gets an error
 * ```
 * So it is late by two waits for the GVL, and by all of a C call that keeps the GVL. The exception comes anywhere in the code: a connection of
 * a pool that the thread has just then is left in a state nobody knows with the stated probability. Such a connection is never handed out
 * again here: the pool is smaller by one until the process is replaced. With `term_on_timeout` the process is asked to
 * end after so many timeouts. Left out: `wait_timeout` (requests that were too old when they came), `wait_overtime`.
 * @see zombocom/rack-timeout v0.7 lib/rack/timeout/core.rb, support/scheduler.rb; doc/risks.md
 */
export class RackTimeout implements ThreadOwner {
  /** By the number of the thread. */
  private readonly timers: Timer[];
  private readonly raiseTimers: readonly Timer[];
  /** Threads to raise in, by process. */
  private readonly overdue: readonly Set<Thread>[];
  private readonly timeouts: Int32Array;
  /** The raising thread of a process is awake, and waits for the GVL. */
  private readonly isAwake: Uint8Array;
  private terminate: (process: ProcessId) => void;

  /** @param breaks decides which connections are left broken */
  constructor(
    private readonly room: RackTimeoutRoom,
    private readonly spec: RackTimeoutSpec,
    private readonly breaks: Stream,
  ) {
    const { kernel, threads, raisers, execution } = room;
    const LATE = kernel.define('rack-timeout.late', Rank.Timer, (thread: Thread) => {
      const { process } = thread;
      this.overdue[process]!.add(thread);
      if (this.isAwake[process] === 1) return;
      this.isAwake[process] = 1;
      execution.resume(raisers[process]!);
    });
    this.timers = [];
    for (const thread of threads.flat()) this.timers[thread.id] = kernel.timer(LATE, thread);
    const RAISE = kernel.define('rack-timeout.raise', Rank.Release, (process: ProcessId) => this.raise(process));
    this.raiseTimers = threads.map((_, process) => kernel.timer(RAISE, process));
    this.overdue = threads.map(() => new Set());
    this.timeouts = new Int32Array(threads.length);
    this.isAwake = new Uint8Array(threads.length);
    this.terminate = () => {};
    for (const raiser of raisers) raiser.owner = this;
  }

  /** Who is to be told that a process is to end. */
  attach(terminate: (process: ProcessId) => void): void {
    this.terminate = terminate;
  }

  /** The application begins to work on the thread's request. */
  began(thread: Thread): void {
    const { kernel, wakeLatencyNs } = this.room;
    kernel.arm(this.timers[thread.id]!, kernel.nowNs() + this.spec.serviceTimeoutNs + wakeLatencyNs);
  }

  /** The application has done with it. */
  ended(thread: Thread): void {
    this.room.kernel.disarm(this.timers[thread.id]!);
    this.overdue[thread.process]!.delete(thread);
  }

  /** The raising thread has the GVL; it raises when those who gave it the lock have done what they were about to do. */
  executed(raiser: Thread): void {
    this.room.kernel.arm(this.raiseTimers[raiser.process]!, this.room.kernel.nowNs());
  }

  private raise(process: ProcessId): void {
    const late = [...this.overdue[process]!];
    this.overdue[process]!.clear();
    for (const thread of late) this.raiseIn(thread);
    this.isAwake[process] = 0;
    this.room.execution.block(this.room.raisers[process]!, Part.Queue);
    if (late.length > 0 && this.timeouts[process]! >= this.spec.termOnTimeout) this.terminate(process);
  }

  /** The threads of the process have been stopped, the raising one with them; only the timeouts so far are still known. */
  stopped(process: ProcessId): void {
    for (const thread of this.room.threads[process]!) this.room.kernel.disarm(this.timers[thread.id]!);
    this.room.kernel.disarm(this.raiseTimers[process]!);
    this.overdue[process]!.clear();
    this.isAwake[process] = 0;
  }

  /** A new process takes the place of this one, which was stopped. */
  renewed(process: ProcessId): void {
    this.timeouts[process] = 0;
  }

  private raiseIn(thread: Thread): void {
    const { requests, kernel, calls, execution } = this.room;
    this.timeouts[thread.process]!++;
    requests.status[thread.request] = Status.Timeout;
    thread.position = requests.phaseCount[thread.request]!;
    if (thread.doing === Doing.Native) return;
    const isBlocked = thread.part === Part.Io || thread.part === Part.PoolWait;
    kernel.disarm(thread.ioTimer);
    calls?.interrupt(thread, () => this.breaks.uniform() < this.spec.breaksConnections);
    if (isBlocked) execution.resume(thread);
    else thread.leftNs = 0;
  }
}
