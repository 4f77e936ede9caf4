import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { ProcessId, RequestId } from '../../entities/ids.js';
import type { Thread, Threads } from '../../entities/thread.js';
import type { Gauge } from '../../observations.js';
import type { Door } from '../../processes/host-control.js';
import { type Premises, ProcessLife } from '../../processes/process-life.js';
import type { Processes } from '../../processes/processes.js';
import { ListenSocket, type ListenSocketListener } from '../../reception/listen-socket.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RunnerListener } from '../../workers/request-runner.js';
import { counted } from '../common/request-counter.js';
import type { Server, Site } from '../server.js';
import { bootOf } from './boot.js';
import { threadScript } from './costs.js';
import { GthreadProcess } from './gthread-process.js';
import type { MaxRequests } from './max-requests.js';
import type { GunicornParams } from './params.js';

/**
 * gunicorn with gthread workers: processes with a main thread that accepts and a pool of threads that serve, all of
 * which compete for the GIL of the process. A connection wakes every main thread that sleeps in the poller. The main thread
 * goes on reporting to the arbiter whatever the pool does, so `timeout` ends no request.
 * ```
 * listen queue -- main thread --> queue of the pool -- a thread of the pool --> application --> answered
 *                   `-- worker_connections are open: accepts nothing until one is closed
 * ```
 */
export class GthreadWorkers implements Server, RunnerListener, ListenSocketListener, Premises {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly socket: ListenSocket;
  private readonly workers: readonly GthreadProcess[];
  private readonly race: Stream;
  private readonly life: ProcessLife;

  constructor(
    params: GunicornParams,
    private readonly site: Site,
    maxRequests: MaxRequests | null,
  ) {
    const { workers, threads, workerConnections, backlog, preloadApp: preloads } = params;
    const { kernel, host, overheads, streams } = site;
    this.processNames = Array.from({ length: workers }, (_, w) => `worker-${w}`);
    const names = ['main', ...Array.from({ length: threads }, (_, k) => `pool-${k}`)];
    const runtime: Runtime = createRuntime(
      site,
      this.processNames.map(() => names),
      { hasMaster: true, preloads },
    );
    this.threads = runtime.threads;
    this.socket = new ListenSocket(kernel, backlog, host, overheads, this);
    this.race = streams.open('gunicorn/accept-race');
    const script = counted(threadScript(overheads), maxRequests, runtime, () => this.life);
    const runner = createRunner(site, runtime, script, this);
    this.life = new ProcessLife(site, runtime, bootOf(params, site), this);
    runtime.memory?.limits.attach(this.life);
    this.workers = runtime.threads.map(
      (ofProcess) => new GthreadProcess(site, runtime, ofProcess, workerConnections, this.socket, runner, this.life),
    );
    const WAKE = kernel.define('gunicorn.thread-wakes', Rank.Grant, (thread: Thread) =>
      runtime.execution.resume(thread),
    );
    for (const thread of runtime.threads.flat()) thread.wakeTimer = kernel.timer(WAKE, thread);
    const sum = (of: (process: GthreadProcess) => number): Nanos =>
      this.workers.reduce((total, process) => total + of(process), 0);
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.socket.size },
      { name: 'queue_count', kind: 'level', capacity: 1, read: () => sum(({ queued }) => queued) },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => sum(({ busy }) => busy) },
      ...runtime.gauges,
    ];
  }

  get door(): Door {
    return this.socket;
  }

  get processes(): Processes {
    return this.life;
  }

  opens(process: ProcessId): void {
    this.workers[process]!.opens();
  }

  closes(process: ProcessId): void {
    this.workers[process]!.closes();
  }

  isEmpty(process: ProcessId): boolean {
    return this.workers[process]!.isEmpty;
  }

  vanishes(process: ProcessId): void {
    this.workers[process]!.vanishes();
    if (this.socket.size > 0) this.readable();
  }

  connect(request: RequestId): void {
    this.socket.connect(request);
  }

  readable(): void {
    const polling = this.workers.filter(({ isPolling }) => isPolling);
    while (polling.length > 0) {
      const index = polling.length === 1 ? 0 : Math.floor(this.race.uniform() * polling.length);
      polling.splice(index, 1)[0]!.wake();
    }
  }

  refused(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(thread: Thread): void {
    this.workers[thread.process]!.finished(thread);
  }
}
