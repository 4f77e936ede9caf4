import type { Nanos } from '../../../kernel/time.js';
import { count, duration, flag, named, optional, preset, record, type Schema, version } from '../../../schema/index.js';
import { type QueueOf, type QueueSetting, queueOfSchema, queuesSchema } from '../common/job-queue-params.js';
import { priorityField } from '../common/thread-priority.js';
import type { ServerProblem } from '../server.js';

/** Threads that work on the same queues. */
export interface CapsuleParams {
  readonly name: string;
  /** Null: the default of the version. */
  readonly concurrency: number | null;
  readonly queues: readonly QueueSetting[];
}

/** Settings of Sidekiq, named as in its configuration. */
export interface SidekiqParams {
  readonly version: string;
  readonly processes: number;
  /** With several processes: whether the application is loaded before they are forked. */
  readonly preloadApp: boolean;
  /** The first one is the process's own (`default`). */
  readonly capsules: readonly CapsuleParams[];
  readonly queueOf: QueueOf;
  /** -3 to 3. */
  readonly threadPriority: number;
  /** From sending a command to Redis to having its answer [ns]. */
  readonly redisRoundTripNs: Nanos;
  /** How long a process that was asked to end waits for its jobs; then it pushes them back to Redis [ns]. */
  readonly timeoutNs: Nanos;
  /** When the jobs of a process that was killed come back to their queues [ns]; Infinity: they are lost. */
  readonly recoverAfterNs: Nanos;
  /** CPU time of loading the application [ns]. */
  readonly bootTimeNs: Nanos;
}

/** @see sidekiq/sidekiq Changes.md: 5.2.0 (25 -> 10), 7.0.0 (10 -> 5) */
export function defaultConcurrency(written: string): number {
  const [major = 0, minor = 0] = written.split('.').map(Number);
  if (major >= 7) return 5;
  return major > 5 || (major === 5 && minor >= 2) ? 10 : 25;
}

/** @see sidekiq/sidekiq PR #6543 (December 2024): -1, so that a job waits half as long for each that computes */
function defaultPriority(written: string): number {
  return Number(written.split('.')[0]) >= 8 ? -1 : 0;
}

function isSimulated(text: string): boolean {
  const match = /^(\d+)(\.\d+){0,2}$/.exec(text);
  return match !== null && Number(match[1]) >= 4 && Number(match[1]) <= 8;
}

const QUEUES =
  'Queues from which the threads take jobs. Names alone: always in this order. With weights: in an order drawn for each job.';

const concurrency = count({
  doc: 'Threads that work on jobs. Default: 5 from version 7.0, 10 from 5.2, 25 before.',
  min: 1,
  max: 10_000,
});

/**
 * Keys and defaults of `server: {sidekiq: ...}`.
 * @see sidekiq/sidekiq v8.1 lib/sidekiq/config.rb, lib/sidekiq/capsule.rb
 */
export const sidekiqParams: Schema<SidekiqParams> = record(
  'The Sidekiq job processor: threads that take jobs from queues in Redis.',
  {
    version: preset(
      version({
        doc: 'Version of Sidekiq; decides the default concurrency and thread priority.',
        expected: 'a version of Sidekiq from 4 to 8 such as "7.3"',
        accepts: isSimulated,
        hint: 'write it in quotes: "6.5", "7.3", "8.0"',
        examples: ['5.1', '6.5', '7.3', '8.0'],
      }),
      '7.3',
    ),
    processes: preset(
      count({
        doc: 'Processes, each with a GVL and threads of its own (sidekiqswarm: SIDEKIQ_COUNT).',
        min: 1,
        max: 1024,
      }),
      1,
    ),
    preload_app: preset(
      flag('With several processes: load the application before they are forked (SIDEKIQ_PRELOAD_APP).'),
      false,
    ),
    concurrency: optional(concurrency),
    queues: queuesSchema(QUEUES),
    capsules: optional(
      named(
        record('More threads of each process that take their jobs from queues of their own.', {
          concurrency: optional(concurrency),
          queues: queuesSchema(QUEUES),
        }),
        'Capsules beside the default one, by name (from version 7.0).',
      ),
    ),
    queue_of: queueOfSchema,
    thread_priority: optional(
      priorityField(
        'Priority of the threads that work on jobs (config.thread_priority). Default: -1 from version 8.0, 0 before.',
      ),
    ),
    redis_round_trip: preset(
      duration({ doc: 'From sending a command to Redis to having its answer (measured on one machine).' }),
      '72us',
    ),
    timeout: preset(
      duration({
        doc: 'How long a process that was asked to end (TERM) waits for its jobs; then it pushes them back to Redis and ends (-t).',
      }),
      '25s',
    ),
    recover_after: optional(
      duration({
        doc: 'When the jobs of a process that was killed come back to their queues, with a fetch that keeps them in Redis (super_fetch). Default: they are lost, as with BRPOP.',
      }),
    ),
    boot_time: preset(
      duration({
        doc: 'CPU time of loading the application: in each process, or with preload_app once for all of them.',
      }),
      '0s',
    ),
  },
).transform((v) => ({
  version: v.version,
  processes: v.processes,
  preloadApp: v.preload_app,
  capsules: [
    { name: 'default', concurrency: v.concurrency ?? null, queues: v.queues },
    ...Object.entries(v.capsules ?? {}).map(([name, capsule]) => ({
      name,
      concurrency: capsule.concurrency ?? null,
      queues: capsule.queues,
    })),
  ],
  queueOf: v.queue_of ?? {},
  threadPriority: v.thread_priority ?? defaultPriority(v.version),
  redisRoundTripNs: v.redis_round_trip,
  timeoutNs: v.timeout,
  recoverAfterNs: v.recover_after ?? Number.POSITIVE_INFINITY,
  bootTimeNs: v.boot_time,
}));

/** Threads of a capsule. */
export function threadsOf({ version: written }: SidekiqParams, capsule: CapsuleParams): number {
  return capsule.concurrency ?? defaultConcurrency(written);
}

/** Writes out the defaults that depend on the version. */
export function withVersionDefaults(
  written: Readonly<Record<string, unknown>>,
  params: SidekiqParams,
): Readonly<Record<string, unknown>> {
  const fallback = defaultConcurrency(params.version);
  const capsules = written.capsules as Readonly<Record<string, object>> | undefined;
  return {
    ...written,
    concurrency: written.concurrency ?? fallback,
    thread_priority: params.threadPriority,
    ...(capsules !== undefined && {
      capsules: Object.fromEntries(
        Object.entries(capsules).map(([name, capsule]) => [name, { concurrency: fallback, ...capsule }]),
      ),
    }),
  };
}

/** Capsules came with version 7.0 (sidekiq/sidekiq Changes.md). */
export function capsuleProblems({ version: written, capsules }: SidekiqParams): ServerProblem[] {
  if (capsules.length === 1 || Number(written.split('.')[0]) >= 7) return [];
  return [{ path: ['capsules'], message: `Sidekiq has capsules from version 7.0 on: this is ${written}` }];
}
