import { MILLISECOND, type Nanos, SECOND } from '../../../kernel/time.js';
import {
  count,
  duration,
  field,
  flag,
  formatDuration,
  optional,
  preset,
  record,
  type Schema,
  version,
} from '../../../schema/index.js';
import { priorityField } from '../common/thread-priority.js';
import type { ServerProblem } from '../server.js';

/** Settings of Puma, named as in its configuration file. */
export interface PumaParams {
  /** As written, e.g. `6.6`; decides the accept rules. */
  readonly version: string;
  /** Worker processes; 0 = single mode: one process that is no worker of a cluster. */
  readonly workers: number;
  readonly minThreads: number;
  /** Largest number of pool threads in each process. */
  readonly maxThreads: number;
  /** Longest delay of a busy worker before it accepts [ns]; 0 = off; null = the version's default. */
  readonly waitForLessBusyWorkerNs: Nanos | null;
  /** Whether requests are read by the reactor until they are complete. */
  readonly queueRequests: boolean;
  /** Whether the application is loaded before the workers are forked; of workers only. */
  readonly preloadApp: boolean;
  /**
   * The workers are forked from worker 0, again after so many requests of it; 0: not again; null: they are forked by the
   * master.
   */
  readonly forkWorkerRequests: number | null;
  /** Of the pool threads, -3 to 3. */
  readonly threadPriority: number;
  /** CPU time of loading the application in a worker that was not forked from a process that has loaded it [ns]. */
  readonly bootTimeNs: Nanos;
  /** A worker that has not checked in for so long is killed [ns]; null: not simulated. */
  readonly workerTimeoutNs: Nanos | null;
  readonly workerCheckIntervalNs: Nanos;
  /** A worker that is asked to end is killed after so long [ns]. */
  readonly workerShutdownTimeoutNs: Nanos;
  /** A worker one of whose requests takes longer is drained and killed [ns]; null: never. */
  readonly drainThenKillNs: Nanos | null;
  /** Length of the listen queue asked for; the host's somaxconn bounds it. */
  readonly backlog: number;
}

const OLDEST = 5;
const NEWEST = 8;

function isSimulated(text: string): boolean {
  const match = /^(\d+)\.\d+(\.\d+)?$/.exec(text);
  return match !== null && Number(match[1]) >= OLDEST && Number(match[1]) <= NEWEST;
}

/** `n` = [n, n], as in Puma's own configuration. */
const threads = field<readonly [number, number]>(
  {
    doc: 'Threads of each process: a number, or [min, max]. Threads above min are started when needed.',
    expected: 'a number of threads >= 1, or [min, max]',
    unit: '',
    json: {
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
      ],
    },
  },
  (input) => {
    const pair = Array.isArray(input) ? input : [input, input];
    if (pair.length !== 2 || !pair.every((n) => typeof n === 'number' && Number.isInteger(n))) {
      const quoted = typeof input === 'string' && /^\d+$/.test(input.trim());
      return { fault: { code: 'SCN_TYPE', hint: quoted ? `write ${input.trim()} without quotes` : undefined } };
    }
    const [min, max] = pair as [number, number];
    if (min < 0 || max < 1) return { fault: { code: 'SCN_RANGE' } };
    if (max > 10_000) return { fault: { code: 'SCN_RANGE', hint: 'at most 10000 threads in a process' } };
    if (min > max) return { fault: { code: 'SCN_RANGE', hint: `min ${min} is above max ${max}` } };
    return { value: [min, max] };
  },
);

/**
 * Keys and defaults of `server: {puma: ...}`.
 * @see puma/puma v7.2.1 lib/puma/configuration.rb (defaults), lib/puma/dsl.rb (names)
 */
