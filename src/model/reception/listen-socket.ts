import type { EventKind, Kernel, TimerId } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../kernel/time.js';
import { Fifo } from '../entities/fifo.js';
import type { RequestId } from '../entities/ids.js';

export interface ListenSocketListener {
  /** A connection waits to be accepted. */
  readable(): void;
  /** The client has given up connecting. */
  refused(request: RequestId): void;
}

/**
 * When a client sends its SYN again after it was dropped, counted from the first one, and when it gives up
 * (Linux, tcp_syn_retries = 6: waits of 1, 2, 4 … 64 s).
 */
export const SYN_TIMES_NS: readonly Nanos[] = [1, 3, 7, 15, 31, 63].map((s) => s * SECOND);
export const SYN_GIVES_UP_NS: Nanos = 127 * SECOND;

/**
 * The listening socket that all processes of a server share: one first-come-first-served accept queue in the kernel.
 *
 * It is full when it holds more than the backlog; then the kernel drops the handshake and the client tries again,
 * which shows as latencies of 1, 3, 7 … s (tcp_abort_on_overflow = 0).
 * @see Linux include/net/sock.h sk_acceptq_is_full
 */
export class ListenSocket {
  private readonly queue: Fifo;
  private readonly attempts: number[];
  private readonly timers: TimerId[];
  private readonly synKind: EventKind<RequestId>;

  /** @param limit connections that may wait: the smaller of the server's backlog and net.core.somaxconn */
  constructor(
    private readonly kernel: Kernel,
    private readonly limit: number,
    private readonly listener: ListenSocketListener,
  ) {
    this.queue = new Fifo();
    this.attempts = [];
    this.timers = [];
    this.synKind = kernel.define('net.syn-again', Rank.Arrival, (request: RequestId) => this.tryAgain(request));
  }

  /** Connections that wait to be accepted. */
  get size(): number {
    return this.queue.size;
  }

  connect(request: RequestId): void {
    if (this.queue.size <= this.limit) this.enqueue(request);
    else this.retryLater(request, 0);
  }

  /** accept_nonblock: the connection that has waited longest, or NOBODY (EAGAIN). */
  accept(): RequestId {
    return this.queue.shift();
  }

  private enqueue(request: RequestId): void {
    this.queue.push(request);
    this.listener.readable();
  }

  private tryAgain(request: RequestId): void {
    const attempt = this.attempts[request]!;
    if (attempt > SYN_TIMES_NS.length) this.listener.refused(request);
    else if (this.queue.size <= this.limit) this.enqueue(request);
    else this.retryLater(request, attempt);
  }

  private retryLater(request: RequestId, attempt: number): void {
    const sinceFirstNs = attempt === 0 ? 0 : SYN_TIMES_NS[attempt - 1]!;
    const nextNs = SYN_TIMES_NS[attempt] ?? SYN_GIVES_UP_NS;
    this.attempts[request] = attempt + 1;
    this.timers[request] ??= this.kernel.timer(this.synKind, request);
    this.kernel.arm(this.timers[request]!, this.kernel.nowNs() + nextNs - sinceFirstNs);
  }
}
