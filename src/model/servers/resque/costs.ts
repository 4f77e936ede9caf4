import { MICROSECOND, MILLISECOND, type Nanos } from '../../../kernel/time.js';
import type { Site } from '../server.js';
import type { ResqueParams } from './params.js';

/**
 * CPU time of Resque itself for each job. Measured with Resque 3.0 (fork per job), Ruby 3.1.2 and Redis 7.0.15 on a
 * 2-core virtual machine, workers on one core and Redis on the other. One worker of 25 MiB with empty jobs: 1.35 ms from
 * `before_fork` to the first line of the child, 0.36 ms from there to `perform`, 1.45 ms from the end of `perform` to
 * the next `before_fork`.
 */
export const RESQUE_COSTS = {
  /** LPOP and what is around it, `working_on` [ns]; each goes to Redis and back once. */
  reserveNs: 250 * MICROSECOND,
  /** fork, hooks, new connection to Redis, up to `perform`, in a process without memory [ns]. */
  forkNs: 1550 * MICROSECOND,
  /** exit! and waitpid in a process without memory, `done_working` [ns]; goes to Redis and back once. */
  exitNs: 600 * MICROSECOND,
  /** A fork copies the page tables, and what it touches page by page [ns for each MiB of resident memory]. */
  forkNsPerMib: 8.5 * MICROSECOND,
  /** The child's pages are given back when it exits [ns for each MiB of resident memory]; a worker of 236 MiB took 5 ms more than one of 25 MiB in all. */
  exitNsPerMib: 15.3 * MICROSECOND,
  /** More before a job if the last one ran for longer than `coldAfterNs`: the caches hold its code and data instead [ns]. */
  coldForkNs: 1100 * MICROSECOND,
  /** More after such a job, whose child has also touched more memory [ns]: 3.5 instead of 1.45 ms to the next fork. */
  coldExitNs: 2000 * MICROSECOND,
  /** Nothing between 0 and 8 ms was measured [ns]. */
  coldAfterNs: MILLISECOND,
  /** More for each job where workers outnumber the cores and find the caches full of one another's data [ns]: 3.5 to 3.8 instead of 3.0 ms of CPU time for empty jobs. */
  crowdedNs: 700 * MICROSECOND,
  /** With FORK_PER_JOB=false: from taking a job to `perform`, and after it [ns]; as Sidekiq, not measured. */
  inlineNs: 46 * MICROSECOND,
} as const satisfies Record<string, Nanos>;

/** What a worker does for each job, apart from the job [ns]; twice where it depends on the job before. */
export interface ResqueWork {
  /** Up to sending LPOP. */
  readonly reserveNs: Nanos;
  /** From having the job to `perform`. */
  readonly forkNs: readonly [warm: Nanos, cold: Nanos];
  /** From the end of `perform` on. */
  readonly exitNs: readonly [warm: Nanos, cold: Nanos];
  readonly roundTripNs: Nanos;
}

export function resqueWork(params: ResqueParams, { overheads, host }: Site): ResqueWork {
  const { forkPerJob, workers, memoryBytes } = params;
  const cost = (ns: number): Nanos => (overheads ? Math.round(ns) : 0);
  const mib = memoryBytes / 2 ** 20;
  const C = RESQUE_COSTS;
  const forkNs = C.forkNs + mib * C.forkNsPerMib + (workers > host.cores ? C.crowdedNs : 0);
  const exitNs = C.exitNs + mib * C.exitNsPerMib;
  const inline = [cost(C.inlineNs), cost(C.inlineNs)] as const;
  return {
    reserveNs: cost(C.reserveNs),
    forkNs: forkPerJob ? [cost(forkNs), cost(forkNs + C.coldForkNs)] : inline,
    exitNs: forkPerJob ? [cost(exitNs), cost(exitNs + C.coldExitNs)] : inline,
    roundTripNs: cost(params.redisRoundTripNs),
  };
}
