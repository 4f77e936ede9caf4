import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import { Doing, type Thread, type ThreadOwner, type Threads } from '../../entities/thread.js';
import { type Gauge, Part } from '../../observations.js';
import { PhaseKind } from '../../phases.js';
import type { Door } from '../../processes/host-control.js';
import { type BootTimes, type Premises, ProcessLife } from '../../processes/process-life.js';
import type { Processes } from '../../processes/processes.js';
import { ListenSocket, type ListenSocketListener } from '../../reception/listen-socket.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../../workers/script.js';
import type { Server, Site } from '../server.js';
import { counted, type RequestCounter } from './request-counter.js';

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

/** The loops, for those who look whether they turn. */
export interface Loops {
  readonly count: number;
  /** The fiber that has the loop of the process; null: none. It has had it since its `grantedNs`. */
  running(process: ProcessId): Thread | null;
  /** Some fiber of the process has a request. */
  isServing(process: ProcessId): boolean;
  /**
   * The fiber has the loop and a request, and is to end: in Ruby or Python code (between short C calls too) there, in one C call
   * when that returns. The request gets no answer. The process answers the others, and is replaced.
   */
  abort(fiber: Thread): void;
  kill(process: ProcessId): void;
}

/** Told what happens to the loops. */
export interface LoopWatch {
  /** A process has taken a connection. */
  accepted(): void;
  /** A fiber has done with its request, or is gone. */
  freed(): void;
  /** A new process takes the place of another one. */
  renewed(process: ProcessId): void;
}

const Step = { Waiting: 0, Woken: 1, Accepted: 2, Missed: 3, Full: 4, Closed: 5 } as const;
type Step = (typeof Step)[keyof typeof Step];

