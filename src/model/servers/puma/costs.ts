import { MICROSECOND, type Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { ScriptStep, ServerScript } from '../../workers/script.js';

/**
 * CPU time of Puma itself, per request on a new connection, all of it under the GVL. Measured on a 2-core VM with Puma
 * 5.6, 7.2 (Ruby 3.1.2) and 6.6, 7.2 (Ruby 3.3.8): 0.28 to 0.40 ms of CPU outside the application; an empty request
 * takes 0.32 to 0.43 ms until the application starts and 0.11 to 0.13 ms after it. The split follows the calls.
 */
export const PUMA_COSTS = {
  /** Acceptor: IO.select returns, accept_nonblock, new client, into the pool [ns]. */
  acceptNs: 40 * MICROSECOND,
  /** accept_nonblock that finds nothing because a sibling was faster [ns]; estimate from two system calls. */
  emptyAcceptNs: 20 * MICROSECOND,
  /** Pool thread wakes up and takes the client [ns]. */
  pickUpNs: 20 * MICROSECOND,
  /** Read and parse, build the environment [ns]. */
  parseNs: 120 * MICROSECOND,
  /** From the peer address to the call of the application [ns]. */
  callNs: 30 * MICROSECOND,
  /** Write the answer [ns]. */
  writeNs: 80 * MICROSECOND,
  /** Close the connection, back to the queue [ns]. */
  closeNs: 40 * MICROSECOND,
  /** Start of another pool thread, before it can take a request [ns]. */
  spawnNs: 75 * MICROSECOND,
  /**
   * The next request on a kept connection: no accept, no peer address, no close. Together 0.12 to 0.15 ms of CPU outside
   * the application, measured with Puma 6.6 on Ruby 3.3.8; the split is an estimate. Read, parse, call the application [ns].
   */
  keptReadNs: 75 * MICROSECOND,
  /** Write the answer, and back to reading [ns]. */
  keptWriteNs: 60 * MICROSECOND,
  /** Reactor: one pass for a request whose body has arrived [ns]. */
  reactorNs: 60 * MICROSECOND,
} as const satisfies Record<string, Nanos>;

const READ: readonly ScriptStep[] = [
  { step: 'ruby', ns: PUMA_COSTS.pickUpNs, what: 'take the client' },
  { step: 'trip', what: 'eagerly_finish: wait_readable(0)' },
  { step: 'ruby', ns: PUMA_COSTS.parseNs, what: 'read and parse' },
  { step: 'trip', what: 'REMOTE_ADDR: peeraddr' },
  { step: 'ruby', ns: PUMA_COSTS.callNs, what: 'call the application' },
];

const CLOSE: readonly ScriptStep[] = [
  { step: 'trip', what: 'close' },
  { step: 'ruby', ns: PUMA_COSTS.closeNs, what: 'back to the queue' },
];

/** From 6 on, header and body go out in one non-blocking write under the GVL. */
const ONE_WRITE: ServerScript = {
  before: READ,
  after: [{ step: 'ruby', ns: PUMA_COSTS.writeNs, what: 'write' }, { step: 'answer' }, ...CLOSE],
};

/** Up to 5.6 header and body are two `syswrite` calls, each of which releases the GVL. */
const TWO_WRITES: ServerScript = {
  before: READ,
  after: [
    { step: 'ruby', ns: PUMA_COSTS.writeNs / 2, what: 'write the header' },
    { step: 'trip', what: 'syswrite of the header' },
    { step: 'ruby', ns: PUMA_COSTS.writeNs / 2, what: 'write the body' },
    { step: 'answer' },
    { step: 'trip', what: 'syswrite of the body' },
    ...CLOSE,
  ],
};

/** What a thread does around requests on connections that are kept, up to the answer. */
export interface KeptScripts {
  readonly first: ServerScript;
  readonly later: ServerScript;
}

/** @param decides whether the connection is kept, see `KeptConnections` */
export function keptScripts(version: string, overheads: boolean, decides: (thread: Thread) => boolean): KeptScripts {
  const ask: ScriptStep = { step: 'ask', decides: (thread) => decides(thread) && overheads };
  if (!overheads) {
    const script: ServerScript = { before: [], after: [ask, { step: 'answer' }] };
    return { first: script, later: script };
  }
  const ns = PUMA_COSTS.keptWriteNs;
  const write: readonly ScriptStep[] =
    Number(version.split('.')[0]) <= 5
      ? [
          { step: 'ruby', ns: ns / 2, what: 'write the header' },
          { step: 'trip', what: 'syswrite of the header' },
          { step: 'ruby', ns: ns / 2, what: 'write the body' },
          { step: 'answer' },
          { step: 'trip', what: 'syswrite of the body' },
        ]
      : [{ step: 'ruby', ns, what: 'write' }, { step: 'answer' }];
  const after: readonly ScriptStep[] = [ask, ...write];
  const read: ScriptStep = { step: 'ruby', ns: PUMA_COSTS.keptReadNs, what: 'read and parse' };
  return { first: { before: READ, after }, later: { before: [read], after } };
}

/**
 * What Puma's pool thread does around the application, with every place where it gives the GVL up.
 * @see puma/puma lib/puma/{client,request}.rb; which calls release the lock: measured next to a CPU-bound thread, Ruby 3.3.8
 */
export function pumaScript(version: string): ServerScript {
  return Number(version.split('.')[0]) <= 5 ? TWO_WRITES : ONE_WRITE;
}
