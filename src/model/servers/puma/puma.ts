import { Rank } from '../../../kernel/ranks.js';
import type { ProcessId, RequestId } from '../../entities/ids.js';
import type { Thread, Threads } from '../../entities/thread.js';
import type { Gauge } from '../../observations.js';
import type { Door } from '../../processes/host-control.js';
import { type BootTimes, type Premises, ProcessLife } from '../../processes/process-life.js';
import type { Processes } from '../../processes/processes.js';
import { ListenSocket, type ListenSocketListener } from '../../reception/listen-socket.js';
import { setPriority } from '../../runtimes/gvl/gvl.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { AdaptiveThreads } from '../../workers/adaptive-threads/adaptive-threads.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT } from '../../workers/script.js';
import type { Server, ServerType, Site } from '../server.js';
import { AcceptRace } from './accept-race.js';
import { pumaFile } from './config-file.js';
import { keptScripts, PUMA_COSTS, pumaScript } from './costs.js';
import { ForkWorker } from './fork-worker.js';
import { pumaGauges } from './gauges.js';
import { Guards } from './guards.js';
import { KeptConnections } from './kept-connections.js';
import { type PumaParams, pumaParams, pumaProblems, pumaWithoutEffect, withVersionDefaults } from './params.js';
import { isOfPool, type PumaEvents, type PumaMaster, PumaProcess, threadNames } from './process.js';
import { keepAliveRules } from './rules.js';

/**
 * Puma: worker processes that share one listening socket, each with an acceptor, a reactor and a pool of threads that
 * all compete for the GVL of the process. The accept rules by version are in `rules.ts`.
 *
 * A connection wakes every acceptor that sleeps in `select` (see `AcceptRace`), and who has the GVL first accepts.
 *
 * ```
 * listen queue -- an acceptor --> the body is there: queue of its pool -- a thread --> application --> answered
 *                                   `-- it is not --> reactor --> queue of the pool
 * ```
 */
class PumaServer implements Server, RunnerListener, ListenSocketListener, Premises, PumaMaster {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  private readonly workers: readonly PumaProcess[];
  private readonly life: ProcessLife;
  private readonly race: AcceptRace;
  private readonly guards: Guards;
  /** By process; null: the number of threads in use never changes. */
  private readonly adaptive: readonly AdaptiveThreads[] | null;
  /** Null: the master forks the workers. */
  private readonly forkWorker: ForkWorker | null;
  /** Null: every request comes on a connection of its own. */
  private readonly kept: KeptConnections | null;

  constructor(
    params: PumaParams,
    private readonly site: Site,
  ) {
    const { kernel, host, overheads } = site;
    const count = Math.max(1, params.workers);
    this.processNames = Array.from({ length: count }, (_, w) => (params.workers === 0 ? 'single' : `worker-${w}`));
    const runtime: Runtime = createRuntime(
      site,
      this.processNames.map(() => threadNames(params.maxThreads)),
      { hasMaster: params.workers > 0, preloads: params.preloadApp || params.forkWorkerRequests !== null },
      undefined,
      params.workerTimeoutNs === null ? [] : ['stat'],
    );
    this.threads = runtime.threads;
    for (const thread of this.threads.flat()) if (isOfPool(thread)) setPriority(thread, params.threadPriority);
    this.socket = new ListenSocket(kernel, params.backlog, host, overheads, this);
    this.guards = this.guard(params, runtime);
    const script = this.guards.watch(overheads ? pumaScript(params.version) : BARE_SCRIPT);
    this.runner = createRunner(site, runtime, script, this);
    const isKeeping = site.load.kind === 'closed' && site.load.keepAlive && params.queueRequests;
    this.kept = isKeeping ? this.keepConnections(params, runtime) : null;
    const events = this.defineEvents();
    const acceptNs = this.runner.codeElsewhere(overheads ? PUMA_COSTS.acceptNs : 0, PUMA_COSTS.coldAcceptNs);
    this.workers = this.processNames.map(
      (_, process) =>
        new PumaProcess(process, params, site, runtime, this.socket, this.runner, this.kept, events, this, acceptNs),
    );
    this.race = new AcceptRace(site.streams.open('puma/accept-race'), this.workers);
    this.forkWorker = this.forkFromWorker(params, runtime);
    this.life = new ProcessLife(site, runtime, bootOf(params, overheads), this, this.forkWorker);
    this.forkWorker?.attach(this.life);
    runtime.memory?.limits.attach({
      kill: (worker) => this.life.kill(worker),
      retire: (worker) => this.life.retire(worker, params.workerShutdownTimeoutNs),
    });
    this.adaptive = this.adaptThreads(params.maxThreads);
    this.gauges = [...pumaGauges(this.socket, this.workers, this.adaptive), ...runtime.gauges];
  }

  get door(): Door {
    return this.socket;
  }

  get processes(): Processes {
    return this.life;
  }

  opens(process: ProcessId): void {
    this.adaptive?.[process]?.restarts();
    this.guards.opens(process);
    this.workers[process]!.opens();
  }

  closes(process: ProcessId): void {
    this.workers[process]!.closes();
  }

  isEmpty(process: ProcessId): boolean {
    return this.workers[process]!.isEmpty;
  }

  vanishes(process: ProcessId): void {
    this.guards.vanishes(process);
    this.workers[process]!.vanishes();
  }

  connect(request: RequestId): void {
    if (this.kept?.takes(request)) return;
    this.socket.connect(request);
  }