export const pumaParams: Schema<PumaParams> = record('The Puma web server: processes with a pool of threads each.', {
  version: preset(
    version({
      doc: 'Version of Puma; the rules by which a busy worker accepts connections differ between 5, 6, 7.0, 7.0.4 and 8.',
      expected: `a version of Puma from ${OLDEST}.0 to ${NEWEST}.x such as "6.6"`,
      accepts: isSimulated,
      hint: 'write major and minor, in quotes: "5.6", "6.6", "7.2"',
      examples: ['5.6', '6.6', '7.2', '8.0'],
    }),
    '6.6',
  ),
  workers: preset(count({ doc: 'Worker processes; 0 = single mode, one process.', max: 1024 }), 0),
  threads: preset(threads, [0, 5]),
  wait_for_less_busy_worker: optional(
    duration({
      doc: 'Longest time a busy worker waits before it accepts a connection, 0ms = off. Default: 5ms from version 6.0, off before.',
      max: 1_000_000_000,
    }),
  ),
  queue_requests: preset(
    flag('Read requests in the reactor until they are complete; false: in the pool thread.'),
    true,
  ),
  preload_app: preset(
    flag('Load the application before the workers are forked, so that they share its memory (default since 5.0).'),
    true,
  ),
  fork_worker: optional(
    count({
      doc: 'The other workers are forked from worker 0, which serves nobody meanwhile; and once more, one after the other, when it has served so many requests (1000 in Puma, if it is not said; 0 = never). Needs two workers. Left out: the master forks them.',
    }),
  ),
  thread_priority: preset(
    priorityField(
      'Priority of the pool threads, set in before_thread_start (on_thread_start before version 7): Thread.current.priority = -1.',
    ),
    0,
  ),
  boot_time: preset(
    duration({
      doc: 'CPU time of loading the application in a new worker; counts only without preload_app, and in single mode.',
    }),
    '0s',
  ),
  worker_timeout: optional(
    duration({
      doc: "A worker whose stat thread has not checked in with the master for so long is killed. No timeout of requests: it takes a C call that keeps the GVL. Needs workers. Left out: not simulated (Puma's own default is 60s).",
      min: SECOND,
    }),
  ),
  worker_check_interval: preset(duration({ doc: 'Time between two check-ins of a worker.', min: SECOND }), '5s'),
  worker_shutdown_timeout: preset(
    duration({ doc: 'A worker that was asked to end and has not done so after this time is killed.', min: SECOND }),
    '30s',
  ),
  drain_then_kill: optional(
    duration({
      doc: 'A policy that Puma itself does not have: when a request takes longer, its worker accepts no more, the others in it are finished (or get too old themselves), and the worker is killed and forked again. Needs workers.',
      min: MILLISECOND,
    }),
  ),
  backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 1024),
}).transform((v) => ({
  version: v.version,
  workers: v.workers,
  minThreads: v.threads[0],
  maxThreads: v.threads[1],
  waitForLessBusyWorkerNs: v.wait_for_less_busy_worker ?? null,
  queueRequests: v.queue_requests,
  preloadApp: v.preload_app,
  forkWorkerRequests: v.fork_worker ?? null,
  threadPriority: v.thread_priority,
  bootTimeNs: v.boot_time,
  workerTimeoutNs: v.worker_timeout ?? null,
  workerCheckIntervalNs: v.worker_check_interval,
  workerShutdownTimeoutNs: v.worker_shutdown_timeout,
  drainThenKillNs: v.drain_then_kill ?? null,
  backlog: v.backlog,
}));

/** Puma delays accepting in busy workers by 5 ms since 6.0 (puma/puma PR #2940); before, only when configured. */
export function withVersionDefaults(
  written: Readonly<Record<string, unknown>>,
  { version, waitForLessBusyWorkerNs }: PumaParams,
): Readonly<Record<string, unknown>> {
  if (waitForLessBusyWorkerNs !== null) return written;
  const delay = Number(version.split('.')[0]) >= 6 ? formatDuration(5_000_000) : '0s';
  return { ...written, wait_for_less_busy_worker: delay };
}

/** Settings that do not go together, or not with what is done to the server. */
export function pumaProblems(
  params: PumaParams,
  { operations = [] }: { readonly operations?: readonly { readonly kind: string }[] } = {},
): ServerProblem[] {
  const { workers, preloadApp, workerTimeoutNs, workerCheckIntervalNs, drainThenKillNs } = params;
  const problems: ServerProblem[] = [];
  const needsWorkers = (key: string): void => {
    problems.push({ path: [key], message: 'needs a master that forks again: workers must be 1 or more' });
  };
  const isPhased = operations.some(({ kind }) => kind === 'phased-restart');
  if (isPhased && workers === 0) {
    problems.push({ path: ['workers'], message: 'a phased restart replaces workers: workers must be 1 or more' });
  } else if (isPhased && preloadApp) {
    const message = 'a phased restart needs workers that load the application themselves: write preload_app: false';
    problems.push({ path: ['preload_app'], message });
  }
  if (params.forkWorkerRequests !== null && workers < 2) {
    problems.push({ path: ['fork_worker'], message: 'forks workers from worker 0: workers must be 2 or more' });
  }
  if (workerTimeoutNs !== null && workers === 0) needsWorkers('worker_timeout');
  if (drainThenKillNs !== null && workers === 0) needsWorkers('drain_then_kill');
  if (workerTimeoutNs !== null && workerTimeoutNs <= workerCheckIntervalNs) {
    const message = `must be above worker_check_interval, ${formatDuration(workerCheckIntervalNs)}, as Puma demands`;
    problems.push({ path: ['worker_timeout'], message });
  }
  return problems;
}

const DEFAULT_CHECK_INTERVAL_NS: Nanos = 5 * SECOND;

/** Settings for workers of which there are none, or of what is not simulated without another one. */
export function pumaWithoutEffect(params: PumaParams): ServerProblem[] {
  const { workers, workerTimeoutNs, workerCheckIntervalNs } = params;
  const isChecked = workers > 0 && workerTimeoutNs !== null;
  if (isChecked || workerCheckIntervalNs === DEFAULT_CHECK_INTERVAL_NS) return [];
  return [{ path: ['worker_check_interval'], message: 'counts with worker_timeout alone: this changes nothing' }];
}
