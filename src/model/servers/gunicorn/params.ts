import type { Nanos } from '../../../kernel/time.js';
import { count, duration, flag, oneOf, preset, record, type Schema } from '../../../schema/index.js';
import type { ServerProblem } from '../server.js';

/** How a gunicorn worker serves requests. */
export type WorkerClass = 'sync' | 'gthread' | 'gevent';

/** Settings of gunicorn, named as in its configuration file. */
export interface GunicornParams {
  /** Worker processes. */
  readonly workers: number;
  /** Threads of each worker; of `gthread` alone. */
  readonly threads: number;
  readonly workerClass: WorkerClass;
  /** Connections that one worker has open at most (gthread, gevent). */
  readonly workerConnections: number;
  /** Length of the listen queue asked for; the host's somaxconn bounds it. */
  readonly backlog: number;
  /** A worker that is silent for longer is killed [ns]; Infinity = never. sync: serves a request; gevent: its loop stands still. */
  readonly timeoutNs: Nanos;
  /** A worker that was asked to end and has not done so is killed after this time [ns]. */
  readonly gracefulTimeoutNs: Nanos;
  /** Requests after which a worker is replaced; 0 = never. And how many more at most, drawn for each worker. */
  readonly maxRequests: number;
  readonly maxRequestsJitter: number;
  /** Whether the application is loaded before the workers are forked. */
  readonly preloadApp: boolean;
  /** CPU time of loading the application [ns]. */
  readonly bootTimeNs: Nanos;
}

const DEFAULT_CONNECTIONS = 1000;

/**
 * Keys and defaults of `server: {gunicorn: ...}`. As in gunicorn, `sync` with more than one thread is `gthread`.
 * @see benoitc/gunicorn 20.1.0 gunicorn/config.py
 */
export const gunicornParams: Schema<GunicornParams> = record('The gunicorn web server of Python.', {
  workers: preset(count({ doc: 'Worker processes.', min: 1, max: 1024 }), 1),
  threads: preset(
    count({ doc: 'Threads of each worker that serve requests; more than 1 means gthread.', min: 1, max: 10_000 }),
    1,
  ),
  worker_class: preset(
    oneOf(
      ['sync', 'gthread', 'gevent'],
      'sync: one request at a time; gthread: a pool of threads; gevent: one event loop with a greenlet for each connection.',
    ),
    'sync',
  ),
  worker_connections: preset(
    count({ doc: 'Connections that a worker has open at most (gthread, gevent).', min: 1, max: 100_000 }),
    DEFAULT_CONNECTIONS,
  ),
  backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 2048),
  timeout: preset(
    duration({
      doc: 'sync: a worker that serves a request for longer is killed by the arbiter, which looks once a second. gevent: the same for a request that computes without a pause for longer. gthread goes on reporting while it serves, so it is no limit for its requests. Whole seconds; 0s: never.',
    }),
    '30s',
  ),
  graceful_timeout: preset(
    duration({
      doc: 'A worker that was asked to end and has not done so after this time is killed; gunicorn takes whole seconds.',
    }),
    '30s',
  ),
  max_requests: preset(
    count({ doc: 'Requests after which a worker is replaced, against memory that it leaks. 0: never.' }),
    0,
  ),
  max_requests_jitter: preset(
    count({ doc: 'Up to so many requests more, drawn for each worker, so that they do not end together.' }),
    0,
  ),
  preload_app: preset(flag('Load the application before the workers are forked.'), false),
  boot_time: preset(
    duration({ doc: 'CPU time of loading the application: by each new worker, or with preload_app by the arbiter.' }),
    '0s',
  ),
}).transform((v) => ({
  workers: v.workers,
  threads: v.threads,
  workerClass: v.worker_class === 'sync' && v.threads > 1 ? ('gthread' as const) : v.worker_class,
  workerConnections: v.worker_connections,
  backlog: v.backlog,
  timeoutNs: v.timeout === 0 ? Number.POSITIVE_INFINITY : v.timeout,
  gracefulTimeoutNs: v.graceful_timeout,
  maxRequests: v.max_requests,
  maxRequestsJitter: v.max_requests_jitter,
  preloadApp: v.preload_app,
  bootTimeNs: v.boot_time,
}));

/** Settings of one worker class under another one, at which gunicorn says nothing or little. */
export function withoutEffect(params: GunicornParams): ServerProblem[] {
  const { workerClass, threads, workerConnections, maxRequests, maxRequestsJitter } = params;
  const found: ServerProblem[] = [];
  const tell = (key: string, message: string): void => {
    found.push({ path: [key], message });
  };
  if (workerClass === 'gevent' && threads > 1) {
    tell('threads', 'gevent has one event loop a worker, and no threads: worker_connections is what limits it');
  }
  if (workerClass === 'sync' && workerConnections !== DEFAULT_CONNECTIONS) {
    tell('worker_connections', 'a sync worker has one connection at a time: this changes nothing');
  }
  if (workerClass === 'gthread' && threads > workerConnections) {
    tell('threads', `more than worker_connections, ${workerConnections}: the others never have a request`);
  }
  if (maxRequests === 0 && maxRequestsJitter > 0) {
    tell('max_requests_jitter', 'counts from max_requests, which is 0: workers are not replaced');
  }
  return found;
}