  readable(): void {
    this.race.readable();
  }

  hangUp(request: RequestId): void {
    if (this.socket.hangUp(request)) this.refused(request);
  }

  refused(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  answered(request: RequestId): void {
    if (this.forkWorker !== null && this.site.requests.process[request] === 0) this.forkWorker.answered();
    if (this.adaptive !== null) this.adaptive[this.site.requests.process[request]!]!.answered(request);
    this.site.clients.departed(request);
  }

  finished(thread: Thread): void {
    this.workers[thread.process]!.finished(thread);
  }

  private keepConnections(params: PumaParams, runtime: Runtime): KeptConnections {
    const { kernel, requests, host, overheads } = this.site;
    const scripts = keptScripts(params.version, overheads, (thread) => this.kept!.decides(thread));
    return new KeptConnections(
      kernel,
      runtime.execution,
      requests,
      this.socket,
      {
        first: createRunner(this.site, runtime, this.guards.watch(scripts.first), this),
        later: createRunner(this.site, runtime, this.guards.watch(scripts.later), this),
      },
      {
        rules: keepAliveRules(params.version),
        maxThreads: params.maxThreads,
        wakeLatencyNs: overheads ? host.wakeLatencyNs : 0,
        closeNs: overheads ? PUMA_COSTS.closeNs : 0,
      },
      (process) => this.workers[process]!,
    );
  }

  private adaptThreads(max: number): readonly AdaptiveThreads[] | null {
    const { kernel, requests, adaptiveThreads } = this.site;
    if (adaptiveThreads === null) return null;
    const DECIDE = kernel.define('puma.adapts-threads', Rank.Timer, (process: number) =>
      this.adaptive![process]!.decide(),
    );
    return this.workers.map(
      ({ pool }, process) =>
        new AdaptiveThreads({ ...adaptiveThreads, max }, kernel, requests, pool, kernel.timer(DECIDE, process)),
    );
  }

  emptied(process: ProcessId): void {
    this.life.emptied(process);
  }

  overdueIn(process: ProcessId): number {
    return this.guards.overdueIn(process);
  }

  private guard(params: PumaParams, runtime: Runtime): Guards {
    return new Guards(params, this.site, runtime, {
      isBusy: (worker) => this.workers[worker]!.pool.working > 0,
      kill: (worker) => this.life.kill(worker),
      drain: (worker) => {
        this.life.retire(worker);
        this.life.emptied(worker);
      },
    });
  }

  private forkFromWorker(params: PumaParams, { memory }: Runtime): ForkWorker | null {
    const { forkWorkerRequests: requests, workerCheckIntervalNs: reportsEveryNs } = params;
    if (requests === null) return null;
    const phase = this.site.overheads ? this.site.streams.open('puma/fork-worker').uniform() : 0;
    const firstReportNs = Math.floor(phase * reportsEveryNs);
    return new ForkWorker(
      this.site.kernel,
      { requests, reportsEveryNs, firstReportNs, withinNs: params.workerShutdownTimeoutNs },
      () => memory?.promote(0),
    );
  }

  private defineEvents(): PumaEvents {
    const { kernel, requests } = this.site;
    return {
      acceptorWakes: kernel.define('puma.acceptor-wakes', Rank.Grant, ({ acceptor }: PumaProcess) => acceptor.wake()),
      acceptDelayEnds: kernel.define('puma.accept-delay-ends', Rank.Timer, ({ acceptor }: PumaProcess) =>
        acceptor.wake(),
      ),
      reactorWakes: kernel.define('puma.reactor-wakes', Rank.Grant, ({ reactor }: PumaProcess) => reactor.wake()),
      poolThreadWakes: kernel.define('puma.thread-wakes', Rank.Grant, (thread: Thread) =>
        this.workers[thread.process]!.pool.wake(thread),
      ),
      poolTrims: kernel.define('puma.pool-trims', Rank.Timer, ({ pool }: PumaProcess) => pool.trim()),
      bodyArrives: kernel.define('puma.body-arrives', Rank.Arrival, (request: RequestId) =>
        this.workers[requests.process[request]!]!.bodyArrived(request),
      ),
    };
  }
}

function bootOf({ workers, preloadApp, forkWorkerRequests, bootTimeNs }: PumaParams, overheads: boolean): BootTimes {
  const isForkedLoaded = workers > 0 && (preloadApp || forkWorkerRequests !== null);
  return {
    forkNs: overheads ? PUMA_COSTS.respawnNs : 0,
    loadNs: isForkedLoaded ? 0 : bootTimeNs,
    firstLoadNs: preloadApp && isForkedLoaded ? 0 : bootTimeNs,
    masterLoadNs: isForkedLoaded ? bootTimeNs : 0,
  };
}

export const puma: ServerType<PumaParams> = {
  name: 'puma',
  languages: ['ruby'],
  runsRack: true,
  canRestart: true,
  params: pumaParams,
  configFile: (params) => ({ name: 'puma.rb', text: pumaFile(params) }),
  slots: ({ workers, maxThreads }) => ({ processes: Math.max(1, workers), threads: maxThreads }),
  resolve: withVersionDefaults,
  adaptsThreads: true,
  check: pumaProblems,
  withoutEffect: pumaWithoutEffect,
  keepsConnections: ({ queueRequests }) => queueRequests,
  assemble: (params, site) => new PumaServer(params, site),
};
