import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { Stream } from '../../random/streams.js';
import { NOBODY, type ProcessId, type RequestId } from '../entities/ids.js';
import type { Thread, ThreadOwner, Threads } from '../entities/thread.js';
import { type Gauge, Part } from '../observations.js';
import { ListenSocket, type ListenSocketListener } from '../reception/listen-socket.js';
import { createRuntime, type Runtime } from '../runtimes/runtime.js';
import { createRunner } from '../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../workers/script.js';
import { FORKING_COSTS } from './forking-costs.js';
import type { Server, Site } from './server.js';

const SCRIPT: ServerScript = {
  before: [
    { step: 'ruby', ns: FORKING_COSTS.acceptAndParseNs, what: 'read and parse', coldNs: FORKING_COSTS.coldBeforeNs },
  ],
  after: [
    { step: 'ruby', ns: FORKING_COSTS.writeNs, what: 'write', coldNs: FORKING_COSTS.coldAfterNs },
    { step: 'answer' },
    { step: 'ruby', ns: FORKING_COSTS.closeNs, what: 'close' },
  ],
};

/** Watches over the workers. */
export interface Supervisor {
  /** The worker takes a connection. */
  began(worker: ProcessId): void;
  /** The worker has done with its connection. */
  ended(worker: ProcessId): void;
  /** Asked when the worker has nothing to do: whether it ends now, and makes room for another one. */
  mustLeave?(worker: ProcessId): boolean;
  /** A new process has taken the place of the worker. */
  replaced?(worker: ProcessId): void;
}

/** What a supervisor can do. */
export interface Workers {
  readonly runtime: Runtime;
  /** Ends a worker in the middle of its request. */
  kill(worker: ProcessId): void;
  /** Asks a worker that sleeps whether it must leave. The others are asked when they have done what they do. */
  askIdle(worker: ProcessId): void;
}

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
  /** From the end of a worker to the first accept of its replacement [ns]. */
  readonly respawnNs: Nanos;
  readonly supervise: (workers: Workers) => Supervisor;
}

/**
 * Unicorn: single-threaded workers that share one listening socket. A worker holds at most one connection; all others
 * wait in the kernel's queue, so the workers are one M/G/c queue.
 *
 * From 6.1 on an idle worker sleeps in epoll_wait with EPOLLEXCLUSIVE: a connection wakes one of them, the one that registered
 * first, so the first worker gets most requests while the load is low. Before, idle workers sleep in select: a connection
 * wakes all of them, and whoever is scheduled first gets it. Measured with four workers on one core at 30 % and more of
 * their capacity: 34, 27, 22 and 16 % of the requests with 6.1, 24 to 26 % each with 6.0. A worker that has finished accepts again before
 * it sleeps, and may be faster than the one that was woken, which then finds nothing.
 *
 * ```
 * asleep -- connection --> waking --> accepting --> serving --> accepting …
 *   ^                                     | nothing there
 *   +-------------------------------------+
 * ```
 * The application is called as soon as the header is read; the body of a slow client is read by it, in the worker.
 * A worker that serves one request for too long is killed (see `Master`). Only that request is lost. The replacement
 * registers for connections after all others.
 * @see defunkt/unicorn lib/unicorn/http_server.rb worker_loop, ext/unicorn_http/epollexclusive.h
 */
