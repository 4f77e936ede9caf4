import { MICROSECOND, MILLISECOND, type Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { ScriptStep, ServerScript } from '../../workers/script.js';

/**
 * CPU time of Puma itself, per request on a new connection, all of it under the GVL. Measured on a 2-core VM with Puma
 * 5.6, 7.2 (Ruby 3.1.2) and 6.6, 7.2 (Ruby 3.3.8), by the mean time t between requests of a process: CPU outside the
 * application 0.28 to 0.30 ms at t = 12 ms, 0.30 to 0.39 at 25, 0.36 to 0.46 at 40, 0.54 at 62, 0.64 at 100, 0.95 to 1.0 at 420,
 * which is 0.15 ms + 0.038 ms x root(t / 1 ms) within 0.1 ms (`ColdCode`). The network stack of the kernel took the core for
 * another 0.045 ms a request (0.03 to 0.06; softirq, not in the CPU time of the process). From the end of the application to
 * the answer 0.10 to 0.12 ms at t = 12 ms, 0.20 at 60. The split of the 0.195 ms follows the calls.
 */
export const PUMA_COSTS = {
  /** Acceptor: IO.select returns, accept_nonblock, new client, into the pool [ns]. */
  acceptNs: 30 * MICROSECOND,
  /** accept_nonblock that finds nothing because a sibling was faster [ns]; estimate from two system calls. */
  emptyAcceptNs: 20 * MICROSECOND,
  /** Pool thread wakes up and takes the client [ns]. */
  pickUpNs: 10 * MICROSECOND,
  /** Read and parse, build the environment [ns]. */
  parseNs: 55 * MICROSECOND,
  /** From the peer address to the call of the application [ns]. */
  callNs: 15 * MICROSECOND,
  /** Write the answer [ns]. */
  writeNs: 65 * MICROSECOND,
  /** Close the connection, back to the queue [ns]. */
  closeNs: 20 * MICROSECOND,
  /**
   * By how much each piece runs longer when it is cold [ns per root of a ms], 38 us in all. How they share it was measured with marks in Puma 7.2.1
   * on Ruby 3.1.2, one core, empty requests 1 ms and 12 to 200 ms apart: accept 33 and 111 to 131 us, until a pool thread has the
   * client 13 and 24 to 28, until it asks for the peer address 49 and 116 to 137, until the application 18 and 38 to 47, from its end
   * to the close 62 and 105 to 129, close 13 and 30 to 38. Only the shares are from there. Known to be wrong: by these marks the whole grows little
   * from 12 to 200 ms, by 236 to 322 us over what it is after 1 ms; the root, which fits the recorded servers, makes it 93 to 499.
   */
  coldAcceptNs: 11 * MICROSECOND,
  coldPickUpNs: 2 * MICROSECOND,
  coldParseNs: 11 * MICROSECOND,
  coldCallNs: 3 * MICROSECOND,
  coldWriteNs: 8 * MICROSECOND,
  coldCloseNs: 3 * MICROSECOND,
  /**
   * From the client's `connect` to a connection with its request in the listen queue: on the loopback interface (p50 of
   * the time until the request was written, 45 us). It passes before a sleeping acceptor is woken [ns].
   */
  connectNs: 45 * MICROSECOND,
  /** Start of another pool thread, before it can take a request [ns]. */
  spawnNs: 75 * MICROSECOND,
  /**
   * The next request on a kept connection: no accept, no peer address, no close. Together 0.15 ms of CPU outside the
   * application at 100 requests a second, measured with Puma 6.6 on Ruby 3.3.8; the split, and the share that is due to
   * coldness, are estimates. Read, parse, call the application [ns].
   */
  keptReadNs: 40 * MICROSECOND,
  /** Write the answer, and back to reading [ns]. */
  keptWriteNs: 40 * MICROSECOND,
  /** Extra of a kept connection's steps when they are cold [ns per root of a ms]. */
  keptColdNs: 11 * MICROSECOND,
  /**
   * From the end of a worker to the first accept of its replacement, a fork of the loaded application [ns]: as measured with
   * Unicorn (6 to 10 ms), whose master does the same (SIGCHLD, reap, fork); not measured with Puma.
   */
  respawnNs: 8 * MILLISECOND,
  /** Reactor: one pass for a request whose body has arrived [ns]. */
  reactorNs: 60 * MICROSECOND,
} as const satisfies Record<string, Nanos>;

const READ: readonly ScriptStep[] = [
  { step: 'ruby', ns: PUMA_COSTS.pickUpNs, what: 'take the client', coldNs: PUMA_COSTS.coldPickUpNs },
  { step: 'trip', what: 'eagerly_finish: wait_readable(0)' },
  { step: 'ruby', ns: PUMA_COSTS.parseNs, what: 'read and parse', coldNs: PUMA_COSTS.coldParseNs },
  { step: 'trip', what: 'REMOTE_ADDR: peeraddr' },
  { step: 'ruby', ns: PUMA_COSTS.callNs, what: 'call the application', coldNs: PUMA_COSTS.coldCallNs },
];

const CLOSE: readonly ScriptStep[] = [
  { step: 'trip', what: 'close' },
  { step: 'ruby', ns: PUMA_COSTS.closeNs, what: 'back to the queue', coldNs: PUMA_COSTS.coldCloseNs },
];

/** From 6 on, header and body go out in one non-blocking write under the GVL. */
const ONE_WRITE: ServerScript = {
  before: READ,
  after: [
    { step: 'ruby', ns: PUMA_COSTS.writeNs, what: 'write', coldNs: PUMA_COSTS.coldWriteNs },
    { step: 'answer' },
    ...CLOSE,
  ],
};

/**
 * Up to 5 header and body are two `syswrite` calls, each of which releases the GVL, on a socket that holds back what it has (TCP_CORK) until Puma lets it
 * go after the second one: the client has nothing before the thread has the lock again. How the CPU time is shared is an estimate.
 * @see puma/puma v5.6.5 lib/puma/request.rb: handle_request (cork_socket, fast_write, uncork_socket)
 */
function corkedWrites(ns: Nanos, coldNs: Nanos): readonly ScriptStep[] {
  return [
    { step: 'ruby', ns: ns / 2, what: 'write the header', coldNs },
    { step: 'trip', what: 'syswrite of the header' },
    { step: 'ruby', ns: ns / 4, what: 'write the body' },
    { step: 'trip', what: 'syswrite of the body' },
    { step: 'ruby', ns: ns / 4, what: 'uncork' },
    { step: 'answer' },
  ];
}

const TWO_WRITES: ServerScript = {
  before: READ,
  after: [...corkedWrites(PUMA_COSTS.writeNs, PUMA_COSTS.coldWriteNs), ...CLOSE],
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
  const { keptWriteNs: ns, keptColdNs: coldNs } = PUMA_COSTS;
  const write: readonly ScriptStep[] =
    Number(version.split('.')[0]) <= 5
      ? corkedWrites(ns, coldNs)
      : [{ step: 'ruby', ns, what: 'write', coldNs }, { step: 'answer' }];
  const after: readonly ScriptStep[] = [ask, ...write];
  const read: ScriptStep = { step: 'ruby', ns: PUMA_COSTS.keptReadNs, what: 'read and parse', coldNs };
  return { first: { before: READ, after }, later: { before: [read], after } };
}

/**
 * What Puma's pool thread does around the application, with every place where it gives the GVL up.
 * @see puma/puma lib/puma/{client,request}.rb; which calls release the lock: measured next to a CPU-bound thread, Ruby 3.3.8
 */
export function pumaScript(version: string): ServerScript {
  return Number(version.split('.')[0]) <= 5 ? TWO_WRITES : ONE_WRITE;
}
