import { MICROSECOND, type Nanos } from '../../../kernel/time.js';
import { BARE_SCRIPT, type ServerScript } from '../../workers/script.js';

/**
 * CPU time of gunicorn itself, per request on a new connection. Measured with gunicorn 20.1.0 on CPython 3.11.2, 2-core
 * VM, requests that found nobody else: sync 0.43 ms (median) until the application starts and 0.26 ms after it, gthread
 * 0.46 and 0.26 ms. The split follows the calls. `gevent` was not measured and takes the figures of gthread.
 */
export const GUNICORN_COSTS = {
  /** sync: select returns, accept, read and parse, build the environment [ns]. */
  syncBeforeNs: 400 * MICROSECOND,
  /** sync: accept that finds nothing because a sibling was faster; estimate from two system calls [ns]. */
  emptyAcceptNs: 20 * MICROSECOND,
  /** gthread: the poller returns, accept [ns]. */
  acceptNs: 60 * MICROSECOND,
  /** gthread: into the queue of the pool, finished futures, heartbeat, back to the poller [ns]. */
  enqueueNs: 60 * MICROSECOND,
  /** gthread: a pool thread takes the connection [ns]. */
  pickUpNs: 30 * MICROSECOND,
  /** Read and parse, build the environment [ns]. */
  parseNs: 290 * MICROSECOND,
  /** The header of the answer [ns]. */
  headerNs: 110 * MICROSECOND,
  /** Its body [ns]. */
  bodyNs: 70 * MICROSECOND,
  /** Up to closing the connection [ns]. */
  closeNs: 60 * MICROSECOND,
  /** After that, back to waiting for work [ns]. */
  backNs: 30 * MICROSECOND,
} as const satisfies Record<string, Nanos>;

const C = GUNICORN_COSTS;

/** Every call on a socket gives the GIL up; the client sees the end when the connection is closed. */
const AFTER: ServerScript['after'] = [
  { step: 'ruby', ns: C.headerNs, what: 'header' },
  { step: 'trip', what: 'send the header' },
  { step: 'ruby', ns: C.bodyNs, what: 'body' },
  { step: 'trip', what: 'send the body' },
  { step: 'ruby', ns: C.closeNs, what: 'close' },
  { step: 'answer' },
  { step: 'trip', what: 'close' },
  { step: 'ruby', ns: C.backNs, what: 'back to waiting' },
];

/** @see benoitc/gunicorn 20.1.0 gunicorn/workers/sync.py handle */
export function syncScript(overheads: boolean): ServerScript {
  if (!overheads) return BARE_SCRIPT;
  return { before: [{ step: 'ruby', ns: C.syncBeforeNs, what: 'accept, read and parse' }], after: AFTER };
}

/** @see benoitc/gunicorn 20.1.0 gunicorn/workers/gthread.py handle */
export function threadScript(overheads: boolean): ServerScript {
  if (!overheads) return BARE_SCRIPT;
  return {
    before: [
      { step: 'ruby', ns: C.pickUpNs, what: 'take the connection' },
      { step: 'trip', what: 'recv' },
      { step: 'ruby', ns: C.parseNs, what: 'parse, environment' },
    ],
    after: AFTER,
  };
}

/** A greenlet reads and writes without waiting where there is something to read and room to write. */
export const GREENLET_SCRIPT: ServerScript = {
  before: [{ step: 'ruby', ns: C.enqueueNs + C.parseNs, what: 'parse, environment' }],
  after: [
    { step: 'ruby', ns: C.headerNs + C.bodyNs + C.closeNs, what: 'write and close' },
    { step: 'answer' },
    { step: 'ruby', ns: C.backNs, what: 'back to the loop' },
  ],
};
