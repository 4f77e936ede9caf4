import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { ProcessId } from '../../entities/ids.js';
import type { Supervisor } from '../forking-supervisor.js';

/** A worker that serves nobody. */
const IDLE = Number.POSITIVE_INFINITY;

export interface MasterParams {
  readonly workers: number;
  readonly timeoutNs: Nanos;
  /** From the kill to the master's knowing of it, when it begins its next round [ns]. */
  readonly reapNs: Nanos;
}

/**
 * Unicorn's master, as far as it watches for how long workers serve one request.
 *
 * Everything is in whole seconds: a worker notes the second in which it takes a connection, and the master kills it in
 * the first of its rounds in which the difference to the present second is above `timeout`. Rounds are whole seconds
 * apart: it sleeps for `timeout - difference` of the worker next in line, 1 s at least, so it never misses the round
 * that matters, and only that one is an event here. A request ends so between `timeout` and `timeout` + 2 s after it
 * began, depending on how its beginning, the seconds of the clock and the rounds of the master lie to one another: the
 * latter two are drawn once a replication. The end of a worker wakes the master, whose rounds go on from there.
 * @see defunkt/unicorn 6.1 lib/unicorn/http_server.rb murder_lazy_workers, join
 */
export class Master implements Supervisor {
  private readonly sinceNs: Float64Array;
  private serving: number;
  /** Where in a second of the simulation a second of the clock, and a round of the master, begins [ns]. */
  private readonly clockNs: Nanos;
  private roundNs: Nanos;
  private readonly timer: Timer;

  constructor(
    private readonly kernel: Kernel,
    private readonly params: MasterParams,
    phases: Stream,
    private readonly kill: (worker: ProcessId) => void,
  ) {
    this.sinceNs = new Float64Array(params.workers).fill(IDLE);
    this.serving = 0;
    this.clockNs = Math.floor(phases.uniform() * SECOND);
    this.roundNs = Math.floor(phases.uniform() * SECOND);
    this.timer = kernel.timer(
      kernel.define('unicorn.master-looks', Rank.Timer, () => this.look()),
      this,
    );
  }

  /** The worker takes a connection. */
  began(worker: ProcessId): void {
    this.sinceNs[worker] = this.kernel.nowNs();
    if (this.serving++ === 0) this.kernel.arm(this.timer, this.killsAtNs(worker));
  }

  /** The worker has done with its connection. While nobody serves, the master has nothing to look for. */
  ended(worker: ProcessId): void {
    this.sinceNs[worker] = IDLE;
    if (--this.serving === 0) this.kernel.disarm(this.timer);
  }

  stopped(worker: ProcessId): void {
    this.ended(worker);
  }

  /** The first round in which a worker that goes on with its present request is killed. */
  private killsAtNs(worker: ProcessId): Nanos {
    const { clockNs, roundNs } = this;
    const second = Math.floor((this.sinceNs[worker]! - clockNs) / SECOND);
    const lateNs = (second + Math.floor(this.params.timeoutNs / SECOND) + 1) * SECOND + clockNs;
    return Math.ceil((lateNs - roundNs) / SECOND) * SECOND + roundNs;
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
