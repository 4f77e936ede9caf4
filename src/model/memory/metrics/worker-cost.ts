import { type ProcessFigures, rssOf } from '../../memory-figures.js';

/** What one more worker or thread costs, read off a master and one of its workers. */
export interface WorkerCost {
  /** Share of the worker's resident memory that is its own. */
  readonly privateRatio: number;
  /** Share of the master's memory that the worker still shares: efficiency of copy-on-write. */
  readonly sharedRatio: number;
  /** Cost of a worker as its resident size suggests it [bytes]. */
  readonly workerByRss: number;
  /** What a worker really costs: its private pages [bytes]. */
  readonly worker: number;
  /** What one more thread would cost: the worker's memory beyond the loaded application [bytes]. */
  readonly thread: number;
  /** Static memory that the worker has written: worker - thread [bytes]. */
  readonly unshared: number;
}

/**
 * @param worker a worker with one thread
 * @param master the process it was forked from
 * @see Shopify, "To Thread or Not to Thread" (2022): how its production figures are read
 */
export function workerCost(worker: ProcessFigures, master: ProcessFigures): WorkerCost {
  const rss = rssOf(worker);
  const thread = rss - rssOf(master);
  return {
    privateRatio: worker.privateDirty / rss,
    sharedRatio: (worker.sharedClean + worker.sharedDirty) / rssOf(master),
    workerByRss: rss,
    worker: worker.privateDirty,
    thread,
    unshared: worker.privateDirty - thread,
  };
}