/** The fiber that accepts in one process. */
interface Acceptor {
  readonly fiber: Thread;
  /** Fibers that serve nobody, a stack. */
  free: Thread[];
  step: Step;
  connection: RequestId;
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
 * acceptor: waiting -- readable --> ready -- its turn --> accepts one, makes a fiber --> ready, or waiting
 * fiber:    ready -- its turn --> runs to its next wait --> I/O --> ready … --> answered
 * ```
 * A process that is asked to end closes its acceptor and goes when its fibers have answered; see `ProcessLife`.
 * Known to be wrong: a new fiber runs after those that are ready, not at once. Native code that releases the GVL of a
 * threaded server blocks the loop, as it does in truth unless it is handed to a pool of threads.
 */
export class EventLoops implements Server, RunnerListener, ListenSocketListener, ThreadOwner, Premises {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly life: ProcessLife;
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  private readonly race: Stream;
  private readonly acceptors: readonly Acceptor[];
  private readonly wakeLatencyNs: Nanos;
  private readonly acceptNs: Nanos;
  private readonly emptyAcceptNs: Nanos;
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
    this.wakeLatencyNs = overheads ? host.wakeLatencyNs : 0;
    this.acceptNs = overheads ? params.acceptNs : 0;
    this.emptyAcceptNs = overheads ? params.emptyAcceptNs : 0;
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
    this.acceptors = this.threads.map(([fiber, ...fibers]) => {
      fiber!.wakeTimer = kernel.timer(WAKE, fiber!);
      fiber!.owner = this;
      for (const other of fibers) other.owner = this.runner;
      return { fiber: fiber!, free: fibers.reverse(), step: Step.Waiting, connection: NOBODY };
    });
    this.watch = params.watch === null ? null : params.watch(this.loops());
    if (this.watch !== null) this.runtime.onRenewal((process) => this.watch!.renewed(process));
    const busy = (): number => this.acceptors.reduce((sum, { free }) => sum + params.connections - free.length, 0);
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

  /** It looks for connections at once. */
  opens(process: ProcessId): void {
    const acceptor = this.acceptors[process]!;
    acceptor.fiber.owner = this;
    acceptor.step = Step.Woken;
    this.runtime.execution.resume(acceptor.fiber);
  }

  closes(process: ProcessId): void {
    const acceptor = this.acceptors[process]!;
    if (acceptor.step === Step.Waiting || acceptor.step === Step.Full) acceptor.step = Step.Closed;
  }

  isEmpty(process: ProcessId): boolean {
    const { step, free } = this.acceptors[process]!;
    return step === Step.Closed && free.length === this.threads[process]!.length - 1;
  }

  vanishes(process: ProcessId): void {
    const acceptor = this.acceptors[process]!;
    const [, ...fibers] = this.threads[process]!;
    const idle = new Set(acceptor.free);
    const lost = acceptor.step === Step.Accepted ? acceptor.connection : NOBODY;
    this.site.kernel.disarm(acceptor.fiber.wakeTimer);
    acceptor.step = Step.Closed;
    acceptor.free = fibers.reverse();
    for (const fiber of fibers) {
      if (idle.has(fiber)) continue;
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
    const waiting = this.acceptors.filter(({ step }) => step === Step.Waiting);
    while (waiting.length > 0) {
      const index = waiting.length === 1 ? 0 : Math.floor(this.race.uniform() * waiting.length);
      this.wake(waiting.splice(index, 1)[0]!);
    }
  }

  refused(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  executed(fiber: Thread): void {
    const acceptor = this.acceptors[fiber.process]!;
    if (acceptor.step === Step.Woken) {
      this.accept(acceptor);
      return;
    }
    if (acceptor.step === Step.Accepted) {
      this.runner.serve(acceptor.free.pop()!, acceptor.connection);
      if (this.watch !== null) this.watch.accepted();
    }
    this.waitOrGoOn(acceptor);
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
      isServing: (process) => this.acceptors[process]!.free.length < threads[process]!.length - 1,
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
    acceptor.free.push(fiber);
    if (this.watch !== null) this.watch.freed();
    if (acceptor.step === Step.Closed) this.life.emptied(fiber.process);
    if (acceptor.step !== Step.Full) return;
    acceptor.step = Step.Waiting;
    if (this.socket.size > 0) this.wake(acceptor);
  }

  private wake(acceptor: Acceptor): void {
    const { kernel } = this.site;
    acceptor.step = Step.Woken;
    kernel.arm(acceptor.fiber.wakeTimer, kernel.nowNs() + this.wakeLatencyNs);
  }

  private accept(acceptor: Acceptor): void {
    if (this.life.isDraining(acceptor.fiber.process)) {
      this.close(acceptor);
      return;
    }
    acceptor.connection = this.socket.accept();
    const isMissed = acceptor.connection === NOBODY;
    acceptor.step = isMissed ? Step.Missed : Step.Accepted;
    if (!isMissed) this.site.requests.accepted(acceptor.connection);
    this.runtime.execution.run(acceptor.fiber, isMissed ? this.emptyAcceptNs : this.acceptNs);
  }

  /** Behind those that are ready, if a connection waits; without a free fiber nothing is accepted. */
  private waitOrGoOn(acceptor: Acceptor): void {
    const { execution } = this.runtime;
    if (this.life.isDraining(acceptor.fiber.process)) {
      this.close(acceptor);
      return;
    }
    if (acceptor.free.length > 0 && this.socket.size > 0) {
      acceptor.step = Step.Woken;
      execution.trip(acceptor.fiber);
      return;
    }
    acceptor.step = acceptor.free.length > 0 ? Step.Waiting : Step.Full;
    execution.block(acceptor.fiber, Part.Queue);
  }

  /** The process takes no connections any more. One that had woken it is left to another process. */
  private close(acceptor: Acceptor): void {
    acceptor.step = Step.Closed;
    this.runtime.execution.block(acceptor.fiber, Part.Queue);
    this.life.emptied(acceptor.fiber.process);
    if (this.socket.size > 0) this.readable();
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
