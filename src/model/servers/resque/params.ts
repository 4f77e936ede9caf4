import { type Nanos, SECOND } from '../../../kernel/time.js';
import {
  count,
  duration,
  flag,
  list,
  optional,
  preset,
  record,
  type Schema,
  size,
  text,
} from '../../../schema/index.js';
import { type QueueOf, queueOfSchema } from '../common/job-queue-params.js';

/** Settings of Resque, named as in its environment variables. */
export interface ResqueParams {
  readonly workers: number;
  /** In this order. */
  readonly queues: readonly string[];
  readonly queueOf: QueueOf;
  /** A worker that finds no job looks again so much later [ns]. */
  readonly intervalNs: Nanos;
  readonly forkPerJob: boolean;
  /** Resident memory of a worker before it forks [bytes]. */
  readonly memoryBytes: number;
  /** From sending a command to Redis to having its answer [ns]. */
  readonly redisRoundTripNs: Nanos;
  /** CPU time of loading the application in each worker [ns]. */
  readonly bootTimeNs: Nanos;
}

/** Resident memory of a worker without an application. */
export const BARE_WORKER_BYTES = 25 * 2 ** 20;

/**
 * Keys and defaults of `server: {resque: ...}`.
 * @see resque/resque v3.0 lib/resque/worker.rb, lib/resque/tasks.rb (COUNT, QUEUES, INTERVAL, FORK_PER_JOB)
 */
export const resqueParams: Schema<ResqueParams> = record(
  'The Resque job processor: workers that fork a child for each job.',
  {
    workers: preset(count({ doc: 'Worker processes (COUNT); each works on one job at a time.', min: 1, max: 1024 }), 1),
    queues: preset(
      list(text({ doc: 'Name of a queue.' }), 'Queues (QUEUES); a worker takes from the first that has a job.'),
      ['default'],
    ),
    queue_of: queueOfSchema,
    interval: preset(
      duration({ doc: 'A worker that finds no job looks again so much later (INTERVAL).', min: SECOND / 1000 }),
      '5s',
    ),
    fork_per_job: preset(flag('A child for each job; false: jobs run in the worker itself (FORK_PER_JOB).'), true),
    memory: optional(
      size({
        doc: 'Resident memory of a worker before it forks: a fork and the end of the child take longer the more there is. Default: 25MiB, Resque without an application (measured).',
        min: 1,
      }),
    ),
    redis_round_trip: preset(
      duration({ doc: 'From sending a command to Redis to having its answer (measured on one machine).' }),
      '72us',
    ),
    boot_time: preset(duration({ doc: 'CPU time of loading the application in a new worker.' }), '0s'),
  },
).transform((v) => ({
  workers: v.workers,
  queues: v.queues,
  queueOf: v.queue_of ?? {},
  intervalNs: v.interval,
  forkPerJob: v.fork_per_job,
  memoryBytes: v.memory ?? BARE_WORKER_BYTES,
  redisRoundTripNs: v.redis_round_trip,
  bootTimeNs: v.boot_time,
}));
