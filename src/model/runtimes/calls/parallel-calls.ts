import type { Kernel, Timer } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Service, Ticket } from '../../services/service.js';
import type { Execution } from '../execution.js';

/** One of several calls that a request makes at the same time. */
class Branch implements Ticket {
  timer!: Timer;
  constructor(
    private readonly executor: AsyncExecutor,
    readonly join: Join,
    readonly service: Service,
    readonly demandNs: Nanos,
  ) {}

  start(): void {
    this.executor.started(this);
  }
}

/** A thread that waits for its branches. */
class Join {
  constructor(
    readonly thread: Thread,
    public left: number,
    public isDropped: boolean,
  ) {}
}

/**
 * The threads of a process that make calls for others (Rails' `load_async`: the global executor with so many threads). The
 * caller waits for all of its calls; those that find no thread of the executor wait in order.
 *
 * ```
 * fork: [waiting for a thread of the executor] -> [queue of the service] -> in service -> joined; the last wakes the caller
 * ```
 * Left out: the short work of the executor's threads under the GVL, and their connections.
 */
export class AsyncExecutor {
  private free: number;
  private queue: Branch[];
  /** Who waits. */
  private readonly joins: Map<Thread, Join>;

  constructor(
    threads: number,
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly done: (branch: { readonly finish: () => void }) => Timer,
    private readonly overshootNs: Nanos,
    private readonly ioCallNs: Nanos,
  ) {
    this.free = threads;
    this.queue = [];
    this.joins = new Map();
  }

  /** The thread, which holds the GVL, makes the calls and waits for all of them. */
  fork(thread: Thread, calls: readonly { readonly service: Service; readonly demandNs: Nanos }[]): void {
    const join = new Join(thread, calls.length, false);
    this.joins.set(thread, join);
    this.execution.block(thread, Part.Io);
    for (const { service, demandNs } of calls) {
      const branch = new Branch(this, join, service, demandNs);
      branch.timer = this.done({ finish: () => this.finished(branch) });
      if (this.free === 0) this.queue.push(branch);
      else {
        this.free--;
        service.request(branch);
      }
    }
  }

  /**
   * The thread was killed or interrupted: its calls that a thread of the executor makes already run on, for nobody; the others are skipped.
   * @see rails/rails activerecord/lib/active_record/future_result.rb execute_or_skip, asynchronous_queries_tracker.rb complete
   */
  drop(thread: Thread): void {
    const join = this.joins.get(thread);
    if (join === undefined) return;
    join.isDropped = true;
    this.joins.delete(thread);
    this.queue = this.queue.filter((branch) => branch.join !== join);
  }

  /** The process is gone: what waited for a thread is never made. */
  close(): void {
    this.queue.length = 0;
  }

  started(branch: Branch): void {
    this.kernel.arm(branch.timer, this.kernel.nowNs() + branch.demandNs + this.overshootNs);
  }

  private finished({ service, join }: Branch): void {
    service.finished();
    const next = this.queue.shift();
    if (next === undefined) this.free++;
    else next.service.request(next);
    if (--join.left > 0 || join.isDropped) return;
    this.joins.delete(join.thread);
    this.execution.run(join.thread, this.ioCallNs);
  }
}
