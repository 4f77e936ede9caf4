import type { Nanos } from '../../../kernel/time.js';

/**
 * When workers without work look for some. A look that finds nothing changes nothing but the time of the next one, so
 * only the first look after a job has come is an event.
 */
export class PollTimes {
  private readonly nextNs: Float64Array;

  /** @param firstNs first look of each worker */
  constructor(
    private readonly intervalNs: Nanos,
    firstNs: readonly Nanos[],
  ) {
    this.nextNs = Float64Array.from(firstNs);
  }

  /** The worker has just looked in vain, and sleeps for an interval. */
  looked(worker: number, nowNs: Nanos): void {
    this.nextNs[worker] = nowNs + this.intervalNs;
  }

  /** The worker's first look at `nowNs` or later. */
  next(worker: number, nowNs: Nanos): Nanos {
    const nextNs = this.nextNs[worker]!;
    return nextNs >= nowNs ? nextNs : nextNs + Math.ceil((nowNs - nextNs) / this.intervalNs) * this.intervalNs;
  }
}
