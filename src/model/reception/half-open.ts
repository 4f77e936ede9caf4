import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import { MILLISECOND, type Nanos, SECOND } from '../../kernel/time.js';
import type { RequestId } from '../entities/ids.js';
import { kernelTimerNs } from './kernel-timer.js';

export interface HalfOpenListener {
  /** A packet comes that completes the handshake if the queue has room: whether it has. */
  completes(request: RequestId): boolean;
  /** The server has forgotten the connection: its next packet is answered by a reset. */
  reset(request: RequestId): void;
}

/** The client's first two waits for an acknowledgement of its request: tail loss probe, then TCP_RTO_MIN. */
const FIRST_RTO_NS: Nanos = 200 * MILLISECOND;
/** Its longest (TCP_RTO_MAX), and how often it sends again before it gives up, the tail loss probe not counted (net.ipv4.tcp_retries2). */
const MOST_RTO_NS: Nanos = 120 * SECOND;
const RETRIES = 15;
/** The server's first wait for the end of the handshake (TCP_TIMEOUT_INIT). */
const FIRST_SYNACK_NS: Nanos = SECOND;
/** Answers to a SYN that are sent again (net.ipv4.tcp_synack_retries, Linux's default). */
const SYNACK_RETRIES = 5;
/** Fewest that a server under pressure allows. */
const FEWEST_RETRIES = 2;

interface Connection {
  readonly request: RequestId;
  /** Packets that the client has sent again. */
  sent: number;
  /** Times that the server has waited in vain. */
  waits: number;
  /** The server keeps a record of it. */
  readonly isKnown: boolean;
  /** The server has given the connection up. */
  isForgotten: boolean;
  readonly clientTimer: Timer;
  readonly serverTimer: Timer;
}

/**
 * Connections of which the client thinks that they are open, while the server had no room in its accept queue when the
 * handshake ended. The client has sent its request and sends it again after 0.2, 0.4, 0.8, 1.6 … s, and gives up after 925 s; the server repeats its
 * part of the handshake after 1, 3, 7, 15 and 31 s, which makes the client repeat its own. Each of these packets opens the
 * connection if it finds room in the queue.
 *
 * ```
 * half open -- packet, room --> in the accept queue
 *   ^   | packet, no room
 *   +---+   server has waited too often, or listens no more --> forgotten -- packet --> reset
 *           client has sent too often --> reset
 * ```
 * The server keeps a record of as many as the backlog allows; when more than half of that are half open, it forgets old
 * ones early, to keep room for young ones. It keeps no record of the others (their number is a SYN cookie), so it neither
 * repeats its part nor forgets them.
 * @see Linux net/ipv4/tcp_minisocks.c tcp_check_req, inet_connection_sock.c reqsk_timer_handler, tcp_input.c
 * tcp_conn_request, syncookies.c cookie_v4_check
 */
export class HalfOpen {
  private readonly byRequest: Map<RequestId, Connection>;
  /** Connections the server knows of, and those of them that it has not waited for in vain yet. */
  private known: number;
  private young: number;
  /** No packet arrives at the other end. */
  private isCutOff: boolean;
  private readonly clientKind: number;
  private readonly serverKind: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly backlog: number,
    private readonly listener: HalfOpenListener,
  ) {
    this.byRequest = new Map();
    this.known = 0;
    this.young = 0;
    this.isCutOff = false;
    this.clientKind = kernel.define('net.request-again', Rank.Arrival, (request: RequestId) =>
      this.clientSends(request),
    );
    this.serverKind = kernel.define('net.synack-again', Rank.Arrival, (request: RequestId) =>
      this.serverWaited(request),
    );
  }

  add(request: RequestId): void {
    const connection = this.slot(request);
    this.armClient(connection);
    if (!connection.isKnown) return;
    this.known++;
    this.young++;
    this.armServer(connection);
  }

  /** Nobody listens any more: the next packet of each is answered by a reset, also if somebody listens again by then. */
  closes(): void {
    for (const connection of this.byRequest.values()) {
      if (connection.isForgotten || !this.kernel.isArmed(connection.clientTimer)) continue;
      this.forget(connection);
    }
  }

  cutOff(isSo: boolean): void {
    this.isCutOff = isSo;
  }

  private slot(request: RequestId): Connection {
    const old = this.byRequest.get(request);
    const connection: Connection = {
      request,
      sent: 0,
      waits: 0,
      isKnown: this.known < this.backlog,
      isForgotten: false,
      clientTimer: old?.clientTimer ?? this.kernel.timer(this.clientKind, request),
      serverTimer: old?.serverTimer ?? this.kernel.timer(this.serverKind, request),
    };
    this.byRequest.set(request, connection);
    return connection;
  }

  private clientSends(request: RequestId): void {
    const connection = this.byRequest.get(request)!;
    if (connection.isForgotten && !this.isCutOff) this.listener.reset(request);
    else if (connection.sent > RETRIES) this.givesUp(connection);
    else if (this.isCutOff || !this.opens(connection)) {
      connection.sent++;
      this.armClient(connection);
    }
  }

  /** ETIMEDOUT, a quarter of an hour after the first packet. */
  private givesUp(connection: Connection): void {
    if (!connection.isForgotten) this.forget(connection);
    this.listener.reset(connection.request);
  }

  private forget(connection: Connection): void {
    connection.isForgotten = true;
    this.kernel.disarm(connection.serverTimer);
    this.leaves(connection);
  }

  private serverWaited(request: RequestId): void {
    const connection = this.byRequest.get(request)!;
    if (connection.waits >= this.mostRetries()) {
      this.forget(connection);
      return;
    }
    if (connection.waits++ === 0) this.young--;
    if (!this.opens(connection)) this.armServer(connection);
  }

  private opens(connection: Connection): boolean {
    if (!this.listener.completes(connection.request)) return false;
    this.kernel.disarm(connection.clientTimer);
    this.kernel.disarm(connection.serverTimer);
    this.leaves(connection);
    return true;
  }

  private leaves(connection: Connection): void {
    if (!connection.isKnown) return;
    this.known--;
    if (connection.waits === 0) this.young--;
  }

  private mostRetries(): number {
    let most = SYNACK_RETRIES;
    if (2 * this.known <= Math.max(8, this.backlog)) return most;
    for (let young = 2 * this.young; most > FEWEST_RETRIES && this.known >= young; young *= 2) most--;
    return most;
  }

  private armClient({ sent, clientTimer }: Connection): void {
    const waitNs = Math.min(MOST_RTO_NS, FIRST_RTO_NS * 2 ** Math.max(0, sent - 1));
    this.kernel.arm(clientTimer, kernelTimerNs(this.kernel.nowNs(), waitNs));
  }

  private armServer({ waits, serverTimer }: Connection): void {
    this.kernel.arm(serverTimer, kernelTimerNs(this.kernel.nowNs(), FIRST_SYNACK_NS * 2 ** waits));
  }
}
