import type { Kernel } from '../kernel/kernel.js';
import type { Streams } from '../random/streams.js';
import type { AdaptiveThreadsSpec } from './control-spec.js';
import type { RequestId } from './entities/ids.js';
import type { RequestTable } from './entities/requests.js';
import type { MemorySite } from './memory/memory-room.js';
import type { Service } from './services/service.js';
import type { AppSpec, HostSpec, LoadSpec, RuntimeSpec } from './spec.js';

/** What a server is built into. */
export interface Site {
  readonly kernel: Kernel;
  readonly requests: RequestTable;
  readonly streams: Streams;
  readonly host: HostSpec;
  readonly runtime: RuntimeSpec;
  readonly app: AppSpec;
  /** false: the server's own work, hand-offs and wake-ups take no time. */
  readonly overheads: boolean;
  readonly clients: Clients;
  readonly load: LoadSpec;
  /** Null: memory is not simulated. */
  readonly memory: MemorySite | null;
  /** What requests call by name, shared by all hosts. */
  readonly services: readonly Service[];
  /**
   * For how long the client of each class of requests takes in more of the answer than the kernel holds for it [ns]; null:
   * whoever writes an answer need not wait for it.
   */
  readonly downloadNs: Float64Array | null;
  /** Null: the application is called for every request. */
  readonly doorkeeper: Doorkeeper | null;
  /** Whether anything is done to the processes while they run. */
  readonly isOperated: boolean;
  /** Null: the number of threads in use never changes. */
  readonly adaptiveThreads: Omit<AdaptiveThreadsSpec, 'max'> | null;
}

/**
 * The site, in the one shape that all sites have. A copy with changes has a shape of its own: the code that reads it would
 * be compiled anew in every replication.
 */
export function siteOf(parts: Site): Site {
  return {
    kernel: parts.kernel,
    requests: parts.requests,
    streams: parts.streams,
    host: parts.host,
    runtime: parts.runtime,
    app: parts.app,
    overheads: parts.overheads,
    clients: parts.clients,
    load: parts.load,
    memory: parts.memory,
    services: parts.services,
    downloadNs: parts.downloadNs,
    doorkeeper: parts.doorkeeper,
    isOperated: parts.isOperated,
    adaptiveThreads: parts.adaptiveThreads,
  };
}

/** The side that sends requests. */
export interface Clients {
  /** The request is over for the client, whatever its status; the slot is not to be touched any more. */
  departed(request: RequestId): void;
}

/** Asked on the thread, which holds the GVL, before the application is called. */
export interface Doorkeeper {
  /** True: the application is not called, and the request is answered as its status says. */
  refuses(request: RequestId): boolean;
}
