import type { EventKind, Kernel, TimerId } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { ProcessId, RequestId, ThreadId } from '../../entities/ids.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { ExecutionOwner } from '../../runtimes/execution.js';
import type { Runtime } from '../../runtimes/runtime.js';
import type { RequestRunner } from '../../workers/request-runner.js';
import type { Site } from '../server.js';
import { Acceptor } from './acceptor.js';
import { PUMA_COSTS } from './costs.js';
import type { PumaParams } from './params.js';
import { Reactor } from './reactor.js';
import { acceptRules } from './rules.js';
import { ThreadPool, type ThreadPoolListener } from './thread-pool.js';

/** Kinds of events of Puma's processes; subjects: process, thread or request as the name says. */
export interface PumaEvents {
  readonly acceptorWakes: EventKind;
  readonly acceptDelayEnds: EventKind;
  readonly reactorWakes: EventKind;
  readonly poolThreadWakes: EventKind;
  readonly poolTrims: EventKind;
  readonly bodyArrives: EventKind;
}

const ACCEPTOR = 0;
const REACTOR = 1;
const FIRST_POOL_THREAD = 2;

export function threadNames(maxThreads: number): string[] {
  return ['acceptor', 'reactor', ...Array.from({ length: maxThreads }, (_, k) => `tp-${k}`)];
}

/** One Puma process: acceptor, reactor and pool, wired together. */
export class PumaProcess implements ThreadPoolListener, ExecutionOwner {
  readonly acceptor: Acceptor;
  readonly reactor: Reactor;
  readonly pool: ThreadPool;
  private readonly kernel: Kernel;
  private readonly bodyTimers: TimerId[];
  /** Requests whose body is incomplete, by the thread that has just found out. */
  private readonly incomplete: Map<ThreadId, RequestId>;
  private readonly readNs: Nanos;

  constructor(
    process: ProcessId,
    params: PumaParams,
    private readonly site: Site,
    private readonly runtime: Runtime,
    socket: ListenSocket,
    private readonly runner: RequestRunner,
    private readonly events: PumaEvents,
  ) {
    const { kernel, host, overheads } = site;
    const cost = (ns: Nanos): Nanos => (overheads ? ns : 0);
    const first = runtime.threads.first[process]!;
    const wakeLatencyNs = cost(host.wakeLatencyNs);
    this.kernel = kernel;
    this.bodyTimers = [];
    this.incomplete = new Map();
    this.readNs = cost(PUMA_COSTS.pickUpNs + PUMA_COSTS.parseNs);
    this.pool = new ThreadPool(
      kernel,
      runtime.execution,
      {
        firstThread: first + FIRST_POOL_THREAD,
        minThreads: params.minThreads,
        maxThreads: params.maxThreads,
        wakeLatencyNs,
        spawnNs: cost(PUMA_COSTS.spawnNs),
      },
      {
        wake: timersOf(kernel, events.poolThreadWakes, first + FIRST_POOL_THREAD, params.maxThreads),
        trim: kernel.timer(events.poolTrims, process),
      },
      this,
    );
    this.acceptor = new Acceptor(
      kernel,
      runtime.execution,
      socket,
      this.pool,
      {
        thread: first + ACCEPTOR,
        rules: acceptRules(params),
        isCluster: params.workers > 0,
        maxThreads: params.maxThreads,
        acceptNs: cost(PUMA_COSTS.acceptNs),
        emptyAcceptNs: cost(PUMA_COSTS.emptyAcceptNs),
        wakeLatencyNs,
        sleepOvershootNs: cost(host.sleepOvershootNs),
      },
      { wake: kernel.timer(events.acceptorWakes, process), delay: kernel.timer(events.acceptDelayEnds, process) },
      { accepted: (request) => site.requests.accepted(request) },
    );
    this.reactor = new Reactor(
      kernel,
      runtime.execution,
      { thread: first + REACTOR, passNs: cost(PUMA_COSTS.reactorNs), wakeLatencyNs },
      kernel.timer(events.reactorWakes, process),
      (request) => this.pool.push(request),
    );
  }

  taken(thread: ThreadId, request: RequestId): void {
    const { requests } = this.site;
    requests.process[request] = this.runtime.threads.processOf[thread]!;
    const isWhole =
      requests.uploadNs[request] === 0 ||
      this.kernel.nowNs() >= requests.arrivedNs[request]! + requests.uploadNs[request]!;
    if (isWhole) {
      this.runtime.execution.own(thread, this.runner);
      this.runner.serve(thread, request);
      return;
    }
    this.incomplete.set(thread, request);
    this.runtime.execution.own(thread, this);
    this.runtime.execution.run(thread, this.readNs);
  }

  notFull(): void {
    this.acceptor.notFull();
  }

  /** A pool thread has read what there is of a request: the reactor waits for the rest. */
  executed(thread: ThreadId): void {
    const { requests } = this.site;
    const request = this.incomplete.get(thread)!;
    this.incomplete.delete(thread);
    this.bodyTimers[request] ??= this.kernel.timer(this.events.bodyArrives, request);
    this.kernel.arm(
      this.bodyTimers[request]!,
      Math.max(this.kernel.nowNs(), requests.arrivedNs[request]! + requests.uploadNs[request]!),
    );
    this.pool.next(thread);
  }

  /** The thread has done with its request. */
  finished(thread: ThreadId): void {
    this.pool.next(thread);
  }

  /** The rest of a request's body is there. */
  bodyArrived(request: RequestId): void {
    this.reactor.bodyArrived(request);
  }
}

function timersOf(kernel: Kernel, kind: EventKind, first: ThreadId, count: number): (thread: ThreadId) => TimerId {
  const timers = Array.from({ length: count }, (_, k) => kernel.timer(kind, first + k));
  return (thread) => timers[thread - first]!;
}
