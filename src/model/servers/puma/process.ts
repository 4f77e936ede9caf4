import type { EventKind, Kernel, Timer } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { Runtime } from '../../runtimes/runtime.js';
import type { RequestRunner } from '../../workers/request-runner.js';
import type { Site } from '../server.js';
import { Acceptor } from './acceptor.js';
import { PUMA_COSTS } from './costs.js';
import type { KeptConnections } from './kept-connections.js';
import type { PumaParams } from './params.js';
import { Reactor } from './reactor.js';
import { acceptRules } from './rules.js';
import { ThreadPool, type ThreadPoolListener } from './thread-pool.js';

/** Kinds of events of Puma's processes. */
export interface PumaEvents {
  readonly acceptorWakes: EventKind<PumaProcess>;
  readonly acceptDelayEnds: EventKind<PumaProcess>;
  readonly reactorWakes: EventKind<PumaProcess>;
  readonly poolThreadWakes: EventKind<Thread>;
  readonly poolTrims: EventKind<PumaProcess>;
  readonly bodyArrives: EventKind<RequestId>;
}

/** Who sees to the end of a process. */
export interface PumaMaster {
  /** The process, which was asked to end, may have done with everything. */
  emptied(process: ProcessId): void;
  /** Requests of the process that are not waited for when it is to end. */
  overdueIn(process: ProcessId): number;
}

/** In this order: acceptor, reactor, the threads of the pool. */
export function threadNames(maxThreads: number): string[] {
  return ['acceptor', 'reactor', ...Array.from({ length: maxThreads }, (_, k) => `tp-${k}`)];
}

export function isOfPool({ name }: Thread): boolean {
  return name.startsWith('tp-');
}

/**
 * One Puma process: acceptor, reactor and pool, wired together.
 *
 * ```
 * listen queue -- acceptor --> accepted -- all of it is there --> queue of the pool -- a thread --> application --> answered
 *                                 |                                ^                                                  |
 *                                 +-- body still comes: reactor ---+------------------ kept connection: next request -+
 * ```
 */
export class PumaProcess implements ThreadPoolListener, ThreadOwner {
  /** It was asked to end, or has ended. */
  isClosing: boolean;
  readonly acceptor: Acceptor;
  readonly reactor: Reactor;
  readonly pool: ThreadPool;
  private readonly kernel: Kernel;
  private readonly bodyTimers: Timer[];
  /** Requests whose body the reactor waits for. */
  private readonly bodies: Set<RequestId>;
  private readonly poolThreads: readonly Thread[];
  /** Requests whose body is incomplete, by the thread that has just found out. */
  private readonly incomplete: Map<Thread, RequestId>;
  private readonly readNs: Nanos;
  /** Without `queue_requests` a pool thread waits for the body itself, and for nothing else meanwhile. */
  private readonly hasReactor: boolean;

  constructor(
    private readonly id: ProcessId,
    params: PumaParams,
    private readonly site: Site,
    private readonly runtime: Runtime,
    socket: ListenSocket,
    private readonly runner: RequestRunner,
    private readonly kept: KeptConnections | null,
    private readonly events: PumaEvents,
    private readonly master: PumaMaster,
    acceptNs: (process: ProcessId) => Nanos,
  ) {
    const { kernel, host, overheads } = site;
    const cost = (ns: Nanos): Nanos => (overheads ? ns : 0);
    const [acceptor, reactor, ...poolThreads] = runtime.threads[id] as [Thread, Thread, ...Thread[]];
    const wakeLatencyNs = cost(host.wakeLatencyNs);
    this.kernel = kernel;
    acceptor.wakeTimer = kernel.timer(events.acceptorWakes, this);
    reactor.wakeTimer = kernel.timer(events.reactorWakes, this);
    for (const thread of poolThreads) thread.wakeTimer = kernel.timer(events.poolThreadWakes, thread);
    this.isClosing = false;
    this.poolThreads = poolThreads;
    this.bodyTimers = [];
    this.bodies = new Set();
    this.incomplete = new Map();
    this.hasReactor = params.queueRequests;
    this.readNs = cost(PUMA_COSTS.pickUpNs + PUMA_COSTS.parseNs);
    this.pool = new ThreadPool(
      kernel,
      runtime.execution,
      poolThreads,
      { minThreads: params.minThreads, wakeLatencyNs, spawnNs: cost(PUMA_COSTS.spawnNs) },
      kernel.timer(events.poolTrims, this),
      this,
    );
    this.acceptor = new Acceptor(
      kernel,
      runtime.execution,
      socket,
      this.pool,
      {
        thread: acceptor,
        rules: acceptRules(params),
        isCluster: params.workers > 0,
        acceptNs,
        emptyAcceptNs: cost(PUMA_COSTS.emptyAcceptNs),
        wakeLatencyNs,
        connectNs: cost(PUMA_COSTS.connectNs),
        sleepOvershootNs: cost(host.sleepOvershootNs),
      },
      kernel.timer(events.acceptDelayEnds, this),
      { accepted: (request) => site.requests.accepted(request), closed: () => this.mayBeEmpty() },
    );
    this.reactor = new Reactor(
      kernel,
      runtime.execution,
      { thread: reactor, passNs: cost(PUMA_COSTS.reactorNs), wakeLatencyNs },
      (request) => this.pool.push(request),
    );
  }

