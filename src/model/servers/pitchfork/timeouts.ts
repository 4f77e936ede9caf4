import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { ProcessId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Workers } from '../common/forking/supervisor.js';

/**
 * The two timeouts of a request.
 *
 * ```
 * serving -- `timeout`: a thread of the worker wants the GVL -- has it --> the worker ends itself; its request is lost
 *    |                                    | never gets it
 *    |                                    v
 *    +---------------------- `cleanup` later: killed by the monitor
 * ```
 * The soft timeout is late by the wait for the GVL: 100 ms beside Ruby code, for ever beside a C call that keeps the lock.
 * The monitor looks when the next deadline is due; that deadlines are whole seconds of its clock is left out.
 * @see Shopify/pitchfork v0.18 lib/pitchfork/soft_timeout.rb, http_server.rb
 */
export class Timeouts implements ThreadOwner {
  private readonly soft: readonly Timer[];
  private readonly hard: readonly Timer[];
  private readonly helpers: readonly Thread[];
  /** Whether the worker's soft timeout is over. */
  private readonly isOver: Uint8Array;

  constructor(
    private readonly kernel: Kernel,
    private readonly timeoutNs: Nanos,
    private readonly cleanupNs: Nanos,
    private readonly workers: Workers,
    ends: (worker: ProcessId) => void,
  ) {
    const { threads, execution } = workers.runtime;
    const SOFT = kernel.define('pitchfork.soft-timeout', Rank.Timer, (worker: ProcessId) => {
      this.isOver[worker] = 1;
      execution.resume(this.helpers[worker]!);
    });
    const HARD = kernel.define('pitchfork.hard-timeout', Rank.Timer, ends);
    this.helpers = threads.map(([, helper]) => helper!);
    this.isOver = new Uint8Array(threads.length);
    this.soft = threads.map((_, worker) => kernel.timer(SOFT, worker));
    this.hard = threads.map((_, worker) => kernel.timer(HARD, worker));
    for (const helper of this.helpers) helper.owner = this;
  }

  began(worker: ProcessId): void {
    const nowNs = this.kernel.nowNs();
    this.kernel.arm(this.soft[worker]!, nowNs + this.timeoutNs);
    this.kernel.arm(this.hard[worker]!, nowNs + this.timeoutNs + this.cleanupNs);
  }

  ended(worker: ProcessId): void {
    this.isOver[worker] = 0;
    this.kernel.disarm(this.soft[worker]!);
    this.kernel.disarm(this.hard[worker]!);
  }

  /** The helper thread has the GVL. If the request was answered meanwhile, nothing is to be done. */
  executed(helper: Thread): void {
    if (this.isOver[helper.process] === 0) this.workers.runtime.execution.block(helper, Part.Queue);
    else this.kernel.arm(this.hard[helper.process]!, this.kernel.nowNs()); // ends when this event is over
  }
}
