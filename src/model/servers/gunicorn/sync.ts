import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner, Threads } from '../../entities/thread.js';
import { type Gauge, Part } from '../../observations.js';
import { ListenSocket, type ListenSocketListener } from '../../reception/listen-socket.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import type { Server, Site } from '../server.js';
import { GUNICORN_COSTS, syncScript } from './costs.js';
import type { GunicornParams } from './params.js';

/**
 * gunicorn with sync workers: processes that serve one request at a time from a shared listening socket, one M/G/c
 * queue. A worker accepts until there is nothing, then sleeps in `select`; a connection wakes every sleeper, and the
 * operating system decides which of them is first (drawn here).
 *
 * ```
 * asleep in select -- connection --> accepting -- got it --> serving --> accepting …
 *   ^                                    | nothing there
 *   +------------------------------------+
 * ```
 * Left out: the arbiter, which kills workers that serve a request for longer than `timeout`.
 * @see benoitc/gunicorn 20.1.0 gunicorn/workers/sync.py run_for_one
 */
export class SyncWorkers implements Server, RunnerListener, ListenSocketListener, ThreadOwner {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  private readonly race: Stream;
  private readonly asleep: Thread[];
  /** Accepts that found nothing and are about to sleep, by worker. */
  private readonly isBackToSleep: Uint8Array;
  private readonly wakeLatencyNs: Nanos;
  private readonly emptyAcceptNs: Nanos;

  constructor(
    { workers, backlog }: GunicornParams,
    private readonly site: Site,
  ) {
    const { kernel, host, overheads, streams } = site;
    this.processNames = Array.from({ length: workers }, (_, w) => `worker-${w}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => ['main']),
      { hasMaster: true, preloads: false },
    );
    this.threads = this.runtime.threads;
    this.socket = new ListenSocket(kernel, backlog, host, overheads, this);
    this.race = streams.open('gunicorn/accept-race');
    this.asleep = this.threads.flat();
    this.isBackToSleep = new Uint8Array(workers);
    this.wakeLatencyNs = overheads ? host.wakeLatencyNs : 0;
    this.emptyAcceptNs = overheads ? GUNICORN_COSTS.emptyAcceptNs : 0;
    this.runner = createRunner(site, this.runtime, syncScript(overheads), this);
    const WAKE = kernel.define('gunicorn.worker-wakes', Rank.Grant, (worker: Thread) =>
      this.runtime.execution.resume(worker),
    );
    for (const worker of this.asleep) {
      worker.wakeTimer = kernel.timer(WAKE, worker);
      worker.owner = this;
    }
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.socket.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => workers - this.asleep.length },
      ...this.runtime.gauges,
    ];
  }

  connect(request: RequestId): void {
    this.socket.connect(request);
  }

  readable(): void {
    const { kernel } = this.site;
    while (this.asleep.length > 0) {
      const index = this.asleep.length === 1 ? 0 : Math.floor(this.race.uniform() * this.asleep.length);
      const [worker] = this.asleep.splice(index, 1);
      kernel.arm(worker!.wakeTimer, kernel.nowNs() + this.wakeLatencyNs);
    }
  }

  refused(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  /** The worker is awake, or has found that there is nothing to accept. */
  executed(worker: Thread): void {
    if (this.isBackToSleep[worker.process] === 0) {
      this.accept(worker);
      return;
    }
    this.isBackToSleep[worker.process] = 0;
    if (this.socket.size > 0) {
      this.accept(worker); // select returns at once
      return;
    }
    this.runtime.execution.block(worker, Part.Queue);
    this.asleep.push(worker);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(worker: Thread): void {
    worker.owner = this;
    this.accept(worker);
  }

  private accept(worker: Thread): void {
    const request = this.socket.accept();
    if (request === NOBODY) {
      this.isBackToSleep[worker.process] = 1;
      this.runtime.execution.run(worker, this.emptyAcceptNs);
      return;
    }
    this.site.requests.accepted(request);
    worker.owner = this.runner;
    this.runner.serve(worker, request);
  }
}
