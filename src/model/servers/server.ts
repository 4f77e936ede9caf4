import type { RequestId } from '../entities/ids.js';
import type { Threads } from '../entities/thread.js';
import type { Gauge } from '../observations.js';
import type { Site } from '../site.js';

export type { Clients, Site } from '../site.js';

/** A running server. */
export interface Server {
  /** A client opens a connection and sends its request. */
  connect(request: RequestId): void;
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
}

/** A kind of server: its parameters and how it is put together. One folder each. */
export interface ServerType<P> {
  /** As written in scenario files. */
  readonly name: string;
  assemble(params: P, site: Site): Server;
}
