import { Fifo } from '../entities/fifo.js';
import { NOBODY, type RequestId } from '../entities/ids.js';
import type { RequestTable } from '../entities/requests.js';

/**
 * Named lists of jobs as Redis keeps them: a job goes to the end of the list of its class, workers take from the front.
 *
 * ```
 * pushed --> in its list -- a worker looks into the list --> taken -- not done when the worker ends --> put back, first in its list
 * ```
 */
export class JobQueues {
  private readonly lists: readonly Fifo[];

  /** @param queueOfClass for each class of jobs the index of its queue */
  constructor(
    private readonly requests: RequestTable,
    private readonly queueOfClass: Int32Array,
    queues: number,
  ) {
    this.lists = Array.from({ length: queues }, () => new Fifo());
  }

  get size(): number {
    return this.lists.reduce((sum, list) => sum + list.size, 0);
  }

  queueOf(job: RequestId): number {
    return this.queueOfClass[this.requests.classOf[job]!]!;
  }

  push(job: RequestId): void {
    this.lists[this.queueOf(job)]!.push(job);
  }

  /** A job that had been taken comes back, before all others of its queue (RPUSH). Nothing of it has been done. */
  putBack(job: RequestId): void {
    this.requests.startsOver(job);
    this.lists[this.queueOf(job)]!.unshift(job);
  }

  /** Takes the first job of the first queue, in this order, that has one; NOBODY if none has. Its time in the queue ends. */
  pop(order: readonly number[]): RequestId {
    for (const queue of order) {
      const job = this.lists[queue]!.shift();
      if (job === NOBODY) continue;
      this.requests.accepted(job);
      return job;
    }
    return NOBODY;
  }
}
