import { Rank } from '../../../../kernel/ranks.js';
import type { Nanos } from '../../../../kernel/time.js';
import type { Stream } from '../../../../random/streams.js';
import { NOBODY, type ProcessId, type RequestId } from '../../../entities/ids.js';
import { Doing, type Thread, type ThreadOwner, type Threads } from '../../../entities/thread.js';
import { type Gauge, Part } from '../../../observations.js';
import { PhaseKind } from '../../../phases.js';
import type { Door } from '../../../processes/host-control.js';
import { type BootTimes, type Premises, ProcessLife } from '../../../processes/process-life.js';
import type { Processes } from '../../../processes/processes.js';
import { ListenSocket, type ListenSocketListener } from '../../../reception/listen-socket.js';
import { createRuntime, type Runtime } from '../../../runtimes/runtime.js';
import { createRunner } from '../../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../../../workers/script.js';
import type { Server, Site } from '../../server.js';
import { counted, type RequestCounter } from '../request-counter.js';
import { type AcceptorListener, LoopAcceptor } from './loop-acceptor.js';
import type { Loops, LoopWatch } from './loop-watch.js';

export interface EventLoopParams {
  readonly processNames: readonly string[];
  /** Connections that one process serves at the same time, at most. */
  readonly connections: number;
  readonly backlog: number;
  /** What the server does around a request. */
  readonly script: ServerScript;
  /** Accepting a connection, and finding that a sibling was faster [ns]. */
  readonly acceptNs: Nanos;
  readonly emptyAcceptNs: Nanos;
  /** Whether the application is loaded before the processes are forked. */
  readonly preloads: boolean;
  readonly boot: BootTimes;
  /** Counts the requests of each process, which is replaced after the last that it takes; null: they are not counted. */
  readonly maxRequests: RequestCounter | null;
  /** Who looks whether the loops turn; null: nobody. */
  readonly watch: ((loops: Loops) => LoopWatch) | null;
}

/**
 * Processes with an event loop each: a fiber accepts connections, and each connection has a fiber of its own. Fibers
 * give way only where they wait (see `EventLoop`), so a process serves any number of requests that wait for I/O, and
 * one that computes.
 *
 * A connection wakes every process that waits in its loop; a process that is busy looks at the socket in its turn, so
 * a loop that is full of work still takes connections. Who of several idle ones is first is drawn.
 *
 * ```
 * acceptor: waiting -- readable --> ready -- its turn --> accepts one, makes a fiber --> ready, or waiting (`LoopAcceptor`)
 * fiber:    ready -- its turn --> runs to its next wait --> I/O --> ready … --> answered
 * ```
 * A process that is asked to end closes its acceptor and goes when its fibers have answered; see `ProcessLife`.
 * Known to be wrong: a new fiber runs after those that are ready, not at once. Native code that releases the GVL of a
 * threaded server blocks the loop, as it does in truth unless it is handed to a pool of threads.
 */
export class EventLoops implements Server, RunnerListener, ListenSocketListener, Premises {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly life: ProcessLife;
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  private readonly race: Stream;
  private readonly acceptors: readonly LoopAcceptor[];
  private readonly hasNativeCode: boolean;
  private readonly watch: LoopWatch | null;
  /** Owns fibers that end when their C call returns. */
  private readonly ending: ThreadOwner;

