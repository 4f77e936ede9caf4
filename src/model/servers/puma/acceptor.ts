import type { Kernel, TimerId } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ThreadId } from '../../entities/ids.js';
import { Part } from '../../observations.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { Execution, ExecutionOwner } from '../../runtimes/execution.js';
import { type AcceptRules, overloadDelay, scaledDelay } from './rules.js';
import type { ThreadPool } from './thread-pool.js';

/** Timers of one acceptor: the end of its sleep in `select` and the end of its delay. */
export interface AcceptorTimers {
  readonly wake: TimerId;
  readonly delay: TimerId;
}

export interface AcceptorParams {
  readonly thread: ThreadId;
  readonly rules: AcceptRules;
  readonly isCluster: boolean;
  readonly maxThreads: number;
  readonly acceptNs: Nanos;
  readonly emptyAcceptNs: Nanos;
  readonly wakeLatencyNs: Nanos;
  /** By how much a sleep lasts longer than asked for [ns]. */
  readonly sleepOvershootNs: Nanos;
}

const State = { Select: 0, Selected: 1, AtGate: 2, Delayed: 3, Accepted: 4, Missed: 5 } as const;
type State = (typeof State)[keyof typeof State];

export interface AcceptorListener {
  /** The connection is taken from the socket; the acceptor is still busy with it. */
  accepted(request: number, nowNs: Nanos): void;
}

/**
 * Puma's acceptor: a Ruby thread like the others, so each of its steps needs the GVL and queues for it behind the
 * threads that run requests.
 *
 * ```
 * select -- readable --> selected -- gate open, not busy --> accept --> into the pool --> select
 *                          |  ^ all threads busy: at the gate until `not_full`
 *                          |  | busy: delayed (until `not_full` at most, or a sleep)
 *                          +--+
 * ```
 * @see puma/puma lib/puma/server.rb handle_servers
 */
export class Acceptor implements ExecutionOwner {
  private state: State;
  private connection: number;
  /** Out of the waiting call, on its way to the GVL. */
  private isWoken: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly socket: ListenSocket,
    private readonly pool: ThreadPool,
    private readonly params: AcceptorParams,
    private readonly timers: AcceptorTimers,
    private readonly listener: AcceptorListener,
  ) {
    this.state = State.Select;
    this.connection = NOBODY;
    this.isWoken = false;
    execution.own(params.thread, this);
  }

  /** Sleeps in `select` and would be woken by a connection. */
  get isSelecting(): boolean {
    return this.state === State.Select && !this.isWoken;
  }

  /** A connection waits: `select` will return. */
  readable(nowNs: Nanos): void {
    this.wakeLater(nowNs);
  }

  /** The condition variable `not_full` was signalled. */
  notFull(nowNs: Nanos): void {
    const isListening =
      this.state === State.AtGate || (this.state === State.Delayed && this.params.rules.delay === 'until-not-full');
    if (!isListening || this.isWoken) return;
    this.kernel.disarm(this.timers.delay);
    this.wakeLater(nowNs);
  }

  /** The thread is awake, or its delay is over: it wants the GVL. */
  wake(nowNs: Nanos): void {
    this.isWoken = true;
    this.execution.resume(this.params.thread, nowNs);
  }

  executed(_thread: ThreadId, nowNs: Nanos): void {
    this.isWoken = false;
    if (this.state === State.Select || this.state === State.AtGate) {
      this.state = State.Selected;
      this.throttle(nowNs);
    } else if (this.state === State.Delayed) this.accept(nowNs);
    else {
      if (this.state === State.Accepted) this.pool.push(this.connection, nowNs);
      this.select(nowNs);
    }
  }

  private wakeLater(nowNs: Nanos): void {
    this.isWoken = true;
    this.kernel.arm(this.timers.wake, nowNs + this.params.wakeLatencyNs);
  }

  private throttle(nowNs: Nanos): void {
    const { rules, maxThreads } = this.params;
    const busy = this.pool.busy;
    if (rules.hasGate && busy >= maxThreads) this.pause(State.AtGate, nowNs);
    else if (rules.delay === 'until-not-full' && busy > 0) this.delay(rules.delayNs, nowNs);
    else if (rules.delay === 'scaled-sleep' && busy > 0) {
      this.delay(scaledDelay(rules.delayNs, busy, maxThreads) + this.params.sleepOvershootNs, nowNs);
    } else if (rules.delay === 'overload-sleep' && busy >= maxThreads) {
      this.delay(overloadDelay(this.params.isCluster, busy, maxThreads) + this.params.sleepOvershootNs, nowNs);
    } else this.accept(nowNs);
  }

  private delay(delayNs: Nanos, nowNs: Nanos): void {
    this.pause(State.Delayed, nowNs);
    this.kernel.arm(this.timers.delay, nowNs + delayNs);
  }

  private pause(state: State, nowNs: Nanos): void {
    this.state = state;
    this.execution.block(this.params.thread, Part.Queue, nowNs);
  }

  private accept(nowNs: Nanos): void {
    this.connection = this.socket.accept();
    const isMissed = this.connection === NOBODY;
    this.state = isMissed ? State.Missed : State.Accepted;
    if (!isMissed) this.listener.accepted(this.connection, nowNs);
    const ns = isMissed ? this.params.emptyAcceptNs : this.params.acceptNs;
    this.execution.run(this.params.thread, ns, 0, 0, nowNs);
  }

  /** `select` releases the GVL, and returns at once if a connection waits. */
  private select(nowNs: Nanos): void {
    this.state = State.Select;
    if (this.socket.size > 0) this.execution.trip(this.params.thread, nowNs);
    else this.execution.block(this.params.thread, Part.Queue, nowNs);
  }
}
