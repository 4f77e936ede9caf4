import { MICROSECOND, MILLISECOND, type Nanos } from '../../../kernel/time.js';

/**
 * CPU time of Sidekiq itself for each job, collections of its own garbage included. Measured with Sidekiq 6.4.1,
 * Ruby 3.1.2 and Redis 7.0.15 on a 2-core virtual machine, Sidekiq on one core and Redis on the other: empty jobs take
 * 87 us each with 5 threads, which keep the lock busy, and 159 us with one thread, which waits for Redis.
 */
export const SIDEKIQ_COSTS = {
  /** From the end of a job to the next BRPOP on its way [ns]. */
  fetchNs: 42 * MICROSECOND,
  /** From the answer of Redis to `perform`: parsing, middleware, making the object of the job [ns]. */
  processNs: 46 * MICROSECOND,
  /**
   * More when the job has run for longer than `coldAfterNs`: the caches hold its code and data instead [ns]. Empty jobs
   * against jobs with 2 to 32 ms of CPU time, 5 to 25 threads: 0.18 to 0.41 ms instead of 0.08 ms.
   */
  coldNs: 170 * MICROSECOND,
  /** Nothing between 0 and 2 ms was measured [ns]. */
  coldAfterNs: MILLISECOND,
} as const satisfies Record<string, Nanos>;