  constructor(
    params: EventLoopParams,
    private readonly site: Site,
  ) {
    const { kernel, host, overheads, streams, app } = site;
    const names = ['acceptor', ...Array.from({ length: params.connections }, (_, k) => `fiber-${k}`)];
    this.processNames = params.processNames;
    this.runtime = createRuntime(
      site,
      params.processNames.map(() => names),
      { hasMaster: true, preloads: params.preloads },
      'event-loop',
    );
    this.threads = this.runtime.threads;
    this.socket = new ListenSocket(kernel, params.backlog, host, overheads, this);
    this.race = streams.open('event-loop/accept-race');
    this.hasNativeCode =
      app.recorded?.phaseKind.includes(PhaseKind.Native) ??
      app.classes.some(({ phases }) => phases.some(({ kind }) => kind === PhaseKind.Native));
    const script = overheads ? params.script : BARE_SCRIPT;
    this.runner = createRunner(
      site,
      this.runtime,
      counted(script, params.maxRequests, this.runtime, () => this.life),
      this,
    );
    this.life = new ProcessLife(site, this.runtime, params.boot, this);
    this.runtime.memory?.limits.attach(this.life);
    this.ending = { executed: (fiber) => this.endsAfterCall(fiber) };
    const WAKE = kernel.define('loop.wakes', Rank.Grant, (fiber: Thread) => this.runtime.execution.resume(fiber));
    const costs = {
      wakeLatencyNs: overheads ? host.wakeLatencyNs : 0,
      acceptNs: overheads ? params.acceptNs : 0,
      emptyAcceptNs: overheads ? params.emptyAcceptNs : 0,
    };
    this.acceptors = this.threads.map(([fiber, ...fibers], process) => {
      fiber!.wakeTimer = kernel.timer(WAKE, fiber!);
      for (const other of fibers) other.owner = this.runner;
      return new LoopAcceptor(
        kernel,
        this.runtime.execution,
        this.socket,
        fiber!,
        fibers,
        costs,
        this.listens(process),
      );
    });
    this.watch = params.watch === null ? null : params.watch(this.loops());
    if (this.watch !== null) this.runtime.onRenewal((process) => this.watch!.renewed(process));
    const busy = (): number => this.acceptors.reduce((sum, { busy }) => sum + busy, 0);
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.socket.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: busy },
      ...this.runtime.gauges,
    ];
  }

  get door(): Door {
    return this.socket;
  }

  get processes(): Processes {
    return this.life;
  }

  opens(process: ProcessId): void {
    this.acceptors[process]!.opens();
  }

  closes(process: ProcessId): void {
    this.acceptors[process]!.closes();
  }

  isEmpty(process: ProcessId): boolean {
    const { isClosed, busy } = this.acceptors[process]!;
    return isClosed && busy === 0;
  }

  vanishes(process: ProcessId): void {
    const { lost, serving } = this.acceptors[process]!.vanishes();
    for (const fiber of serving) {
      const request = this.runner.kill(fiber);
      fiber.owner = this.runner; // it may have been waiting for somebody it had called
      if (request !== NOBODY) this.site.clients.departed(request);
    }
    if (this.watch !== null) this.watch.freed();
    if (lost !== NOBODY) {
      this.site.requests.lost(lost, process);
      this.site.clients.departed(lost);
    }
    if (this.socket.size > 0) this.readable(); // one that had been woken may be gone
  }

  connect(request: RequestId): void {
    if (this.hasNativeCode) this.blocksTheLoop(request);
    this.socket.connect(request);
  }

  readable(): void {
    const waiting = this.acceptors.filter(({ isWaiting }) => isWaiting);
    while (waiting.length > 0) {
      const index = waiting.length === 1 ? 0 : Math.floor(this.race.uniform() * waiting.length);
      waiting.splice(index, 1)[0]!.wake();
    }
  }

  refused(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(fiber: Thread): void {
    this.runtime.execution.block(fiber, Part.Queue);
    this.isFree(fiber);
  }

  private loops(): Loops {
    const { threads, life, runtime } = this;
    return {
      count: threads.length,
      running: (process) => threads[process]!.find(({ isHolding }) => isHolding) ?? null,
      isServing: (process) => this.acceptors[process]!.busy > 0,
      abort: (fiber) => {
        if (fiber.doing === Doing.Holding && fiber.isOneCall) {
          fiber.owner = this.ending;
          return;
        }
        runtime.execution.abort(fiber);
        this.ends(fiber);
        this.isFree(fiber);
      },
      kill: (process) => life.kill(process),
    };
  }

  private endsAfterCall(fiber: Thread): void {
    fiber.owner = this.runner;
    this.ends(fiber);
    this.finished(fiber);
  }

  /** Its request is lost, and its process takes no more. */
  private ends(fiber: Thread): void {
    const request = this.runner.kill(fiber);
    if (request !== NOBODY) this.site.clients.departed(request);
    this.life.retire(fiber.process);
  }

  private isFree(fiber: Thread): void {
    const acceptor = this.acceptors[fiber.process]!;
    acceptor.freed(fiber);
    if (this.watch !== null) this.watch.freed();
    if (acceptor.isClosed) this.life.emptied(fiber.process);
    acceptor.goesOn();
  }

  private listens(process: ProcessId): AcceptorListener {
    return {
      isDraining: () => this.life.isDraining(process),
      accepted: (connection) => this.site.requests.accepted(connection),
      serves: (fiber, connection) => {
        this.runner.serve(fiber, connection);
        if (this.watch !== null) this.watch.accepted();
      },
      closed: () => {
        this.life.emptied(process);
        if (this.socket.size > 0) this.readable();
      },
    };
  }

  /** Native code gives up the GVL, which nobody else in this process wants: the loop stands still. */
  private blocksTheLoop(request: RequestId): void {
    const { phaseKind, phaseCount, maxPhases } = this.site.requests;
    const first = request * maxPhases;
    for (let k = first; k < first + phaseCount[request]!; k++) {
      if (phaseKind[k] === PhaseKind.Native) phaseKind[k] = PhaseKind.Cpu;
    }
  }
}