  taken(thread: Thread, request: RequestId): void {
    this.site.requests.process[request] = thread.process;
    if (this.isWhole(request)) {
      this.serve(thread, request);
      return;
    }
    this.incomplete.set(thread, request);
    thread.owner = this;
    this.runtime.execution.run(thread, this.readNs);
  }

  notFull(): void {
    this.acceptor.notFull();
    this.mayBeEmpty();
  }

  /** A new process takes this place. */
  opens(): void {
    this.isClosing = false;
    this.pool.opens();
    this.reactor.opens();
    this.acceptor.opens();
  }

  /** SIGTERM: no more connections; what has been accepted is served, and idle connections are closed. */
  closes(): void {
    this.isClosing = true;
    this.kept?.closes(this.id);
    this.acceptor.closes();
  }

  /** Nothing that was accepted is left. */
  get isEmpty(): boolean {
    const { pool, reactor, acceptor, bodies } = this;
    const overdue = this.master.overdueIn(this.id);
    if (overdue === this.poolThreads.length) return true; // no thread is left to serve anybody
    return acceptor.isDone && pool.busy === overdue && reactor.isIdle && bodies.size === 0;
  }

  /** The process is gone: what it had accepted ends without an answer. */
  vanishes(): void {
    const { clients, requests, kernel } = this.site;
    this.isClosing = true;
    const lost: RequestId[] = [];
    const waiting = (request: RequestId): void => {
      requests.lost(request, this.id);
      lost.push(request);
    };
    for (const thread of this.poolThreads) {
      const request = this.runner.kill(thread);
      if (request !== NOBODY) lost.push(request);
    }
    for (const request of this.incomplete.values()) waiting(request);
    this.incomplete.clear();
    for (const request of this.bodies) {
      kernel.disarm(this.bodyTimers[request]!);
      waiting(request);
    }
    this.bodies.clear();
    this.acceptor.vanishes(waiting);
    this.pool.vanishes(waiting);
    this.reactor.vanishes(waiting);
    this.kept?.vanishes(this.id, waiting);
    for (const request of lost) clients.departed(request);
  }

  private mayBeEmpty(): void {
    if (this.isClosing) this.master.emptied(this.id);
  }

  /** A pool thread has read what there is of a request. The rest is waited for by the reactor, if there is one. */
  executed(thread: Thread): void {
    const request = this.incomplete.get(thread)!;
    if (this.hasReactor) {
      this.incomplete.delete(thread);
      this.bodyTimers[request] ??= this.kernel.timer(this.events.bodyArrives, request);
      this.bodies.add(request);
      this.kernel.arm(this.bodyTimers[request]!, Math.max(this.kernel.nowNs(), this.wholeNs(request)));
      this.pool.next(thread);
    } else if (this.isWhole(request)) {
      this.incomplete.delete(thread);
      this.serve(thread, request);
    } else {
      this.runtime.execution.block(thread, Part.Queue);
      this.kernel.arm(thread.wakeTimer, this.wholeNs(request));
    }
  }

  /** The thread has done with its request. */
  finished(thread: Thread): void {
    if (this.kept === null) this.pool.next(thread);
    else this.kept.answered(thread);
  }

  /** The rest of a request's body is there. */
  bodyArrived(request: RequestId): void {
    this.bodies.delete(request);
    this.reactor.bodyArrived(request);
  }

  private serve(thread: Thread, request: RequestId): void {
    if (this.kept === null) {
      thread.owner = this.runner;
      this.runner.serve(thread, request);
    } else this.kept.serve(thread, request);
  }

  /** When the whole body of the request has arrived. */
  private wholeNs(request: RequestId): Nanos {
    const { arrivedNs, uploadNs } = this.site.requests;
    return arrivedNs[request]! + uploadNs[request]!;
  }

  private isWhole(request: RequestId): boolean {
    return this.site.requests.uploadNs[request] === 0 || this.kernel.nowNs() >= this.wholeNs(request);
  }
}
