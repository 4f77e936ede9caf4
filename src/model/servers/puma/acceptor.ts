import type { Kernel, Timer } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { Execution } from '../../runtimes/execution.js';
import { type AcceptRules, overloadDelay, scaledDelay } from './rules.js';
import type { ThreadPool } from './thread-pool.js';

export interface AcceptorParams {
  readonly thread: Thread;
  readonly rules: AcceptRules;
  readonly isCluster: boolean;
  /** CPU time of an accept, and of passing the request on. */
  readonly acceptNs: (process: ProcessId) => Nanos;
  readonly emptyAcceptNs: Nanos;
  readonly wakeLatencyNs: Nanos;
  /** From the start of a connection to a readable socket [ns]. */
  readonly connectNs: Nanos;
  /** By how much a sleep lasts longer than asked for [ns]. */
  readonly sleepOvershootNs: Nanos;
}

const State = { Select: 0, Selected: 1, AtGate: 2, Delayed: 3, Accepted: 4, Missed: 5, Closed: 6 } as const;
type State = (typeof State)[keyof typeof State];

export interface AcceptorListener {
  /** The connection is taken from the socket; the acceptor is still busy with it. */
  accepted(request: number): void;
  /** Nothing is accepted any more, and nothing is on its way to the pool. */
  closed(): void;
}

/**
 * Puma's acceptor: a Ruby thread like the others, so each of its steps needs the GVL and queues for it behind the
 * threads that run requests.
 *
 * ```
 * select -- readable --> selected -- gate open, not busy --> accept --> into the pool --> select
 *                          |  ^ all threads busy: at the gate until `not_full`
 *                          |  | busy: delayed (until `not_full` at most, or a sleep)
 *                          +--+           after SIGTERM, instead of the next accept or select: closed
 * ```
 * @see puma/puma lib/puma/server.rb handle_servers
 */
export class Acceptor implements ThreadOwner {
  private state: State;
  private connection: number;
  /** Out of the waiting call, on its way to the GVL. */
  private isWoken: boolean;
  /** The process was asked to end. */
  private isClosing: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly socket: ListenSocket,
    private readonly pool: ThreadPool,
    private readonly params: AcceptorParams,
    private readonly delayTimer: Timer,
    private readonly listener: AcceptorListener,
  ) {
    this.state = State.Select;
    this.connection = NOBODY;
    this.isWoken = false;
    this.isClosing = false;
    params.thread.owner = this;
  }

  /** Accepts no more, and has no connection in its hands. */
  get isDone(): boolean {
    return this.isClosing && this.state !== State.Accepted;
  }

  /** A new process begins to accept. */
  opens(): void {
    this.isClosing = false;
    this.params.thread.owner = this;
    this.state = State.Select;
    if (this.socket.size > 0) this.wakeLater(this.params.wakeLatencyNs);
  }

  /** Accepts nothing from now on; what has been accepted goes to the pool. */
  closes(): void {
    this.isClosing = true;
    const isAtWork = this.isWoken || this.state >= State.Accepted || this.state === State.Selected;
    if (isAtWork) return;
    this.kernel.disarm(this.delayTimer);
    this.state = State.Closed;
    this.listener.closed();
  }

  /** The process is gone. */
  vanishes(lost: (request: RequestId) => void): void {
    this.kernel.disarm(this.params.thread.wakeTimer);
    this.kernel.disarm(this.delayTimer);
    if (this.state === State.Accepted) lost(this.connection);
    this.state = State.Closed;
    this.isClosing = true;
    this.isWoken = false;
  }

  /** Sleeps in `select` and would be woken by a connection. */
  get isSelecting(): boolean {
    return this.state === State.Select && !this.isWoken;
  }

  /** A connection waits: `select` will return. */
  readable(): void {
    this.wakeLater(this.params.connectNs + this.params.wakeLatencyNs);
  }

  /** The condition variable `not_full` was signalled. */
  notFull(): void {
    const isListening =
      this.state === State.AtGate || (this.state === State.Delayed && this.params.rules.delay === 'until-not-full');
    if (!isListening || this.isWoken) return;
    this.kernel.disarm(this.delayTimer);
    this.wakeLater(this.params.wakeLatencyNs);
  }

  /** The thread is awake, or its delay is over: it wants the GVL. */
  wake(): void {
    this.isWoken = true;
    this.execution.resume(this.params.thread);
  }

  executed(_thread: Thread): void {
    this.isWoken = false;
    if (this.state === State.Accepted) this.pool.push(this.connection);
    if (this.isClosing) this.close();
    else if (this.state === State.Select || this.state === State.AtGate) {
      this.state = State.Selected;
      this.throttle();
    } else if (this.state === State.Delayed) this.accept();
    else this.select();
  }

  private close(): void {
    this.pause(State.Closed);
    this.listener.closed();
  }

  private wakeLater(delayNs: Nanos): void {
    this.isWoken = true;
    this.kernel.arm(this.params.thread.wakeTimer, this.kernel.nowNs() + delayNs);
  }

  private throttle(): void {
    const { rules } = this.params;
    const { busy, limit: maxThreads } = this.pool;
    if (rules.hasGate && busy >= maxThreads) this.pause(State.AtGate);
    else if (rules.delay === 'until-not-full' && busy > 0) this.delay(rules.delayNs);
    else if (rules.delay === 'scaled-sleep' && busy > 0) {
      this.delay(scaledDelay(rules.delayNs, busy, maxThreads) + this.params.sleepOvershootNs);
    } else if (rules.delay === 'overload-sleep' && busy >= maxThreads) {
      this.delay(overloadDelay(this.params.isCluster, busy, maxThreads) + this.params.sleepOvershootNs);
    } else this.accept();
  }

  /** Giving up the GVL may let a pool thread run dry at once, and that ends the delay: so the delay begins first. */
  private delay(delayNs: Nanos): void {
    this.kernel.arm(this.delayTimer, this.kernel.nowNs() + delayNs);
    this.pause(State.Delayed);
  }

  private pause(state: State): void {
    this.state = state;
    this.execution.block(this.params.thread, Part.Queue);
  }

  private accept(): void {
    this.connection = this.socket.accept();
    const isMissed = this.connection === NOBODY;
    this.state = isMissed ? State.Missed : State.Accepted;
    if (!isMissed) this.listener.accepted(this.connection);
    const { thread, emptyAcceptNs, acceptNs } = this.params;
    this.execution.run(thread, isMissed ? emptyAcceptNs : acceptNs(thread.process));
  }

  /** `select` releases the GVL, and returns at once if a connection waits. */
  private select(): void {
    this.state = State.Select;
    if (this.socket.size > 0) {
      this.isWoken = true; // on its way to the GVL already: another connection need not wake it
      this.execution.trip(this.params.thread);
    } else this.execution.block(this.params.thread, Part.Queue);
  }
}
