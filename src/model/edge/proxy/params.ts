import { type Nanos, SECOND } from '../../../kernel/time.js';
import { duration, flag, preset, record, type Schema } from '../../../schema/index.js';

/** Settings of the reverse proxy. */
export interface ProxyParams {
  /** Reads a request whole before it connects to the server. */
  readonly buffering: boolean;
  /** Gives up so long after sending the request to the server [ns]. */
  readonly readTimeoutNs: Nanos;
  /** From the end of a request at the proxy to its connection to the server [ns]. */
  readonly requestOverheadNs: Nanos;
  /** From the server's answer to the client's [ns]. */
  readonly responseOverheadNs: Nanos;
}

/** Keys and defaults of `proxy`. */
export const proxyParams: Schema<ProxyParams> = record(
  'A reverse proxy such as nginx in front of the server, on cores of its own.',
  {
    buffering: preset(
      flag('Read a request whole, its body too, before connecting to the server (proxy_request_buffering).'),
      true,
    ),
    read_timeout: preset(
      duration({
        doc: 'Without an answer from the server so long after sending it the request, the proxy tells the client so (504) and closes the connection; the server goes on with the request (proxy_read_timeout).',
        min: SECOND,
        max: 86_400 * SECOND,
      }),
      '60s',
    ),
    request_overhead: preset(
      duration({ doc: 'From the end of a request at the proxy to its connection to the server (measured: nginx).' }),
      '250us',
    ),
    response_overhead: preset(
      duration({ doc: "From the server's answer to the client's (measured: nginx)." }),
      '100us',
    ),
  },
).transform((v) => ({
  buffering: v.buffering,
  readTimeoutNs: v.read_timeout,
  requestOverheadNs: v.request_overhead,
  responseOverheadNs: v.response_overhead,
}));
