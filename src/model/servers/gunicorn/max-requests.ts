import type { Stream } from '../../../random/streams.js';
import type { ProcessId } from '../../entities/ids.js';

/**
 * `max_requests`: a worker ends after so many requests and makes room for another one. `max_requests_jitter` adds a whole
 * number from 0 to itself, drawn by each worker when it starts, so that workers that were started together do not end together.
 * @see benoitc/gunicorn 20.1.0 gunicorn/workers/base.py Worker.__init__
 */
export class MaxRequests {
  private readonly left: Float64Array;

  constructor(
    workers: number,
    private readonly most: number,
    private readonly jitter: number,
    private readonly stream: Stream,
  ) {
    this.left = new Float64Array(workers);
    for (let worker = 0; worker < workers; worker++) this.renewed(worker);
  }

  /** The worker has a request more. @returns whether it was the last one that it takes */
  counts(worker: ProcessId): boolean {
    return --this.left[worker]! <= 0;
  }

  isReached(worker: ProcessId): boolean {
    return this.left[worker]! <= 0;
  }

  /** Another process takes the place of the worker. */
  renewed(worker: ProcessId): void {
    this.left[worker] = this.most + Math.floor(this.stream.uniform() * (this.jitter + 1));
  }
}
