import { Rank } from '../../../../kernel/ranks.js';
import type { Nanos } from '../../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../../entities/ids.js';
import type { Thread, ThreadOwner, Threads } from '../../../entities/thread.js';
import { type Gauge, Part } from '../../../observations.js';
import type { Door } from '../../../processes/host-control.js';
import { type BootTimes, type Premises, ProcessLife } from '../../../processes/process-life.js';
import type { Processes } from '../../../processes/processes.js';
import { ListenSocket, type ListenSocketListener } from '../../../reception/listen-socket.js';
import { createRuntime, type Runtime } from '../../../runtimes/runtime.js';
import { createRunner } from '../../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../../workers/request-runner.js';
import type { ServerScript } from '../../../workers/script.js';
import type { Server, Site } from '../../server.js';
import { Intake } from './intake.js';
import { Sleepers } from './sleepers.js';
import type { Supervisor, Workers } from './supervisor.js';

/** What the servers have in common that fork single-threaded workers around one listening socket. */
export interface ForkingParams {
  /** Begins the names of its events and streams. */
  readonly name: string;
  readonly workers: number;
  /** Threads of each worker; the first one serves. */
  readonly threadNames: readonly string[];
  /** A connection wakes one worker (EPOLLEXCLUSIVE), not all that are idle. */
  readonly wakesOne: boolean;
  readonly preloads: boolean;
  readonly checksClients: boolean;
  readonly backlog: number;
  /** What a worker does around a request. */
  readonly script: ServerScript;
  /** From a connection to the first instruction of a worker that slept; the cost of an accept that finds nothing [ns]. */
  readonly wakeLatencyNs: Nanos;
  readonly emptyAcceptNs: Nanos;
  /** For a request whose client has gone, where clients are checked [ns]. */
  readonly dropNs: Nanos;
  /** From the end of a worker to the first instruction of its replacement, and what that loads then [ns of CPU time]. */
  readonly boot: BootTimes;
  readonly supervise: (workers: Workers) => Supervisor;
}

/**
 * Single-threaded workers that share one listening socket, as Unicorn's, Pitchfork's and gunicorn's (sync). A worker holds at most one connection; all others
 * wait in the kernel's queue, so the workers are one M/G/c queue.
 *
 * With Unicorn from 6.1 on an idle worker sleeps in epoll_wait with EPOLLEXCLUSIVE: a connection wakes one of them, the one that registered
 * first, so the first worker gets most requests while the load is low. Before, and with gunicorn, idle workers sleep in select: a connection
 * wakes all of them, and whoever is scheduled first gets it. Measured with four workers on one core at 30 % and more of
 * their capacity: 34, 27, 22 and 16 % of the requests with 6.1, 24 to 26 % each with 6.0. A worker that has finished accepts again before
 * it sleeps, and may be faster than the one that was woken, which then finds nothing.
 *
 * ```
 * asleep -- connection --> waking --> accepting --> serving --> accepting …
 *   ^                                     | nothing there
 *   +-------------------------------------+           from any state: ended, see `ProcessLife`
 * ```
 * The application is called as soon as the header is read; the body of a slow client is read by it, in the worker.
 * A worker that serves one request for too long is killed (see `MasterRounds`). Only that request is lost. The replacement
 * registers for connections after all others.
 * @see defunkt/unicorn lib/unicorn/http_server.rb worker_loop, ext/unicorn_http/epollexclusive.h
 */
export class ForkingServer implements Server, RunnerListener, ListenSocketListener, ThreadOwner, Workers, Premises {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  readonly runtime: Runtime;
  private readonly life: ProcessLife;
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  private readonly intake: Intake;
  private readonly sleepers: Sleepers;
  private readonly supervisor: Supervisor;
  /** The thread of each worker. */
  private readonly workers: readonly Thread[];
  private readonly wakeLatencyNs: Nanos;
  private readonly emptyAcceptNs: Nanos;
  /** Accepts that found nothing since the worker was woken. */
  private readonly isBackToSleep: Uint8Array;
  private readonly isServing: Uint8Array;
  /** It was asked to end, and has nothing to do any more. */
  private readonly hasLeft: Uint8Array;
  private busy: number;

