import type { Nanos } from '../../../kernel/time.js';
import { duration, flag, preset, record, type Schema } from '../../../schema/index.js';

/** Settings of the reverse proxy. */
export interface ProxyParams {
  /** Reads a request whole before it connects to the server. */
  readonly buffering: boolean;
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
  requestOverheadNs: v.request_overhead,
  responseOverheadNs: v.response_overhead,
}));
