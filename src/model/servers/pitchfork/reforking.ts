import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import { NOBODY, type ProcessId } from '../../entities/ids.js';

/** A worker whose promotion has just failed or succeeded does not ask again for so long. */
const BACK_OFF_NS: Nanos = 10 * SECOND;

export interface ReforkingParams {
  readonly workers: number;
  /** Requests after which a worker of each generation becomes the parent of the next; the last holds for all that follow. */
  readonly after: readonly number[];
  /** Workers that may be missing at a time. */
  readonly maxUnavailable: number;
  /** From the promotion of a worker to the new mold being ready, and from the end of a worker to its replacement [ns]. */
  readonly moldNs: Nanos;
  readonly respawnNs: Nanos;
}

/**
 * Reforking: a worker that has served enough requests forks the next mold, from which all workers are then forked again,
 * a few at a time. The worker goes on serving; it is itself replaced like the others.
 *
 * ```
 * generation g -- a worker has served refork_after[g] --> its fork becomes the mold of g + 1
 * mold ready --> workers of older generations leave, max_unavailable at a time, after their present request
 *             --> each is forked from the new mold, its count at 0
 * ```
 * What a process has become faster by in serving is not simulated, so generations differ in their memory only.
 * @see Shopify/pitchfork v0.18 docs/REFORKING.md, lib/pitchfork/refork_condition.rb, http_server.rb restart_outdated_workers
 */
export class Reforking {
  /** Generation of the newest mold that is ready. */
  generation: number;
  private readonly generationOf: Int32Array;
  private readonly served: Int32Array;
  private readonly notBeforeNs: Float64Array;
  private readonly isLeaving: Uint8Array;
  /** Worker that makes a mold; NOBODY: none. */
  private parent: ProcessId;
  private readonly moldTimer: Timer;
  private readonly backTimers: readonly Timer[];
  private unavailable: number;

  /**
   * @param askIdle makes a worker that sleeps ask whether it must leave
   * @param promoted a fork of the worker becomes the mold
   */
  constructor(
    private readonly kernel: Kernel,
    private readonly params: ReforkingParams,
    private readonly askIdle: (worker: ProcessId) => void,
    private readonly promoted: (worker: ProcessId) => void,
  ) {
    const { workers } = params;
    this.generation = 0;
    this.generationOf = new Int32Array(workers);
    this.served = new Int32Array(workers);
    this.notBeforeNs = new Float64Array(workers);
    this.isLeaving = new Uint8Array(workers);
    this.parent = NOBODY;
    this.unavailable = 0;
    this.moldTimer = kernel.timer(
      kernel.define('pitchfork.mold-ready', Rank.Timer, () => this.moldReady()),
      this,
    );
    const BACK = kernel.define('pitchfork.worker-back', Rank.Timer, () => this.isBack());
    this.backTimers = Array.from({ length: workers }, (_, worker) => kernel.timer(BACK, worker));
  }

  /** The worker has answered a request. */
  ended(worker: ProcessId): void {
    const served = ++this.served[worker]!;
    const { after } = this.params;
    const limit = after[Math.min(this.generationOf[worker]!, after.length - 1)]!;
    const nowNs = this.kernel.nowNs();
    const mayAsk = nowNs >= this.notBeforeNs[worker]! && this.parent === NOBODY;
    const isCurrent = this.generationOf[worker] === this.generation;
    if (served < limit || !mayAsk || !isCurrent) return;
    this.parent = worker;
    this.notBeforeNs[worker] = nowNs + BACK_OFF_NS;
    this.promoted(worker);
    this.kernel.arm(this.moldTimer, nowNs + this.params.moldNs);
  }

  mustLeave(worker: ProcessId): boolean {
    return this.isLeaving[worker] === 1;
  }

  /** A new process, forked from the newest mold, takes the place of the worker. */
  replaced(worker: ProcessId): void {
    if (this.isLeaving[worker] === 1) {
      this.isLeaving[worker] = 0;
      this.kernel.arm(this.backTimers[worker]!, this.kernel.nowNs() + this.params.respawnNs);
    }
    this.generationOf[worker] = this.generation;
    this.served[worker] = 0;
  }

  private moldReady(): void {
    this.parent = NOBODY;
    this.generation++;
    this.roll();
  }

  private isBack(): void {
    this.unavailable--;
    this.roll();
  }

  /** Lets outdated workers go, as many as may be missing. */
  private roll(): void {
    for (let worker = 0; worker < this.params.workers; worker++) {
      if (this.unavailable >= this.params.maxUnavailable) return;
      if (this.isLeaving[worker] === 1 || this.generationOf[worker] === this.generation) continue;
      this.isLeaving[worker] = 1;
      this.unavailable++;
      this.askIdle(worker);
    }
  }
}
