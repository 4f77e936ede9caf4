import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Arrivals } from './arrivals.js';
import type { Population } from './population.js';

/**
 * Requests that come whatever the server does.
 *
 * ```
 * waits for the next arrival --> it comes --> waits for the next ...
 *                                  `-- the run admits no more, or the recording is used up --> over
 * ```
 */
export class OpenLoad {
  private readonly timer: Timer;

  constructor(
    private readonly kernel: Kernel,
    private readonly arrivals: Arrivals,
    private readonly population: Population,
  ) {
    this.timer = kernel.timer(
      kernel.define('load.arrival', Rank.Arrival, () => this.arrival()),
      0,
    );
    this.next();
  }

  private arrival(): void {
    if (this.population.arrive(-1)) this.next();
  }

  private next(): void {
    const atNs = this.arrivals.next();
    if (this.population.admits(atNs)) this.kernel.arm(this.timer, atNs);
  }
}
