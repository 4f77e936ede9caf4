import { NOBODY } from '../entities/ids.js';
import type { Thread, Threads } from '../entities/thread.js';
import type { RuntimeSpec } from '../spec.js';

/**
 * Collections between requests: the thread that has ended the last request of its process runs one before it takes
 * the next, once so many requests have been served.
 *
 * ```
 * counting -- so many requests served --> due -- a request ends, no other runs --> collects: counting from 0
 *                                          `-- others run: the next that ends looks again
 * ```
 * @see puma/puma v7.2.1 `out_of_band` (when no thread of the pool is busy); unicorn `OobGC` (after every so many requests)
 */
export class OutOfBandCollections {
  private readonly served: number[];

  /** @param every requests of a process after which a collection is due */
  constructor(
    private readonly every: number,
    private readonly threads: Threads,
  ) {
    this.served = threads.map(() => 0);
  }

  /** The thread has ended a request: whether a collection is to run now. */
  isDue({ process }: Thread): boolean {
    if (++this.served[process]! < this.every) return false;
    if (this.threads[process]!.some(({ request }) => request !== NOBODY)) return false;
    this.served[process] = 0;
    return true;
  }
}

/** null: none are asked for. */
export function outOfBandCollections({ gc }: RuntimeSpec, threads: Threads): OutOfBandCollections | null {
  return gc.kind === 'allocation' && gc.outOfBandRequests > 0
    ? new OutOfBandCollections(gc.outOfBandRequests, threads)
    : null;
}
