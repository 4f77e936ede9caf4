import { MILLISECOND, SECOND } from '../../../kernel/time.js';
import {
  count,
  decimal,
  duration,
  oneOf,
  optional,
  preset,
  ratio,
  record,
  type Schema,
  size,
} from '../../../schema/index.js';
import type { ClientsSpec } from '../../spec.js';

const retries = record(
  'A request that failed (no answer in time, connection refused or cut off, shed) is sent again.',
  {
    max: preset(count({ doc: 'How often a request is sent again at most.', min: 1, max: 100 }), 3),
    backoff: preset(duration({ doc: 'Pause before the first retry.' }), '100ms'),
    factor: preset(decimal({ doc: 'Each pause is so many times the one before.', min: 1, max: 100 }), 2),
    max_backoff: preset(duration({ doc: 'Longest pause.' }), '20s'),
    jitter: preset(
      oneOf(
        ['none', 'full'],
        'full: each pause is drawn evenly between 0 and its length, so that those who failed together do not come back together.',
      ),
      'full',
    ),
    budget: optional(
      ratio({
        doc: 'Retries that all clients together may send for each first request, saved up to 10 retries. Default: no limit.',
      }),
    ),
  },
);

/** What a scenario says of clients. */
export interface ClientsParams extends Omit<ClientsSpec, 'gatewayTimeoutNs'> {
  /** How fast they send bodies; Infinity: a body is there with its request. */
  readonly sendsBytesPerSec: number;
  /** How they take in answers; null: at once. */
  readonly receives: { readonly bytesPerSec: number; readonly socketBytes: number } | null;
}

/** Keys and defaults of `clients`. */
export const clientsParams: Schema<ClientsParams> = record('How those who send requests behave.', {
  timeout: optional(
    duration({
      doc: 'A client that has no answer so long after sending gives up and closes the connection. The server goes on with the request. Default: it waits for ever.',
      min: MILLISECOND,
      max: 3600 * SECOND,
    }),
  ),
  retries: optional(retries),
  send_rate: optional(
    size({
      doc: 'Bytes per second that a client sends; of classes with a body. Who waits for the rest depends on the server. Default: a body is there with its request.',
      min: 1,
    }),
  ),
  receive_rate: optional(
    size({
      doc: 'Bytes per second that a client takes in; of classes with a response. Whoever writes to it waits (a thread, a worker, a proxy). Default: nobody waits.',
      min: 1,
    }),
  ),
  socket_buffer: preset(
    size({ doc: 'What the sockets of both sides hold of an answer, so that nobody waits for it (an estimate).' }),
    '128KiB',
  ),
}).transform(({ timeout, retries: again, send_rate, receive_rate, socket_buffer }) => ({
  sendsBytesPerSec: send_rate ?? Number.POSITIVE_INFINITY,
  receives: receive_rate === undefined ? null : { bytesPerSec: receive_rate, socketBytes: socket_buffer },
  timeoutNs: timeout ?? Number.POSITIVE_INFINITY,
  retries:
    again === undefined
      ? null
      : {
          max: again.max,
          backoffNs: again.backoff,
          factor: again.factor,
          maxBackoffNs: again.max_backoff,
          jitter: again.jitter as 'none' | 'full',
          budget: again.budget ?? Number.POSITIVE_INFINITY,
        },
}));
