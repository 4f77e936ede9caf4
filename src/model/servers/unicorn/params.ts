import { type Nanos, SECOND } from '../../../kernel/time.js';
import { count, duration, flag, preset, record, type Schema } from '../../../schema/index.js';

/** Settings of Unicorn, named as in its configuration file. */
export interface UnicornParams {
  /** Processes, each of which serves one request at a time. */
  readonly workerProcesses: number;
  /** A worker that serves a request for longer is killed by the master [ns, whole seconds]. */
  readonly timeoutNs: Nanos;
  /** Whether the application is loaded before the workers are forked. */
  readonly preloadApp: boolean;
  /** Without `preloadApp`: how long the replacement of a killed worker loads the application [ns]; 0 = not known. */
  readonly bootTimeNs: Nanos;
  /** Length of the listen queue asked for; the host's somaxconn bounds it. */
  readonly backlog: number;
}

/**
 * Keys and defaults of `server: {unicorn: ...}`.
 * @see defunkt/unicorn 6.1 lib/unicorn/configurator.rb (DEFAULTS), lib/unicorn/socket_helper.rb (backlog)
 */
export const unicornParams: Schema<UnicornParams> = record('The Unicorn web server: processes with one thread each.', {
  worker_processes: preset(
    count({ doc: 'Processes, each of which serves one request at a time.', min: 1, max: 1024 }),
    1,
  ),
  timeout: preset(
    duration({ doc: 'A worker that serves a request for longer is killed by the master.', min: SECOND }),
    '60s',
  ),
  preload_app: preset(flag('Load the application before the workers are forked.'), false),
  boot_time: preset(
    duration({
      doc: 'How long the replacement of a killed worker loads the application; counts only without preload_app.',
    }),
    '0s',
  ),
  backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 1024),
}).transform((v) => ({
  workerProcesses: v.worker_processes,
  timeoutNs: v.timeout,
  preloadApp: v.preload_app,
  bootTimeNs: v.boot_time,
  backlog: v.backlog,
}));
