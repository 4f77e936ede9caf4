import type { EventKind, Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { Fifo } from '../entities/fifo.js';
import type { RequestId } from '../entities/ids.js';
import type { HostSpec } from '../spec.js';
import { synWaitsNs } from './connection-attempts.js';
import { HalfOpen } from './half-open.js';
import { kernelTimerNs } from './kernel-timer.js';

export interface ListenSocketListener {
  /** A connection waits to be accepted. */
  readable(): void;
  /** The client has given up connecting, or its connection was reset. */
  refused(request: RequestId): void;
}

/**
 * The listening socket that all processes of a server share: one first-come-first-served accept queue in the kernel.
 *
 * It is full when it holds more than the backlog; then the kernel drops the first packet of a handshake (SYN), and the
 * client's kernel sends it again, which shows as latencies of 1, 2, 3 … s (tcp_abort_on_overflow = 0). The timers of the
 * kernel lie on a grid, so clients try again in bursts. The packets of a burst are answered before any handshake of it
 * is complete: those for which there is no room then are half open.
 *
 * ```
 * SYN -- queue full --> again later (over after 131 s: refused)
 *  | answered           last packet: room --> in the queue
 *  +--------------------> no room --> half open: see there
 * ```
 * Without overheads timers are exact and a handshake takes no time, so no connection is half open.
 * @see Linux include/net/sock.h sk_acceptq_is_full; net/ipv4/tcp_input.c tcp_conn_request; tcp_ipv4.c tcp_v4_syn_recv_sock
 */
export class ListenSocket {
  private readonly queue: Fifo;
  private readonly waitsNs: readonly Nanos[];
  private readonly limit: number;
  /** SYNs sent so far, by request. */
  private readonly attempts: number[];
  private readonly timers: Timer[];
  private readonly synKind: EventKind<RequestId>;
  private readonly halfOpen: HalfOpen | null;
  /** Time of the last SYN, and whether the queue was full when the first SYN of that time came. */
  private burstNs: Nanos;
  private isBurstDropped: boolean;
  /** Nobody listens. */
  private isClosed: boolean;
  /** No packet arrives. */
  private isCutOff: boolean;

  /** @param backlog connections that may wait, as the server asks for; the host bounds it */
  constructor(
    private readonly kernel: Kernel,
    backlog: number,
    host: HostSpec,
    overheads: boolean,
    private readonly listener: ListenSocketListener,
  ) {
    this.queue = new Fifo();
    this.limit = Math.min(backlog, host.somaxconn);
    this.waitsNs = synWaitsNs(host.synLinearTimeouts);
    this.attempts = [];
    this.timers = [];
    this.burstNs = -1;
    this.isBurstDropped = false;
    this.isClosed = false;
    this.isCutOff = false;
    this.synKind = kernel.define('net.syn-again', Rank.Arrival, (request: RequestId) => this.tryAgain(request));
    this.halfOpen = overheads
      ? new HalfOpen(kernel, this.limit, {
          completes: (request) => !this.isClosed && this.enters(request),
          reset: (request) => listener.refused(request),
        })
      : null;
  }

  /** Connections that wait to be accepted. */
  get size(): number {
    return this.queue.size;
  }

  connect(request: RequestId): void {
    this.attempts[request] = 0;
    this.syn(request);
  }

  /** Nobody listens from now on: connections that wait are reset, whoever tries to connect is refused. */
  closes(): void {
    this.isClosed = true;
    this.halfOpen?.closes();
    const reset: RequestId[] = [];
    while (this.queue.size > 0) reset.push(this.queue.shift());
    for (const request of reset) this.listener.refused(request);
  }

  opens(): void {
    this.isClosed = false;
  }

  /** What clients send from now on is lost, so that they send it again; `false`: it arrives again. */
  cutOff(isSo: boolean): void {
    this.isCutOff = isSo;
    this.halfOpen?.cutOff(isSo);
  }

  /** accept_nonblock: the connection that has waited longest, or NOBODY (EAGAIN). */
  accept(): RequestId {
    return this.queue.shift();
  }

  /**
   * The client closes its end. A connection that it has, or thinks it has, stays: the server will find it.
   *
   * @returns whether the client was still waiting for an answer to its SYN: nobody will hear of it again
   */
  hangUp(request: RequestId): boolean {
    const timer = this.timers[request];
    if (timer === undefined || !this.kernel.isArmed(timer)) return false;
    this.kernel.disarm(timer);
    return true;
  }

  private get isFull(): boolean {
    return this.queue.size > this.limit;
  }

  private syn(request: RequestId): void {
    if (this.isCutOff) {
      this.retryLater(request);
      return;
    }
    if (this.isClosed) {
      this.listener.refused(request);
      return;
    }
    if (this.halfOpen === null) {
      if (!this.enters(request)) this.retryLater(request);
      return;
    }
    if (this.burstNs !== this.kernel.nowNs()) {
      this.burstNs = this.kernel.nowNs();
      this.isBurstDropped = this.isFull;
    }
    if (this.isBurstDropped) this.retryLater(request);
    else if (!this.enters(request)) this.halfOpen.add(request);
  }

  /** The last packet of a handshake: false if it is dropped because the queue is full. */
  private enters(request: RequestId): boolean {
    if (this.isFull) return false;
    this.queue.push(request);
    this.listener.readable();
    return true;
  }

  private tryAgain(request: RequestId): void {
    if (this.attempts[request] === this.waitsNs.length) this.listener.refused(request);
    else this.syn(request);
  }

  private retryLater(request: RequestId): void {
    const nowNs = this.kernel.nowNs();
    const waitNs = this.waitsNs[this.attempts[request]!++]!;
    this.timers[request] ??= this.kernel.timer(this.synKind, request);
    this.kernel.arm(this.timers[request]!, this.halfOpen === null ? nowNs + waitNs : kernelTimerNs(nowNs, waitNs));
  }
}
