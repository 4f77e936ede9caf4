import type { Kernel, Timer } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { RequestTable } from '../../entities/requests.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part, Status } from '../../observations.js';
import type { Service, Ticket } from '../../services/service.js';
import type { PoolSpec } from '../../spec.js';
import type { Execution } from '../execution.js';
import type { ConnectionPool, PoolClient } from './pool.js';

/** What a call needs to know of its process. */
export interface CallRoom {
  readonly kernel: Kernel;
  readonly requests: RequestTable;
  readonly execution: Execution;
  readonly services: readonly Service[];
  /** By service; null: every call has a connection. */
  readonly poolSpecs: readonly (PoolSpec | null)[];
  /** [process][service] */
  readonly pools: readonly (readonly (ConnectionPool | null)[])[];
  readonly wakeLatencyNs: Nanos;
  readonly sleepOvershootNs: Nanos;
  readonly ioCallNs: Nanos;
}

export interface CallTimers {
  readonly done: Timer;
  readonly woken: Timer;
  readonly timeout: Timer;
}

const Step = { None: 0, Waiting: 1, Granted: 2, Asking: 3, InService: 4, Refused: 5 } as const;
type Step = (typeof Step)[keyof typeof Step];

/**
 * A thread's way through a call. While it lasts the caller owns the thread, so that a thread without calls pays nothing.
 *
 * ```
 * call -> [no connection: waits] -> granted -> wakes up, waits for the GVL -> asks the service -> [its queue] -> in service
 *             |                                                                                                   |
 *             +-> too long: the request fails        back: waits for the GVL, then gives the connection back <----+
 * ```
 * The connection is held while the thread waits for the GVL, before and after the call: others wait for it meanwhile.
 */
export class Caller implements ThreadOwner, PoolClient, Ticket {
  timers!: CallTimers;
  private owner: ThreadOwner | null;
  private step: Step;
  private service: number;
  private demandNs: Nanos;
  /** Bit set of the services of whose pools the thread has a connection. */
  private held: number;

  constructor(
    private readonly room: CallRoom,
    readonly thread: Thread,
  ) {
    this.owner = null;
    this.step = Step.None;
    this.service = 0;
    this.demandNs = 0;
    this.held = 0;
  }

  /** The thread, which holds the GVL, calls a service that needs `demandNs` for it. */
  call(service: number, demandNs: Nanos): void {
    const { thread, room } = this;
    this.owner = thread.owner;
    thread.owner = this;
    this.service = service;
    this.demandNs = demandNs;
    const pool = this.pool();
    if (pool === null || this.holds(service)) this.ask();
    else if (pool.take()) {
      this.held |= 1 << service;
      this.ask();
    } else {
      this.step = Step.Waiting;
      pool.wait(this);
      const { timeoutNs } = room.poolSpecs[service]!;
      if (timeoutNs !== Number.POSITIVE_INFINITY) room.kernel.arm(this.timers.timeout, room.kernel.nowNs() + timeoutNs);
      room.execution.block(thread, Part.PoolWait); // who takes the lock may give a connection back before this returns
    }
  }

  granted(): void {
    const { kernel, wakeLatencyNs } = this.room;
    kernel.disarm(this.timers.timeout);
    this.held |= 1 << this.service;
    this.step = Step.Granted;
    kernel.arm(this.timers.woken, kernel.nowNs() + wakeLatencyNs);
  }

  /** Awake with a connection, or without one after too long a wait: takes the GVL. */
  woken(): void {
    this.room.execution.resume(this.thread);
  }

  timedOut(): void {
    this.pool()!.giveUp(this);
    this.step = Step.Refused;
    this.woken();
  }

  start(): void {
    const { kernel, sleepOvershootNs } = this.room;
    this.step = Step.InService;
    kernel.arm(this.timers.done, kernel.nowNs() + this.demandNs + sleepOvershootNs);
  }

  /** The service has answered. */
  answered(): void {
    this.room.services[this.service]!.finished();
    this.step = Step.None;
    this.room.execution.run(this.thread, this.room.ioCallNs);
  }

  /** The thread has the GVL. */
  executed(thread: Thread): void {
    if (this.step === Step.Granted) {
      this.ask();
      return;
    }
    if (this.step === Step.Refused) this.fail();
    else if (this.room.poolSpecs[this.service]?.heldFor === 'call') this.giveBack(this.service);
    this.leave();
    thread.owner!.executed(thread);
  }

  /** The application code of the request has ended: connections that were held for it go back. */
  requestEnds(): void {
    for (let service = 0; this.held !== 0; service++) if (this.holds(service)) this.giveBack(service);
  }

  /** Decides of each connection that the thread has whether it is lost for good: the pool is smaller by it. */
  breakConnections(breaks: () => boolean): void {
    const { held } = this;
    for (let service = 0; held >>> service !== 0; service++) {
      if (this.holds(service) && breaks()) this.held &= ~(1 << service);
    }
  }

  /** The thread was killed wherever it was; its connections are closed, and new ones take their places. */
  abandon(): void {
    const { kernel, services } = this.room;
    const { done, woken, timeout } = this.timers;
    const service = services[this.service]!;
    if (this.step === Step.Waiting) this.pool()!.giveUp(this);
    if (this.step === Step.Asking) service.withdraw(this);
    if (this.step === Step.InService) service.finished();
    for (const timer of [done, woken, timeout]) kernel.disarm(timer);
    this.requestEnds();
    if (this.owner !== null) this.leave();
  }

  private ask(): void {
    this.step = Step.Asking;
    this.room.execution.block(this.thread, Part.Io);
    this.room.services[this.service]!.request(this);
  }

  /** ActiveRecord::ConnectionTimeoutError, which nobody rescues: the rest of the request is left out. */
  private fail(): void {
    const { requests } = this.room;
    const { request } = this.thread;
    requests.status[request] = Status.Timeout;
    this.thread.position = requests.phaseCount[request]!;
  }

  private leave(): void {
    this.thread.owner = this.owner;
    this.owner = null;
    this.step = Step.None;
  }

  private holds(service: number): boolean {
    return (this.held & (1 << service)) !== 0;
  }

  private giveBack(service: number): void {
    this.held &= ~(1 << service);
    this.room.pools[this.thread.process]![service]!.giveBack();
  }

  private pool(): ConnectionPool | null {
    return this.room.pools[this.thread.process]![this.service]!;
  }
}
