import type { Kernel } from '../../../kernel/kernel.js';
import { MILLISECOND, type Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { RequestTable } from '../../entities/requests.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { Execution } from '../../runtimes/execution.js';
import type { RequestRunner } from '../../workers/request-runner.js';
import type { Reactor } from './reactor.js';
import type { KeepAliveRules } from './rules.js';
import type { ThreadPool } from './thread-pool.js';

/** How long a thread of Puma up to 6 waits for the next request of a connection (FAST_TRACK_KA_TIMEOUT). */
export const INLINE_WAIT_NS: Nanos = 200 * MILLISECOND;
/** Requests of one connection in a row before others are thought of (max_fast_inline). */
export const MAX_FAST_INLINE = 10;

/** What a thread does after an answer. */
const After = { Nothing: 0, Waiting: 1, TimedOut: 2, Looking: 3, Closing: 4, Closed: 5 } as const;
type After = (typeof After)[keyof typeof After];

/** A pool thread and the connection that it has. */
interface Seat {
  user: number;
  /** Requests served since the thread took the connection from the pool's queue. */
  inRow: number;
  mustClose: boolean;
  after: After;
  /** The next request of the connection, if it is there already. */
  next: RequestId;
}

/** A user's connection. */
interface Connection {
  process: ProcessId;
  /** Null: the reactor has it, or the pool's queue. */
  thread: Thread | null;
  /** A request that came over it is in the reactor, or in the pool's queue. */
  isAwaited: boolean;
  served: number;
  idleSinceNs: Nanos;
}

export interface KeptConnectionsParams {
  readonly rules: KeepAliveRules;
  readonly maxThreads: number;
  readonly wakeLatencyNs: Nanos;
  readonly closeNs: Nanos;
}

/** The parts of a process that connections pass through. */
export interface Stations {
  readonly pool: ThreadPool;
  readonly reactor: Reactor;
  /** The process was asked to end: it keeps no connection. */
  readonly isClosing: boolean;
}

/** Runners for the first request of a connection and for the others; both end with the answer. */
export interface KeptRunners {
  readonly first: RequestRunner;
  readonly later: RequestRunner;
}

/**
 * Connections that users keep from one request to the next.
 *
 * ```
 * answered -- up to 6: the thread waits for 0.2 s, without the GVL -- next request --> served by the same thread
 *    |                   | nothing came, or 10 in a row and others queue
 *    |                   +--> reactor -- next request --> tail of the pool's queue
 *    |-- from 7 on: is the next request there? -- no --> reactor
 *    |                   | yes --> tail of the pool's queue (from 7.1 on: served at once if a thread is idle)
 *    +-- up to 6: 10 in a row, all threads busy, and somebody waits to be accepted: closed. The user connects again.
 * ```
 * A connection that has been idle for `persistent_timeout` is closed as well.
 * @see puma/puma lib/puma/server.rb process_client, request.rb prepare_response at v6.6.1, v7.0.0, v7.1.0
 */
export class KeptConnections implements ThreadOwner {
  private readonly connections: (Connection | null)[];
  private readonly seats: Map<Thread, Seat>;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly requests: RequestTable,
    private readonly socket: ListenSocket,
    private readonly runners: KeptRunners,
    private readonly params: KeptConnectionsParams,
    private readonly stationsOf: (process: ProcessId) => Stations,
  ) {
    this.connections = [];
    this.seats = new Map();
  }

  /** A request comes over its user's connection. False if there is none, so that the user has to connect. */
  takes(request: RequestId): boolean {
    const user = this.requests.user[request]!;
    const connection = this.connections[user] ?? null;
    if (connection === null) return false;
    const { thread } = connection;
    if (thread === null && this.kernel.nowNs() - connection.idleSinceNs > this.params.rules.persistentTimeoutNs) {
      this.connections[user] = null;
      return false;
    }
    if (thread !== null && this.seats.get(thread)!.mustClose) {
      this.connections[user] = null; // the answer said so, but the thread is not done with it (the second write of Puma 5)
      return false;
    }
    this.requests.accepted(request);
    if (thread === null) {
      connection.isAwaited = true;
      this.stationsOf(connection.process).reactor.bodyArrived(request);
    } else this.arrivesAt(thread, request);
    return true;
  }

  /** The process was asked to end: connections that nobody uses are closed, the others after their request. */
  closes(process: ProcessId): void {
    this.connections.forEach((connection, user) => {
      if (connection?.process === process && connection.thread === null && !connection.isAwaited) {
        this.connections[user] = null;
      }
    });
  }

  /** The process is gone, and all its connections. */
  vanishes(process: ProcessId, lost: (request: RequestId) => void): void {
    this.connections.forEach((connection, user) => {
      if (connection?.process === process) this.connections[user] = null;
    });
    for (const [thread, seat] of this.seats) {
      if (thread.process !== process) continue;
      if (seat.next !== NOBODY) lost(seat.next);
      this.seats.delete(thread);
    }
  }

  /** A pool thread takes a request, the first of its connection or one that came through the reactor. */
  serve(thread: Thread, request: RequestId): void {
    const user = this.requests.user[request]!;
    const connection = this.connections[user] ?? null;
    this.seats.set(thread, { user, inRow: 0, mustClose: false, after: After.Nothing, next: NOBODY });
    if (connection === null) {
      this.connections[user] = { process: thread.process, thread, isAwaited: false, served: 0, idleSinceNs: 0 };
    } else {
      connection.thread = thread;
      connection.isAwaited = false;
    }
    this.run(thread, request, connection === null ? this.runners.first : this.runners.later);
  }

  /**
   * The application has ended; the header of the answer says whether the connection is kept. Returns whether the thread
   * had to ask the listen socket for that (`wait_readable(0)`), which gives up the GVL.
   */
  decides(thread: Thread): boolean {
    const seat = this.seats.get(thread)!;
    const { rules, maxThreads } = this.params;
    seat.inRow++;
    const served = ++this.connections[seat.user]!.served;
    if (!rules.closesForOthers) {
      seat.mustClose = served >= rules.maxRequests;
      return false;
    }
    if (seat.inRow < MAX_FAST_INLINE || this.stationsOf(thread.process).pool.busy < maxThreads) return false;
    seat.mustClose = this.socket.size > 0;
    return true;
  }

  /** The client has its answer, and the thread holds the GVL. */
  answered(thread: Thread): void {
    const seat = this.seats.get(thread)!;
    thread.owner = this;
    if (seat.mustClose || (this.stationsOf(thread.process).isClosing && seat.next === NOBODY)) {
      // By now the user may have another connection.
      if (this.connections[seat.user]?.thread === thread) this.connections[seat.user] = null;
      seat.after = After.Closing;
      this.execution.trip(thread);
    } else if (!this.params.rules.waitsInline) {
      seat.after = After.Looking;
      this.execution.trip(thread);
    } else if (seat.inRow >= MAX_FAST_INLINE && this.stationsOf(thread.process).pool.backlog > 0) {
      this.leave(thread, seat);
    } else if (seat.next !== NOBODY) {
      seat.after = After.Waiting;
      this.execution.trip(thread); // the wait is over at once
    } else {
      seat.after = After.Waiting;
      this.kernel.arm(thread.wakeTimer, this.kernel.nowNs() + INLINE_WAIT_NS);
      this.execution.block(thread, Part.Queue);
    }
  }

  /** The thread has the GVL again. */
  executed(thread: Thread): void {
    const seat = this.seats.get(thread)!;
    const { pool } = this.stationsOf(thread.process);
    if (seat.after === After.Closing) {
      seat.after = After.Closed;
      this.execution.run(thread, this.params.closeNs);
    } else if (seat.after === After.Closed) pool.next(thread);
    else if (seat.next === NOBODY || seat.after === After.TimedOut) this.leave(thread, seat);
    else if (
      this.isWhole(seat.next) &&
      (seat.after === After.Waiting || (this.params.rules.servesAtOnceIfIdle && pool.idle > 0))
    ) {
      this.run(thread, takeNext(seat), this.runners.later);
    } else {
      const connection = this.connections[seat.user]!;
      connection.thread = null;
      connection.isAwaited = true;
      pool.push(takeNext(seat));
      pool.next(thread);
    }
  }

  private run(thread: Thread, request: RequestId, runner: RequestRunner): void {
    this.seats.get(thread)!.after = After.Nothing;
    thread.owner = runner;
    runner.serve(thread, request);
  }

  /** A request comes over a connection that a thread has. */
  private arrivesAt(thread: Thread, request: RequestId): void {
    const seat = this.seats.get(thread)!;
    seat.next = request;
    if (seat.after !== After.Waiting) return;
    if (this.kernel.isArmed(thread.wakeTimer)) {
      this.kernel.arm(thread.wakeTimer, this.kernel.nowNs() + this.params.wakeLatencyNs);
    } else seat.after = After.TimedOut; // it has given up, and is on its way to the GVL
  }

  private isWhole(request: RequestId): boolean {
    return this.requests.arrivedNs[request]! + this.requests.uploadNs[request]! <= this.kernel.nowNs();
  }

  /** The reactor takes the connection, and the thread looks for other work. */
  private leave(thread: Thread, seat: Seat): void {
    const { pool, reactor, isClosing } = this.stationsOf(thread.process);
    const connection = this.connections[seat.user]!;
    connection.thread = null;
    connection.idleSinceNs = this.kernel.nowNs();
    if (seat.next !== NOBODY) {
      connection.isAwaited = true;
      reactor.bodyArrived(takeNext(seat));
    } else if (isClosing) this.connections[seat.user] = null;
    pool.next(thread);
  }
}

function takeNext(seat: Seat): RequestId {
  const request = seat.next;
  seat.next = NOBODY;
  return request;
}
