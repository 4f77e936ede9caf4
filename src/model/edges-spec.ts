/** What stands between those who send requests and the server, as plain validated data in base units. */
import type { Nanos } from '../kernel/time.js';

/** A reverse proxy that reads requests (whole, if it buffers) before it connects to the server. */
export interface ProxySpec {
  readonly buffering: boolean;
  /** Gives up so long after sending the request to the server [ns]. */
  readonly readTimeoutNs: Nanos;
  /** From the end of a request at the proxy to its connection to the server [ns]. */
  readonly requestOverheadNs: Nanos;
  /** From the server's answer to the client's [ns]. */
  readonly responseOverheadNs: Nanos;
}

/** What stands between those who send requests and the server; null: it is not there. */
export interface EdgesSpec {
  readonly balancer: BalancerSpec | null;
  readonly proxy: ProxySpec | null;
  readonly clients: ClientsSpec | null;
}

/** Requests go to the listen sockets of the server. */
export const NO_EDGES: EdgesSpec = { balancer: null, proxy: null, clients: null };

/** Several hosts that are all as `host` and `server` say. */
export interface BalancerSpec {
  readonly hosts: number;
  /** Which host gets a request: name of a policy. */
  readonly balance: string;
}

/** What clients do when the answer does not come, or is an error. */
export interface ClientsSpec {
  /** Gives up so long after sending [ns]; Infinity = waits for ever. */
  readonly timeoutNs: Nanos;
  readonly retries: RetrySpec | null;
  /** The proxy in front gives up so long after it has the whole request [ns]; Infinity = there is none, or it waits for ever. */
  readonly gatewayTimeoutNs: Nanos;
}

export interface RetrySpec {
  /** How often a request is sent again at most. */
  readonly max: number;
  /** Pause before the first retry [ns]; each is `factor` times the one before. */
  readonly backoffNs: Nanos;
  readonly factor: number;
  readonly maxBackoffNs: Nanos;
  /** `full`: each pause is drawn between 0 and what it would be without. */
  readonly jitter: 'none' | 'full';
  /** Retries for each request sent for the first time, at most; Infinity = no limit. */
  readonly budget: number;
}
