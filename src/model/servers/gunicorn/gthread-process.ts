import type { Nanos } from '../../../kernel/time.js';
import { Fifo } from '../../entities/fifo.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { ProcessLife } from '../../processes/process-life.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { Runtime } from '../../runtimes/runtime.js';
import type { RequestRunner } from '../../workers/request-runner.js';
import type { Site } from '../server.js';
import { GUNICORN_COSTS } from './costs.js';

const Step = { Polling: 0, Woken: 1, Accepting: 2, Accepted: 3, Enqueued: 4, Closed: 5 } as const;
type Step = (typeof Step)[keyof typeof Step];

/**
 * One gthread worker. The main thread accepts one connection a turn of its loop and hands it to the pool, as long as
 * the worker has fewer than `worker_connections`; pool threads that have nothing to do are woken in the order in which
 * they fell asleep.
 *
 * ```
 * main: polling -- readable --> woken -- accept gives the GIL up --> accepted -- into the queue of the pool --> polling
 * pool: asleep -- woken --> takes the connection that is first in the queue --> serves it --> next one, or asleep
 * ```
 * A worker that is to end accepts nothing more, serves what it has accepted, and goes.
 *
 * Known to be wrong: in the poller the main thread notices only after a second, or the next connection, that it is to end.
 * @see benoitc/gunicorn 20.1.0 gunicorn/workers/gthread.py run, accept, finish_request
 */
export class GthreadProcess implements ThreadOwner {
  private readonly main: Thread;
  private readonly todo: Fifo;
  private asleep: Thread[];
  private readonly serving: Set<Thread>;
  private step: Step;
  private connection: RequestId;
  /** Connections that are queued or served. */
  private connections: number;
  private readonly wakeLatencyNs: Nanos;
  private readonly acceptNs: Nanos;
  private readonly enqueueNs: Nanos;

  constructor(
    private readonly site: Site,
    private readonly runtime: Runtime,
    private readonly threads: readonly Thread[],
    private readonly workerConnections: number,
    private readonly socket: ListenSocket,
    private readonly runner: RequestRunner,
    private readonly life: ProcessLife,
  ) {
    const { overheads, host } = site;
    const [main, ...pool] = threads;
    this.main = main!;
    this.todo = new Fifo();
    this.asleep = pool;
    this.serving = new Set();
    this.step = Step.Polling;
    this.connection = NOBODY;
    this.connections = 0;
    this.wakeLatencyNs = overheads ? host.wakeLatencyNs : 0;
    this.acceptNs = overheads ? GUNICORN_COSTS.acceptNs : 0;
    this.enqueueNs = overheads ? GUNICORN_COSTS.enqueueNs : 0;
    for (const thread of threads) thread.owner = this;
  }

  /** Sleeps in the poller and is woken by a connection. */
  get isPolling(): boolean {
    return this.step === Step.Polling && this.connections < this.workerConnections;
  }

  /** Nothing is queued or served, and nothing will be. */
  get isEmpty(): boolean {
    return this.step === Step.Closed && this.connections === 0;
  }

  get queued(): number {
    return this.todo.size;
  }

  get busy(): number {
    return this.threads.length - 1 - this.asleep.length;
  }

  /** A connection waits: the poller returns. */
  wake(): void {
    this.step = Step.Woken;
    this.wakeLater(this.main);
  }

  /** A new process: the main thread looks for connections at once. */
  opens(): void {
    this.main.owner = this;
    this.step = Step.Woken;
    this.runtime.execution.resume(this.main);
  }

  closes(): void {
    if (this.step === Step.Polling) this.step = Step.Closed;
  }

  /** The process is gone. What it had accepted is lost; a connection that had woken it is not. */
  vanishes(): void {
    const { kernel, clients, requests } = this.site;
    const [main, ...pool] = this.threads;
    const lost: RequestId[] = [];
    for (const thread of pool) {
      kernel.disarm(thread.wakeTimer);
      if (!this.serving.delete(thread)) continue;
      const request = this.runner.kill(thread);
      thread.owner = this;
      if (request !== NOBODY) clients.departed(request);
    }
    kernel.disarm(main!.wakeTimer);
    if (this.step === Step.Accepted) lost.push(this.connection);
    while (this.todo.size > 0) lost.push(this.todo.shift());
    for (const request of lost) {
      requests.lost(request, main!.process);
      clients.departed(request);
    }
    this.step = Step.Closed;
    this.connections = 0;
    this.asleep = pool;
  }

  executed(thread: Thread): void {
    if (thread === this.main) this.mainExecuted();
    else this.next(thread);
  }

  /** A pool thread has done its request. */
  finished(thread: Thread): void {
    this.connections--;
    this.serving.delete(thread);
    thread.owner = this;
    if (this.socket.size > 0 && this.isPolling) this.wake(); // it was full
    if (this.step === Step.Closed) this.life.emptied(thread.process);
    this.next(thread);
  }

  private mainExecuted(): void {
    const { execution } = this.runtime;
    const isLeaving = this.life.isDraining(this.main.process);
    if (isLeaving && (this.step === Step.Woken || this.step === Step.Accepting)) this.close();
    else if (this.step === Step.Woken) {
      this.step = Step.Accepting;
      execution.run(this.main, this.acceptNs);
    } else if (this.step === Step.Accepting) {
      this.accept();
      execution.trip(this.main);
    } else if (this.step === Step.Accepted) {
      this.step = Step.Enqueued;
      this.enqueue();
      execution.run(this.main, this.enqueueNs);
    } else this.poll();
  }

  private accept(): void {
    this.connection = this.socket.accept();
    this.step = this.connection === NOBODY ? Step.Enqueued : Step.Accepted;
    if (this.connection === NOBODY) return;
    this.connections++;
    this.site.requests.accepted(this.connection);
  }

  private enqueue(): void {
    this.todo.push(this.connection);
    const thread = this.asleep.shift();
    if (thread !== undefined) this.wakeLater(thread);
  }

  /** The poller gives the GIL up, and returns at once if a connection waits. */
  private poll(): void {
    if (this.life.isDraining(this.main.process)) {
      this.close();
      return;
    }
    this.step = Step.Polling;
    if (this.socket.size > 0 && this.isPolling) {
      this.step = Step.Woken;
      this.runtime.execution.trip(this.main);
    } else this.runtime.execution.block(this.main, Part.Queue);
  }

  private close(): void {
    this.step = Step.Closed;
    this.runtime.execution.block(this.main, Part.Queue);
    this.life.emptied(this.main.process);
  }

  private next(thread: Thread): void {
    const request = this.todo.shift();
    if (request === NOBODY) {
      this.asleep.push(thread);
      thread.owner = this;
      this.runtime.execution.block(thread, Part.Queue);
      return;
    }
    thread.owner = this.runner;
    this.serving.add(thread);
    this.runner.serve(thread, request);
  }

  private wakeLater(thread: Thread): void {
    const { kernel } = this.site;
    kernel.arm(thread.wakeTimer, kernel.nowNs() + this.wakeLatencyNs);
  }
}
