import type { EventKind, Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { RequestId } from '../../entities/ids.js';
import type { RequestTable } from '../../entities/requests.js';
import type { Gauge } from '../../observations.js';

/** Whom to tell what becomes of a job. */
export interface Desk {
  /** It is at the head of its queue again, as if nothing had been done for it. */
  comesBack(job: RequestId): void;
  /** Nobody will ever work on it. */
  isLost(job: RequestId): void;
}

/**
 * Jobs whose process ended before they did. A process that has time to do so pushes them back to Redis; they are run again
 * from the beginning by whoever fetches them. Of one that is killed nobody knows what it had: with BRPOP a job is gone from
 * Redis when it has been fetched. With a fetch that keeps it there until it is done (super_fetch of Sidekiq Pro, which needs
 * the expiry of a heartbeat, 60 s, and a look for orphans, hourly or at a start) it comes back after a while.
 *
 * ```
 * begun -- shutdown: `timeout` is over --> pushed back --> queued
 *   `----- process killed --> lost, or kept in Redis -- `recover_after` --> queued
 * ```
 * @see sidekiq/sidekiq v8.1 lib/sidekiq/manager.rb hard_shutdown, lib/sidekiq/fetch.rb bulk_requeue; wiki: Reliability
 */
export class UnfinishedJobs {
  readonly gauges: readonly Gauge[];
  private readonly recovered: EventKind<RequestId>;
  private readonly timers: Timer[];
  private returned: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly recoverAfterNs: Nanos,
    private readonly desk: Desk,
  ) {
    this.recovered = kernel.define('sidekiq.job-recovered', Rank.Arrival, (job: RequestId) => this.pushedBack(job));
    this.timers = [];
    this.returned = 0;
    const read = (): number => SECOND * this.returned;
    this.gauges = [{ name: 'jobs_run_again_per_s', kind: 'integral', capacity: 1, read }];
  }

  /** The process returns the job, which had been begun. */
  pushedBack(job: RequestId): void {
    this.returned++;
    this.desk.comesBack(job);
  }

  /** The process of the job is gone. */
  abandoned(job: RequestId): void {
    if (this.recoverAfterNs === Number.POSITIVE_INFINITY) {
      this.desk.isLost(job);
      return;
    }
    this.requests.startsOver(job);
    this.timers[job] ??= this.kernel.timer(this.recovered, job);
    this.kernel.arm(this.timers[job]!, this.kernel.nowNs() + this.recoverAfterNs);
  }
}