  constructor(
    params: ForkingParams,
    private readonly site: Site,
  ) {
    const { workers } = params;
    const { kernel, host, overheads } = site;
    this.processNames = Array.from({ length: workers }, (_, w) => `worker-${w}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => params.threadNames),
      { hasMaster: true, preloads: params.preloads },
    );
    this.threads = this.runtime.threads;
    this.workers = this.threads.map(([main]) => main!);
    this.socket = new ListenSocket(kernel, params.backlog, host, overheads, this);
    this.intake = new Intake(this.socket, site, params.checksClients, params.dropNs);
    this.isBackToSleep = new Uint8Array(workers);
    this.isServing = new Uint8Array(workers);
    this.hasLeft = new Uint8Array(workers);
    this.busy = 0;
    const race = params.wakesOne ? null : site.streams.open(`${params.name}/accept-race`);
    this.sleepers = new Sleepers(workers, race, (worker) => this.wake(this.workers[worker]!));
    this.wakeLatencyNs = params.wakeLatencyNs;
    this.emptyAcceptNs = params.emptyAcceptNs;
    this.runner = createRunner(site, this.runtime, params.script, this);
    const WAKE = kernel.define(`${params.name}.wake`, Rank.Grant, (worker: Thread) =>
      this.runtime.execution.resume(worker),
    );
    for (const worker of this.workers) {
      worker.owner = this;
      worker.wakeTimer = kernel.timer(WAKE, worker);
    }
    this.supervisor = params.supervise(this);
    this.life = new ProcessLife(site, this.runtime, params.boot, this);
    this.runtime.onRenewal((worker) => this.supervisor.replaced?.(worker));
    this.runtime.memory?.limits.attach({ kill: (worker) => this.life.kill(worker) });
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.socket.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => this.busy },
      ...this.runtime.gauges,
    ];
  }

  get door(): Door {
    return this.socket;
  }

  get processes(): Processes {
    return this.life;
  }

  connect(request: RequestId): void {
    this.socket.connect(request);
  }

  readable(): void {
    this.sleepers.wakeUp();
  }

  hangUp(request: RequestId): void {
    if (this.socket.hangUp(request)) this.refused(request);
  }

  refused(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  /** The worker is awake and holds its GVL. */
  executed(worker: Thread): void {
    if (this.isBackToSleep[worker.process] === 1) {
      this.isBackToSleep[worker.process] = 0;
      this.sleep(worker);
      return;
    }
    this.accept(worker);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(worker: Thread): void {
    const { process } = worker;
    this.busy--;
    this.isServing[process] = 0;
    this.supervisor.ended(process);
    worker.owner = this;
    if (this.runtime.memory?.limits.mustLeave(process) || this.supervisor.mustLeave?.(process)) {
      this.leave(worker);
      if (this.life.isDraining(process)) this.life.emptied(process);
      else this.life.drain(process, 'replaced');
    } else this.accept(worker);
  }

  kill(process: ProcessId): void {
    this.life.kill(process);
  }

  askIdle(process: ProcessId): void {
    if (this.sleepers.has(process) && this.supervisor.mustLeave?.(process)) this.life.drain(process, 'replaced');
  }

  /** It registers for connections after all others, and looks at once. */
  opens(process: ProcessId): void {
    const worker = this.workers[process]!;
    worker.owner = this;
    this.hasLeft[process] = 0;
    this.sleepers.registersLast(process);
    this.runtime.execution.resume(worker);
  }

  closes(process: ProcessId): void {
    if (!this.sleepers.has(process)) return;
    this.sleepers.remove(process);
    this.hasLeft[process] = 1;
  }

  isEmpty(process: ProcessId): boolean {
    return this.hasLeft[process] === 1;
  }

  /** The connection that it had ends without an answer. One that had woken it is left to another worker. */
  vanishes(process: ProcessId): void {
    const worker = this.workers[process]!;
    this.site.kernel.disarm(worker.wakeTimer);
    this.sleepers.remove(process);
    this.isBackToSleep[process] = 0;
    if (this.isServing[process] === 1) {
      this.isServing[process] = 0;
      this.busy--;
      this.supervisor.stopped(process);
      const request = this.runner.kill(worker);
      if (request !== NOBODY) this.site.clients.departed(request);
    }
    if (this.socket.size > 0) this.sleepers.wakeUp();
  }

  private wake(worker: Thread): void {
    this.site.kernel.arm(worker.wakeTimer, this.site.kernel.nowNs() + this.wakeLatencyNs);
  }

  private accept(worker: Thread): void {
    if (this.life.isDraining(worker.process)) {
      this.leave(worker);
      this.life.emptied(worker.process);
      return;
    }
    const request = this.intake.next();
    if (request === NOBODY) {
      this.isBackToSleep[worker.process] = 1;
      this.runtime.execution.run(worker, this.emptyAcceptNs);
      return;
    }
    if (this.intake.isGone(request)) {
      this.intake.drop(request);
      this.runtime.execution.run(worker, this.intake.dropNs);
      return;
    }
    this.busy++;
    this.isServing[worker.process] = 1;
    this.supervisor.began(worker.process);
    worker.owner = this.runner;
    this.runner.serve(worker, request);
  }

  /** The worker has nothing to do and is to end. A connection that had woken it is left to another one. */
  private leave(worker: Thread): void {
    this.hasLeft[worker.process] = 1;
    this.runtime.execution.block(worker, Part.Queue);
    if (this.socket.size > 0) this.sleepers.wakeUp();
  }

  /** epoll_wait, level-triggered: returns at once if a connection waits. */
  private sleep(worker: Thread): void {
    if (this.socket.size > 0 || this.life.isDraining(worker.process)) {
      this.accept(worker);
      return;
    }
    this.runtime.execution.block(worker, Part.Queue);
    this.sleepers.add(worker.process);
    this.askIdle(worker.process);
  }
}
