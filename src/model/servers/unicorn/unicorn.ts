import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId, type ThreadId } from '../../entities/ids.js';
import type { ThreadTable } from '../../entities/threads.js';
import { type Gauge, Part, Status } from '../../observations.js';
import { ListenSocket, type ListenSocketListener } from '../../reception/listen-socket.js';
import type { ExecutionOwner } from '../../runtimes/execution.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../../workers/script.js';
import type { Server, ServerType, Site } from '../server.js';
import { UNICORN_COSTS } from './costs.js';
import type { UnicornParams } from './params.js';

const SCRIPT: ServerScript = {
  before: [{ step: 'ruby', ns: UNICORN_COSTS.acceptAndParseNs, what: 'read and parse' }],
  after: [
    { step: 'ruby', ns: UNICORN_COSTS.writeNs, what: 'write' },
    { step: 'answer' },
    { step: 'ruby', ns: UNICORN_COSTS.closeNs, what: 'close' },
  ],
};

/**
 * Unicorn: single-threaded workers that share one listening socket. A worker holds at most one connection; all others
 * wait in the kernel's queue, so the workers are one M/G/c queue.
 *
 * An idle worker sleeps in epoll_wait with EPOLLEXCLUSIVE: a connection wakes one of them, the one that registered
 * first, so the first worker gets most requests while the load is low. A worker that has finished accepts again before
 * it sleeps, and may be faster than the one that was woken, which then finds nothing.
 *
 * ```
 * asleep -- connection --> waking --> accepting --> serving --> accepting …
 *   ^                                     | nothing there
 *   +-------------------------------------+
 * ```
 * @see defunkt/unicorn lib/unicorn/http_server.rb worker_loop, ext/unicorn_http/epollexclusive.h
 */
class UnicornServer implements Server, RunnerListener, ListenSocketListener, ExecutionOwner {
  readonly threads: ThreadTable;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  private readonly isAsleep: Uint8Array;
  private readonly wakeTimer: number[];
  private readonly wakeLatencyNs: Nanos;
  private readonly emptyAcceptNs: Nanos;
  /** Accepts that found nothing since the worker was woken. */
  private readonly isBackToSleep: Uint8Array;
  private busy: number;

  constructor(
    params: UnicornParams,
    private readonly site: Site,
  ) {
    const workers = params.workerProcesses;
    const { kernel, host, overheads } = site;
    this.processNames = Array.from({ length: workers }, (_, w) => `worker-${w}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => ['main']),
    );
    this.threads = this.runtime.threads;
    this.socket = new ListenSocket(kernel, Math.min(params.backlog, host.somaxconn), this);
    this.isAsleep = new Uint8Array(workers).fill(1);
    this.isBackToSleep = new Uint8Array(workers);
    this.busy = 0;
    this.wakeLatencyNs = overheads ? host.wakeLatencyNs : 0;
    this.emptyAcceptNs = overheads ? UNICORN_COSTS.emptyAcceptNs : 0;
    this.runner = createRunner(site, this.runtime, overheads ? SCRIPT : BARE_SCRIPT, this);
    const WAKE = kernel.define('unicorn.wake', Rank.Grant, (worker) => this.runtime.execution.resume(worker));
    this.wakeTimer = Array.from({ length: workers }, (_, worker) => kernel.timer(WAKE, worker));
    for (let w = 0; w < workers; w++) this.runtime.execution.own(w, this);
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.socket.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => this.busy },
      ...this.runtime.gauges,
    ];
  }

  connect(request: RequestId): void {
    this.socket.connect(request);
  }

  readable(): void {
    const worker = this.isAsleep.indexOf(1);
    if (worker === -1) return;
    this.isAsleep[worker] = 0;
    this.site.kernel.arm(this.wakeTimer[worker]!, this.site.kernel.nowNs() + this.wakeLatencyNs);
  }

  refused(request: RequestId): void {
    this.site.requests.status[request] = Status.Refused;
    this.site.requests.accepted(request);
    this.site.clients.departed(request);
  }

  /** The worker is awake and holds its GVL. */
  executed(worker: ThreadId): void {
    if (this.isBackToSleep[worker] === 1) {
      this.isBackToSleep[worker] = 0;
      this.sleep(worker);
    } else this.accept(worker);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(worker: ThreadId): void {
    this.busy--;
    this.runtime.execution.own(worker, this);
    this.accept(worker);
  }

  private accept(worker: ProcessId): void {
    const request = this.socket.accept();
    if (request === NOBODY) {
      this.isBackToSleep[worker] = 1;
      this.runtime.execution.run(worker, this.emptyAcceptNs);
      return;
    }
    this.busy++;
    this.site.requests.accepted(request);
    this.runtime.execution.own(worker, this.runner);
    this.runner.serve(worker, request);
  }

  /** epoll_wait, level-triggered: returns at once if a connection waits. */
  private sleep(worker: ProcessId): void {
    if (this.socket.size > 0) {
      this.accept(worker);
      return;
    }
    this.runtime.execution.block(worker, Part.Queue);
    this.isAsleep[worker] = 1;
  }
}

export const unicorn: ServerType<UnicornParams> = {
  name: 'unicorn',
  assemble: (params, site) => new UnicornServer(params, site),
};
