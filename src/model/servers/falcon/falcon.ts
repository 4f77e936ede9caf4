import { MICROSECOND, type Nanos } from '../../../kernel/time.js';
import { count, duration, preset, record, type Schema } from '../../../schema/index.js';
import type { ServerScript } from '../../workers/script.js';
import { EventLoops } from '../common/event-loops/event-loops.js';
import { FORKING_COSTS } from '../common/forking/costs.js';
import type { ServerType } from '../server.js';

/** Settings of Falcon, named as on its command line. */
export interface FalconParams {
  /** Worker processes, each with one event loop. */
  readonly count: number;
  /** Connections that one process serves at the same time, at most. */
  readonly connections: number;
  readonly backlog: number;
  /** CPU time of loading the application in each process [ns]. */
  readonly bootTimeNs: Nanos;
}

/**
 * Keys and defaults of `server: {falcon: ...}`.
 * @see socketry/falcon lib/falcon/command/serve.rb (count), socketry/async-container
 */
const falconParams: Schema<FalconParams> = record(
  'The Falcon web server: processes with an event loop each, a fiber for every connection.',
  {
    count: preset(count({ doc: 'Worker processes, each with one event loop.', min: 1, max: 1024 }), 1),
    connections: preset(
      count({
        doc: 'Connections that one process serves at the same time, at most. Falcon itself knows no limit.',
        min: 1,
        max: 100_000,
      }),
      1000,
    ),
    backlog: preset(count({ doc: 'Length of the listen queue asked for; bounded by host.somaxconn.', min: 1 }), 1024),
    boot_time: preset(duration({ doc: 'CPU time of loading the application in a new process.' }), '0s'),
  },
).transform((v) => ({
  count: v.count,
  connections: v.connections,
  backlog: v.backlog,
  bootTimeNs: v.boot_time,
}));

/** CPU time of Falcon itself, per request on a new connection. Not measured: the figures of Puma, without its threads. */
const FALCON_COSTS = {
  acceptNs: 40 * MICROSECOND,
  emptyAcceptNs: 20 * MICROSECOND,
  readNs: 150 * MICROSECOND,
  writeNs: 80 * MICROSECOND,
  closeNs: 40 * MICROSECOND,
} as const satisfies Record<string, Nanos>;

/** A fiber reads and writes without waiting where there is something to read and room to write. */
const SCRIPT: ServerScript = {
  before: [{ step: 'ruby', ns: FALCON_COSTS.readNs, what: 'read and parse' }],
  after: [
    { step: 'ruby', ns: FALCON_COSTS.writeNs, what: 'write' },
    { step: 'answer' },
    { step: 'ruby', ns: FALCON_COSTS.closeNs, what: 'close' },
  ],
};

/**
 * See `EventLoops`. A process that ends is started again by its container. A fork was not measured with Falcon and takes the
 * time that Unicorn needs for it. Falcon's own timeouts, HTTP/2 and offloading to threads are left out.
 *
 * ```
 * listen queue -- a loop in its turn accepts, a fiber is free --> ready --> runs -- waits for I/O --> ready again ... --> answered
 * ```
 */
export const falcon: ServerType<FalconParams> = {
  name: 'falcon',
  languages: ['ruby'],
  canRestart: true,
  params: falconParams,
  slots: ({ count: processes, connections }) => ({ processes, threads: connections }),
  explain: ({ count: processes, connections }) =>
    `${processes} event ${processes === 1 ? 'loop' : 'loops'} x up to ${connections} fibers`,
  assemble: ({ count: processes, connections, backlog, bootTimeNs: loadNs }, site) => {
    const processNames = Array.from({ length: processes }, (_, p) => `falcon-${p}`);
    const { acceptNs, emptyAcceptNs } = FALCON_COSTS;
    const boot = { forkNs: site.overheads ? FORKING_COSTS.respawnNs : 0, loadNs, masterLoadNs: 0 };
    const own = { script: SCRIPT, acceptNs, emptyAcceptNs, preloads: false, boot, maxRequests: null, watch: null };
    return new EventLoops({ processNames, connections, backlog, ...own }, site);
  },
};
