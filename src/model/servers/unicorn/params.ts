import { type Nanos, SECOND } from '../../../kernel/time.js';
import { count, duration, flag, preset, record, type Schema, version } from '../../../schema/index.js';

/** Settings of Unicorn, named as in its configuration file. */
export interface UnicornParams {
  /** As written, e.g. `6.1`; decides how idle workers wait for connections. */
  readonly version: string;
  /** Processes, each of which serves one request at a time. */
  readonly workerProcesses: number;
  /** A worker that serves a request for longer is killed by the master [ns, whole seconds]. */
  readonly timeoutNs: Nanos;
  /** Whether the application is loaded before the workers are forked. */
  readonly preloadApp: boolean;
  /** Without `preloadApp`: how long the replacement of a killed worker loads the application [ns]; 0 = not known. */
  readonly bootTimeNs: Nanos;
  /** Whether requests whose client has gone are dropped before the application is called. */
  readonly checkClientConnection: boolean;
  /** Length of the listen queue asked for; the host's somaxconn bounds it. */
  readonly backlog: number;
}

/**
 * Keys and defaults of `server: {unicorn: ...}`.
 * @see defunkt/unicorn 6.1 lib/unicorn/configurator.rb (DEFAULTS), lib/unicorn/socket_helper.rb (backlog)
 */
export const unicornParams: Schema<UnicornParams> = record('The Unicorn web server: processes with one thread each.', {
  version: preset(
    version({
      doc: 'Version of Unicorn: before 6.1 a connection wakes all idle workers, from 6.1 on one of them (EPOLLEXCLUSIVE).',
      expected: 'a version of Unicorn from 5.0 to 6.x such as "6.1"',
      accepts: (text) => /^[56]\.\d+(\.\d+)?$/.test(text),
      hint: 'write major and minor, in quotes: "6.0", "6.1"',
      examples: ['6.0', '6.1'],
    }),
    '6.1',
  ),
  worker_processes: preset(
    count({ doc: 'Processes, each of which serves one request at a time.', min: 1, max: 1024 }),
    1,
  ),
  timeout: preset(
    duration({
      doc: 'A worker that serves a request for longer is killed by the master; Unicorn itself takes whole seconds, and refuses less than 3.',
      min: 3 * SECOND,
    }),
    '60s',
  ),
  preload_app: preset(flag('Load the application before the workers are forked.'), false),
  boot_time: preset(
    duration({
      doc: 'How long the replacement of a killed worker loads the application; counts only without preload_app.',
    }),
    '0s',
  ),
  check_client_connection: preset(
    flag('Drop a request whose client has gone while it waited, instead of calling the application for nobody.'),
    false,
  ),
  backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 1024),
}).transform((v) => ({
  version: v.version,
  workerProcesses: v.worker_processes,
  timeoutNs: v.timeout,
  preloadApp: v.preload_app,
  bootTimeNs: v.boot_time,
  checkClientConnection: v.check_client_connection,
  backlog: v.backlog,
}));
