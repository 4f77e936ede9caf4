import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { ProcessId } from '../../entities/ids.js';
import type { MemoryEvents } from '../../memory-figures.js';
import type { SimulatedMemorySpec } from '../../memory-spec.js';

/** Sizes of the processes of a container, as limits look at them [bytes]. */
export interface Sizes {
  /** Workers. */
  readonly count: number;
  rss(process: ProcessId, nowNs: Nanos): number;
  pss(process: ProcessId, nowNs: Nanos): number;
  uss(process: ProcessId, nowNs: Nanos): number;
  /** What the container uses: every page once. */
  physical(): number;
  /** The worker has grown. */
  grown(process: ProcessId, nowNs: Nanos): void;
}

/** A server that can do without a worker. */
export interface Workplace {
  /** SIGKILL: what the worker is doing is lost; a replacement is forked. */
  kill(worker: ProcessId): void;
  /** SIGTERM: the worker ends when it has done with what it has. Left out: the server asks `mustLeave` itself after each request. */
  retire?(worker: ProcessId): void;
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * What happens to processes that grow: the kernel kills one when the container is full, a worker killer replaces those
 * that it finds too large, and workers leave after so many requests.
 *
 * The limit of a container is on the pages it uses, each counted once: the sum of Pss. The kernel's victim is the process
 * with the largest resident set size, so a worker and not the master it shares pages with. Workers are looked at when a
 * request ends, which is when they have grown. Swap is not modelled: a full container kills.
 * ```
 * grows -- the container is full --> the largest is killed --> its replacement is forked
 *   `-- request ends: too large, or one too many --> asked to end --> has done --> its replacement is forked
 * ```
 * @see Linux mm/oom_kill.c (oom_badness: rss + swap + page tables)
 */
export class Limits {
  private readonly retires: Uint8Array;
  private readonly requests: Float64Array;
  private readonly victims: ProcessId[];
  private readonly oomTimer: Timer;
  private readonly lookTimer: Timer;
  private workplace: Workplace | null;
  private firstCrossingNs: Nanos;
  private oomKills: number;
  private workerKills: number;
  private retired: number;
  private readonly watches: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly spec: SimulatedMemorySpec,
    private readonly limitBytes: number,
    private readonly sizes: Sizes,
  ) {
    this.retires = new Uint8Array(sizes.count);
    this.requests = new Float64Array(sizes.count);
    this.victims = [];
    this.workplace = null;
    this.firstCrossingNs = NEVER;
    this.oomKills = 0;
    this.workerKills = 0;
    this.retired = 0;
    this.watches = limitBytes !== NEVER || spec.workerKiller !== null || spec.maxRequests !== NEVER;
    const OOM = kernel.define('memory.oom-kill', Rank.Timer, () => this.killVictims());
    const LOOK = kernel.define('memory.worker-killer-looks', Rank.Timer, () => this.look());
    this.oomTimer = kernel.timer(OOM, this);
    this.lookTimer = kernel.timer(LOOK, this);
  }

  /** The server whose workers are to be replaced; without it limits are only watched. */
  attach(workplace: Workplace): void {
    this.workplace = workplace;
  }

  /** A request of the worker has ended. */
  served(worker: ProcessId): void {
    if (!this.watches) return;
    this.requests[worker]!++;
    if (this.requests[worker]! >= this.spec.maxRequests) this.leave(worker);
    const { workerKiller } = this.spec;
    if (workerKiller !== null && !this.kernel.isArmed(this.lookTimer)) {
      const everyNs = workerKiller.everyNs;
      this.kernel.arm(this.lookTimer, (Math.floor(this.kernel.nowNs() / everyNs) + 1) * everyNs);
    }
    if (this.limitBytes !== NEVER) this.check(worker);
  }

  /** Whether the worker is to leave instead of taking another request. */
  mustLeave(worker: ProcessId): boolean {
    return this.retires[worker] === 1;
  }

  /** The worker has been replaced. */
  replaced(worker: ProcessId): void {
    this.retires[worker] = 0;
    this.requests[worker] = 0;
  }

  events(): MemoryEvents {
    const { limitBytes, firstCrossingNs, oomKills, spec } = this;
    const workerKills = spec.workerKiller === null ? null : this.workerKills;
    const retired = spec.maxRequests === NEVER ? null : this.retired;
    return { limitBytes, firstCrossingNs, oomKills, workerKills, retired };
  }

  private check(grown: ProcessId): void {
    const nowNs = this.kernel.nowNs();
    this.sizes.grown(grown, nowNs);
    if (this.victims.length > 0 || this.sizes.physical() <= this.limitBytes) return;
    if (this.firstCrossingNs === NEVER) this.firstCrossingNs = nowNs;
    if (this.workplace === null) return;
    this.victims.push(this.largest(nowNs));
    this.kernel.arm(this.oomTimer, nowNs);
  }

  private largest(nowNs: Nanos): ProcessId {
    let victim = 0;
    for (let worker = 1; worker < this.sizes.count; worker++) {
      if (this.sizes.rss(worker, nowNs) > this.sizes.rss(victim, nowNs)) victim = worker;
    }
    return victim;
  }

  private killVictims(): void {
    for (const victim of this.victims.splice(0)) {
      this.oomKills++;
      this.workplace!.kill(victim);
    }
  }

  /** The worker killer looks at every worker; those that are too large leave after their request. */
  private look(): void {
    const { measure, limitBytes } = this.spec.workerKiller!;
    const nowNs = this.kernel.nowNs();
    for (let worker = 0; worker < this.sizes.count; worker++) {
      if (this.sizes[measure](worker, nowNs) <= limitBytes || this.mustLeave(worker)) continue;
      if (this.workplace === null) continue;
      this.workerKills++;
      this.retire(worker);
    }
  }

  private leave(worker: ProcessId): void {
    if (this.mustLeave(worker) || this.workplace === null) return;
    this.retired++;
    this.retire(worker);
  }

  private retire(worker: ProcessId): void {
    this.retires[worker] = 1;
    this.workplace!.retire?.(worker);
  }
}
