import type { Kernel, Timer } from '../../../../kernel/kernel.js';
import { Rank } from '../../../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../../../kernel/time.js';
import type { ProcessId } from '../../../entities/ids.js';

/** A worker that serves nobody. */
const IDLE = Number.POSITIVE_INFINITY;

export interface RoundsParams {
  /** Begins the name of its event. */
  readonly name: string;
  readonly workers: number;
  /** When a request that began at `sinceNs` is late: the worker is killed in the first round from then on. */
  readonly lateNs: (sinceNs: Nanos) => Nanos;
  /** Where in a second of the simulation a round begins [ns]. */
  readonly roundNs: Nanos;
  /** From the kill to the master's knowing of it, when it begins its next round [ns]. */
  readonly reapNs: Nanos;
}

/**
 * A master that looks every second for how long its workers have served their present request, and kills those that are
 * late. Only the round that matters is an event here. The end of a worker wakes the master, whose rounds go on from there.
 *
 * ```
 * nobody serves -- began --> armed for the round in which the first is late -- it has ended --> armed for the next
 *       ^                        |                                      `-- it goes on --> killed
 *       +-- the last has ended --+
 * ```
 */
export class MasterRounds {
  private readonly sinceNs: Float64Array;
  private serving: number;
  private roundNs: Nanos;
  private readonly timer: Timer;

  constructor(
    private readonly kernel: Kernel,
    private readonly params: RoundsParams,
    private readonly kill: (worker: ProcessId) => void,
  ) {
    this.sinceNs = new Float64Array(params.workers).fill(IDLE);
    this.serving = 0;
    this.roundNs = params.roundNs;
    this.timer = kernel.timer(
      kernel.define(`${params.name}.master-looks`, Rank.Timer, () => this.look()),
      this,
    );
  }

  /** The worker takes a connection. */
  began(worker: ProcessId): void {
    this.sinceNs[worker] = this.kernel.nowNs();
    if (this.serving++ === 0) this.kernel.arm(this.timer, this.killsAtNs(worker));
  }

  /** The worker has done with its connection, or was stopped. While nobody serves, the master has nothing to look for. */
  ended(worker: ProcessId): void {
    this.sinceNs[worker] = IDLE;
    if (--this.serving === 0) this.kernel.disarm(this.timer);
  }

  /** The first round in which a worker that goes on with its present request is killed. */
  private killsAtNs(worker: ProcessId): Nanos {
    const { roundNs } = this;
    return Math.ceil((this.params.lateNs(this.sinceNs[worker]!) - roundNs) / SECOND) * SECOND + roundNs;
  }

  private look(): void {
    const nowNs = this.kernel.nowNs();
    const late = Array.from(this.sinceNs.keys()).filter((worker) => this.killsAtNs(worker) <= nowNs);
    for (const worker of late) this.kill(worker);
    if (late.length > 0) this.roundNs = (nowNs + this.params.reapNs) % SECOND;
    if (this.serving === 0) return;
    const next = Array.from(this.sinceNs.keys(), (worker) => this.killsAtNs(worker));
    this.kernel.arm(this.timer, Math.min(...next));
  }
}
