import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Distribution } from '../../random/distribution.js';
import type { Stream, Streams } from '../../random/streams.js';
import type { Population } from './population.js';

/**
 * A fixed number of users; each sends its next request a think time after it got the last answer.
 *
 * ```
 * thinks -- think time over --> request in the system -- answered, refused or killed --> thinks
 *   `-- the run admits no more --> gone
 * ```
 */
export class ClosedLoad {
  private readonly timers: readonly Timer[];
  private readonly stream: Stream;

  constructor(
    private readonly kernel: Kernel,
    users: number,
    private readonly think: Distribution,
    streams: Streams,
    private readonly population: Population,
  ) {
    this.stream = streams.open('load/think');
    const SEND = kernel.define('load.send', Rank.Arrival, (user: number) => this.send(user));
    this.timers = Array.from({ length: users }, (_, user) => kernel.timer(SEND, user));
    for (const timer of this.timers) kernel.arm(timer, 0);
  }

  answered(user: number): void {
    const atNs = this.kernel.nowNs() + Math.round(this.think.sample(this.stream));
    if (this.population.admits(atNs)) this.kernel.arm(this.timers[user]!, atNs);
  }

  /** Several users may be on their way when the last request of the run is sent. */
  private send(user: number): void {
    if (this.population.admits(this.kernel.nowNs())) this.population.arrive(user);
  }
}