export class ForkingServer implements Server, RunnerListener, ListenSocketListener, ThreadOwner, Workers {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly socket: ListenSocket;
  /** By place: the order in which the workers have registered for connections. */
  private readonly isAsleep: Uint8Array;
  private readonly workerAt: Int32Array;
  private readonly placeOf: Int32Array;
  private readonly supervisor: Supervisor;
  /** The thread of each worker. */
  private readonly workers: readonly Thread[];
  private readonly wakeLatencyNs: Nanos;
  private readonly emptyAcceptNs: Nanos;
  private readonly checksClients: boolean;
  /** For a request whose client has gone [ns]. */
  private readonly dropNs: Nanos;
  /** From the kill of a worker to the first accept of its replacement. */
  private readonly respawnNs: Nanos;
  /** Accepts that found nothing since the worker was woken. */
  private readonly isBackToSleep: Uint8Array;
  private busy: number;
  /** Null: a connection wakes one worker. */
  private readonly race: Stream | null;

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
    this.runtime.memory?.limits.attach({ kill: (worker) => this.killAnyhow(this.workers[worker]!) });
    this.threads = this.runtime.threads;
    this.workers = this.threads.map(([main]) => main!);
    this.socket = new ListenSocket(kernel, params.backlog, host, overheads, this);
    this.isAsleep = new Uint8Array(workers).fill(1);
    this.workerAt = Int32Array.from({ length: workers }, (_, w) => w);
    this.placeOf = Int32Array.from({ length: workers }, (_, w) => w);
    this.isBackToSleep = new Uint8Array(workers);
    this.busy = 0;
    this.race = params.wakesOne ? null : site.streams.open(`${params.name}/accept-race`);
    this.wakeLatencyNs = overheads ? host.wakeLatencyNs + FORKING_COSTS.connectNs : 0;
    this.emptyAcceptNs = overheads ? FORKING_COSTS.emptyAcceptNs : 0;
    this.checksClients = params.checksClients;
    this.dropNs = overheads ? FORKING_COSTS.acceptAndParseNs + FORKING_COSTS.closeNs : 0;
    this.respawnNs = params.respawnNs;
    this.runner = createRunner(site, this.runtime, overheads ? SCRIPT : BARE_SCRIPT, this);
    const WAKE = kernel.define(`${params.name}.wake`, Rank.Grant, (worker: Thread) =>
      this.runtime.execution.resume(worker),
    );
    for (const worker of this.workers) {
      worker.owner = this;
      worker.wakeTimer = kernel.timer(WAKE, worker);
    }
    this.supervisor = params.supervise(this);
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
    if (this.race !== null) {
      this.wakeAll(this.race);
      return;
    }
    const place = this.isAsleep.indexOf(1);
    if (place !== -1) this.wake(place);
  }

  private wake(place: number): void {
    this.isAsleep[place] = 0;
    this.site.kernel.arm(this.workers[this.workerAt[place]!]!.wakeTimer, this.site.kernel.nowNs() + this.wakeLatencyNs);
  }

  /** Who is scheduled first is drawn: it accepts, the others find nothing. */
  private wakeAll(race: Stream): void {
    const places = Array.from(this.isAsleep.keys()).filter((place) => this.isAsleep[place] === 1);
    while (places.length > 0) this.wake(places.splice(Math.floor(race.uniform() * places.length), 1)[0]!);
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
    this.busy--;
    this.supervisor.ended(worker.process);
    worker.owner = this;
    if (this.runtime.memory?.limits.mustLeave(worker.process) || this.supervisor.mustLeave?.(worker.process)) {
      this.runtime.execution.block(worker, Part.Queue);
      this.respawn(worker);
    } else this.accept(worker);
  }

  private accept(worker: Thread): void {
    const request = this.takeNext();
    if (request === NOBODY) {
      this.isBackToSleep[worker.process] = 1;
      this.runtime.execution.run(worker, this.emptyAcceptNs);
      return;
    }
    this.site.requests.accepted(request);
    if (this.isGone(request)) {
      this.drop(request);
      this.runtime.execution.run(worker, this.dropNs);
      return;
    }
    this.busy++;
    this.supervisor.began(worker.process);
    worker.owner = this.runner;
    this.runner.serve(worker, request);
  }

  /** Without overheads all whose client has gone are dropped at once. */
  private takeNext(): RequestId {
    let request = this.socket.accept();
    while (this.dropNs === 0 && this.isGone(request)) {
      this.site.requests.accepted(request);
      this.drop(request);
      request = this.socket.accept();
    }
    return request;
  }

  private isGone(request: RequestId): boolean {
    return this.checksClients && request !== NOBODY && this.site.requests.isGone[request] === 1;
  }

  /** The client has gone, which shows when its request has been read: the connection is closed, on to the next. */
  private drop(request: RequestId): void {
    this.site.requests.killed(request, false, false);
    this.site.clients.departed(request);
  }

  /** SIGKILL: the connection ends without an answer, and the master forks another worker. */
  kill(process: ProcessId): void {
    const worker = this.workers[process]!;
    const { clients } = this.site;
    this.runtime.execution.kill(process);
    const request = this.runner.kill(worker);
    this.busy--;
    worker.owner = this;
    this.respawn(worker);
    if (request !== NOBODY) clients.departed(request);
  }

  askIdle(process: ProcessId): void {
    const place = this.placeOf[process]!;
    if (this.isAsleep[place] === 0 || !this.supervisor.mustLeave?.(process)) return;
    this.isAsleep[place] = 0;
    this.respawn(this.workers[process]!);
  }

  /** The kernel kills a worker, whatever it is doing. */
  private killAnyhow(worker: Thread): void {
    const { process } = worker;
    if (worker.owner === this.runner) {
      this.supervisor.ended(process);
      this.kill(process);
      return;
    }
    this.runtime.execution.kill(process);
    this.isBackToSleep[process] = 0;
    this.respawn(worker);
  }

  /** The master forks a replacement, which registers for connections after all others. */
  private respawn(worker: Thread): void {
    const { kernel } = this.site;
    this.registersLast(worker.process);
    this.runtime.memory?.replace(worker.process);
    this.supervisor.replaced?.(worker.process);
    kernel.arm(worker.wakeTimer, kernel.nowNs() + this.respawnNs);
  }

  private registersLast(worker: ProcessId): void {
    const last = this.workerAt.length - 1;
    for (let place = this.placeOf[worker]!; place < last; place++) {
      const next = this.workerAt[place + 1]!;
      this.workerAt[place] = next;
      this.placeOf[next] = place;
      this.isAsleep[place] = this.isAsleep[place + 1]!;
    }
    this.workerAt[last] = worker;
    this.placeOf[worker] = last;
    this.isAsleep[last] = 0;
  }

  /** epoll_wait, level-triggered: returns at once if a connection waits. */
  private sleep(worker: Thread): void {
    if (this.socket.size > 0) {
      this.accept(worker);
      return;
    }
    this.runtime.execution.block(worker, Part.Queue);
    this.isAsleep[this.placeOf[worker.process]!] = 1;
    this.askIdle(worker.process);
  }
}
