import type { Kernel } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread } from '../../entities/thread.js';
import type { JobQueues } from '../../reception/job-queues.js';
import type { QueueOrder } from './queue-order.js';

export interface FetchTimes {
  /** From BRPOP to its answer, where a job is there. */
  readonly roundTripNs: Nanos;
  /** From a push to the answer of the thread that has been blocked for longest. */
  readonly handOverNs: Nanos;
}

/**
 * The threads of all processes in front of Redis: which of them are blocked in BRPOP, and which jobs are on their way to one.
 *
 * ```
 * a thread:  fetching -- queues empty --> blocked -- a job is pushed, this one blocked longest --+
 *               |                           |                                                   v
 *               |                           +-- unblock: its process takes no more     job on its way -- arrives --> performing
 *               |                                                                        ^      |
 *               +-- a job is there ------------------------------------------------------+      +-- recall: back to its queue
 * ```
 */
export class Fetches {
  /** The longest first. */
  private readonly blocked: Thread[];
  /** The job that is on its way to a thread, by thread number. */
  private readonly onTheWay: Int32Array;

  /**
   * @param orderOf in which order a thread looks at the queues, by thread number
   * @param threads all of them are blocked at first
   * @param arrived a thread has the answer that brings it a job
   */
  constructor(
    private readonly kernel: Kernel,
    private readonly queues: JobQueues,
    private readonly orderOf: readonly QueueOrder[],
    threads: readonly Thread[],
    private readonly times: FetchTimes,
    private readonly arrived: (thread: Thread, job: RequestId) => void,
  ) {
    this.blocked = [...threads];
    this.onTheWay = new Int32Array(threads.length).fill(NOBODY);
    const ANSWER = kernel.define('sidekiq.job-arrives', Rank.Grant, (thread: Thread) => this.arrives(thread));
    for (const thread of threads) thread.wakeTimer = kernel.timer(ANSWER, thread);
  }

  /** A job is enqueued: a thread that is blocked gets it. */
  push(job: RequestId): void {
    this.queues.push(job);
    this.offer(this.queues.queueOf(job));
  }

  /** A job that was fetched comes back to its queue, before all others. */
  putBack(job: RequestId): void {
    this.queues.putBack(job);
    this.offer(this.queues.queueOf(job));
  }

  /** What the thread finds in its queues; NOBODY if they are empty. */
  find(thread: Thread): RequestId {
    return this.queues.pop(this.orderOf[thread.id]!.next());
  }

  /** The thread waits for what it has found; with NOBODY for a job that is still to come. */
  waitFor(thread: Thread, job: RequestId): void {
    if (job === NOBODY) this.blocked.push(thread);
    else this.hand(thread, job, this.times.roundTripNs);
  }

  /** Nothing that comes is for this process any more. */
  unblock(process: ProcessId): void {
    for (let k = this.blocked.length - 1; k >= 0; k--)
      if (this.blocked[k]!.process === process) this.blocked.splice(k, 1);
  }

  /** The job that was on its way to the thread, which will not have it; NOBODY if there was none. */
  recall({ id, wakeTimer }: Thread): RequestId {
    const job = this.onTheWay[id]!;
    this.onTheWay[id] = NOBODY;
    this.kernel.disarm(wakeTimer);
    return job;
  }

  private offer(queue: number): void {
    const waiting = this.blocked.findIndex((thread) => this.orderOf[thread.id]!.includes(queue));
    if (waiting === -1) return;
    const [thread] = this.blocked.splice(waiting, 1);
    this.hand(thread!, this.queues.pop([queue]), this.times.handOverNs);
  }

  private hand(thread: Thread, job: RequestId, afterNs: Nanos): void {
    this.onTheWay[thread.id] = job;
    this.kernel.arm(thread.wakeTimer, this.kernel.nowNs() + afterNs);
  }

  private arrives(thread: Thread): void {
    const job = this.onTheWay[thread.id]!;
    this.onTheWay[thread.id] = NOBODY;
    this.arrived(thread, job);
  }
}
