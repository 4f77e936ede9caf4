import { type Kernel, NO_TIMER, type Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { ProcessId } from '../../entities/ids.js';
import type { Parent, ProcessLife } from '../../processes/process-life.js';
import { ProcessState } from '../../processes/processes.js';

export interface ForkWorkerParams {
  /** Requests of worker 0 after which the others are forked from it again, once; 0: never. */
  readonly requests: number;
  /** Time between two reports of worker 0 to the master, which counts its requests then; and when the first one comes [ns]. */
  readonly reportsEveryNs: Nanos;
  readonly firstReportNs: Nanos;
  /** A worker that is asked to end is killed after so long [ns]. */
  readonly withinNs: Nanos;
}

/**
 * `fork_worker`: all workers but the first are forked from worker 0, which serves nobody meanwhile.
 *
 * ```
 * worker 0: serving -- another worker is to be forked --> finishes what it has --> stopped: forks it, and those that follow
 *              ^                                                                      |
 *              +------------- nobody else ends or boots ------------------------------+
 * refork: worker 0 has served `requests` --> its next report --> workers 1, 2 ...: drained, forked again, one after the other
 * ```
 * So a refork, and a phased restart, have two workers less than usual. Puma lets worker 0 serve when the last worker is forked, here
 * when it is ready; and it does not refork by itself after a phased restart. What worker 0 has become faster by in serving is not passed on.
 * @see puma/puma v7.2.1 docs/fork_worker.md, lib/puma/cluster.rb spawn_workers, fork_worker!, lib/puma/cluster/worker.rb
 */
export class ForkWorker implements Parent {
  private readonly waiting: Set<ProcessId>;
  private isStopped: boolean;
  private served: number;
  /** Since the server started. */
  private hasReforked: boolean;
  private readonly lookTimer: Timer;
  private readonly resumeTimer: Timer;
  private readonly reforkTimer: Timer;
  private life!: ProcessLife;

  /** @param promoted the others are forked from worker 0 as it is now */
  constructor(
    private readonly kernel: Kernel,
    private readonly params: ForkWorkerParams,
    private readonly promoted: () => void,
  ) {
    this.waiting = new Set();
    this.isStopped = false;
    this.served = 0;
    this.hasReforked = false;
    const timer = (name: string, act: () => void): Timer =>
      kernel.timer(kernel.define(`puma.${name}`, Rank.Timer, act), this);
    this.lookTimer = timer('fork-worker', () => this.look());
    this.resumeTimer = timer('worker-0-resumes', () => this.resume());
    this.reforkTimer = params.requests === 0 ? NO_TIMER : timer('refork', () => this.refork());
  }

  attach(life: ProcessLife): void {
    this.life = life;
    life.watch({
      ready: () => this.later(),
      gone: (process) => {
        if (process === 0) this.forgets();
        this.later();
      },
    });
  }

  forks(process: ProcessId): boolean {
    if (process === 0) return false;
    this.waiting.add(process);
    this.later();
    return true;
  }

  /** Worker 0 has answered a request. */
  answered(): void {
    if (++this.served !== this.params.requests || this.hasReforked) return;
    const { reportsEveryNs, firstReportNs } = this.params;
    const periods = Math.ceil((this.kernel.nowNs() - firstReportNs) / reportsEveryNs);
    this.kernel.arm(this.reforkTimer, firstReportNs + Math.max(0, periods) * reportsEveryNs);
  }

  /** Worker 0 has done with everything. */
  stopped(): void {
    this.isStopped = true;
    this.promoted();
    this.later();
  }

  /** Worker 0 has gone: the next one counts from 0. */
  private forgets(): void {
    this.isStopped = false;
    this.served = 0;
    this.kernel.disarm(this.reforkTimer);
  }

  /** Not from a worker 0 that has been asked to end: all may have been. */
  private refork(): void {
    if (this.life.isLeaving(0)) return;
    this.hasReforked = true;
    this.life.replaceInTurn(this.params.withinNs, 1);
  }

  private later(): void {
    this.kernel.arm(this.lookTimer, this.kernel.nowNs());
  }

  private look(): void {
    const { life, waiting } = this;
    if (life.stateOf(0) === ProcessState.Absent) this.hasReforked = false;
    if (waiting.size === 0) {
      if (this.isStopped) this.kernel.arm(this.resumeTimer, this.kernel.nowNs());
    } else if (this.isStopped) {
      for (const process of waiting) life.fork(process);
      waiting.clear();
      this.later();
    } else if (life.stateOf(0) === ProcessState.Serving) life.stop(0, () => this.stopped());
  }

  /** Looked at when everything else of this instant has happened: the next worker may have been asked to end. */
  private resume(): void {
    if (!this.isStopped || this.waiting.size > 0) return;
    for (let process = 1; process < this.life.count; process++) {
      const state = this.life.stateOf(process);
      if (state === ProcessState.Draining || state === ProcessState.Booting) return;
    }
    this.isStopped = false;
    this.life.resume(0);
  }
}
