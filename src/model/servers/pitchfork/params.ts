import { type Nanos, SECOND } from '../../../kernel/time.js';
import { count, duration, list, optional, preset, record, type Schema } from '../../../schema/index.js';

/** Settings of Pitchfork, named as in its configuration file. */
export interface PitchforkParams {
  readonly workerProcesses: number;
  /** Soft timeout: the worker ends itself; and how long after it the monitor kills it [ns]. */
  readonly timeoutNs: Nanos;
  readonly cleanupNs: Nanos;
  /** Requests of a worker after which it becomes the parent of the next generation, by generation; null: no reforking. */
  readonly reforkAfter: readonly number[] | null;
  /** Workers that may be missing while a new generation takes over; null: a tenth of them. */
  readonly reforkMaxUnavailable: number | null;
  readonly backlog: number;
}

/**
 * Keys and defaults of `server: {pitchfork: ...}`.
 * @see Shopify/pitchfork v0.18 lib/pitchfork/configurator.rb, docs/CONFIGURATION.md, docs/REFORKING.md
 */
export const pitchforkParams: Schema<PitchforkParams> = record(
  'The Pitchfork web server: single-threaded processes that are forked from one that has served requests (reforking).',
  {
    worker_processes: preset(
      count({ doc: 'Processes, each of which serves one request at a time.', min: 1, max: 1024 }),
      1,
    ),
    timeout: preset(
      duration({ doc: 'Soft timeout: a worker that serves a request for longer ends itself.', min: SECOND }),
      '20s',
    ),
    cleanup: preset(
      duration({ doc: 'So long after the soft timeout the monitor kills a worker that is still there.', min: SECOND }),
      '2s',
    ),
    refork_after: optional(
      list(
        count({ doc: 'Requests of one worker.', min: 1 }),
        'After so many requests of its generation a worker becomes the parent of the next one: one number for each generation, the last one for all that follow. Default: never.',
      ),
    ),
    refork_max_unavailable: optional(
      count({
        doc: 'Workers that may be missing while a generation is replaced. Default: a tenth of them, rounded up.',
        min: 1,
      }),
    ),
    backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 1024),
  },
).transform((v) => ({
  workerProcesses: v.worker_processes,
  timeoutNs: v.timeout,
  cleanupNs: v.cleanup,
  reforkAfter: v.refork_after ?? null,
  reforkMaxUnavailable: v.refork_max_unavailable ?? null,
  backlog: v.backlog,
}));
