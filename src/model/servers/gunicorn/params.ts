import { count, oneOf, preset, record, type Schema } from '../../../schema/index.js';

/** How a gunicorn worker serves requests. */
export type WorkerClass = 'sync' | 'gthread' | 'gevent';

/** Settings of gunicorn, named as in its configuration file. */
export interface GunicornParams {
  /** Worker processes. */
  readonly workers: number;
  /** Threads of each worker; 1 unless `gthread`. */
  readonly threads: number;
  readonly workerClass: WorkerClass;
  /** Connections that one worker has open at most (gthread, gevent). */
  readonly workerConnections: number;
  /** Length of the listen queue asked for; the host's somaxconn bounds it. */
  readonly backlog: number;
}

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
    1000,
  ),
  backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 2048),
}).transform((v) => ({
  workers: v.workers,
  threads: v.worker_class === 'gevent' ? 1 : v.threads,
  workerClass: v.worker_class === 'sync' && v.threads > 1 ? ('gthread' as const) : v.worker_class,
  workerConnections: v.worker_connections,
  backlog: v.backlog,
}));
