import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { ProcessId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Execution } from '../../runtimes/execution.js';

export interface CheckInParams {
  /** A worker that has been silent for so long is killed (`worker_timeout`) [ns]. */
  readonly timeoutNs: Nanos;
  /** What the worker's stat thread sleeps between two check-ins (`worker_check_interval`) [ns]. */
  readonly intervalNs: Nanos;
}

/** The cluster's master, as far as it is concerned with silence. */
export interface CheckInMaster {
  /** Whether a thread of the worker serves a request. Only then can a worker fall silent, so only then is it watched. */
  isBusy(worker: ProcessId): boolean;
  kill(worker: ProcessId): void;
}

/**
 * Puma's `worker_timeout`, which is no timeout of requests: a thread of each worker checks in with the master every
 * `worker_check_interval`, and the master kills a worker that has been silent for `worker_timeout`.
 *
 * ```
 * stat thread: asleep -- interval over --> waits for the GVL -- has it --> checks in --> asleep
 * master:      last check-in + worker_timeout --> SIGKILL, a new worker
 * ```
 * A request that waits for I/O, or computes in Ruby, for however long, lets the stat thread have the GVL: nothing happens.
 * Only a C call that keeps the GVL (or a collection) for longer than `worker_timeout` minus an interval gets the worker
 * killed, with all the requests of its other threads. The check-in itself takes no time here.
 * @see puma/puma v7.2.1 lib/puma/cluster/worker.rb (stat thread), cluster.rb check_workers, timeout_workers
 */
export class CheckIns implements ThreadOwner {
  private readonly lastNs: Float64Array;
  private readonly isWatched: Uint8Array;
  private readonly silenceTimers: readonly Timer[];

  /**
   * @param stats the stat thread of each worker
   * @param phases where in an interval each worker's check-ins lie at the start
   */
  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly stats: readonly Thread[],
    private readonly params: CheckInParams,
    phases: Stream,
    private readonly master: CheckInMaster,
  ) {
    const { intervalNs } = params;
    this.lastNs = Float64Array.from(stats, () => -Math.floor(phases.uniform() * intervalNs));
    this.isWatched = new Uint8Array(stats.length);
    const WAKE = kernel.define('puma.check-in', Rank.Timer, (thread: Thread) => execution.resume(thread));
    const SILENT = kernel.define('puma.worker-timeout', Rank.Timer, (worker: ProcessId) => master.kill(worker));
    for (const thread of stats) {
      thread.owner = this;
      thread.wakeTimer = kernel.timer(WAKE, thread);
    }
    this.silenceTimers = stats.map((_, worker) => kernel.timer(SILENT, worker));
  }

  /** A thread of the worker begins to serve a request. While none did, the worker has checked in as it should. */
  began({ process }: Thread): void {
    if (this.isWatched[process] === 1) return;
    const { intervalNs } = this.params;
    this.isWatched[process] = 1;
    this.lastNs[process]! += Math.floor((this.kernel.nowNs() - this.lastNs[process]!) / intervalNs) * intervalNs;
    this.expect(process);
  }

  /** The stat thread has the GVL. */
  executed(thread: Thread): void {
    const { process } = thread;
    this.lastNs[process] = this.kernel.nowNs();
    this.execution.block(thread, Part.Queue);
    if (this.master.isBusy(process)) this.expect(process);
    else this.forget(process);
  }

  /** A new worker: it checks in when it has booted. */
  opens(worker: ProcessId): void {
    this.lastNs[worker] = this.kernel.nowNs();
  }

  vanishes(worker: ProcessId): void {
    this.kernel.disarm(this.stats[worker]!.wakeTimer);
    this.forget(worker);
  }

  private expect(worker: ProcessId): void {
    const lastNs = this.lastNs[worker]!;
    this.kernel.arm(this.stats[worker]!.wakeTimer, lastNs + this.params.intervalNs);
    this.kernel.arm(this.silenceTimers[worker]!, lastNs + this.params.timeoutNs);
  }

  private forget(worker: ProcessId): void {
    this.isWatched[worker] = 0;
    this.kernel.disarm(this.silenceTimers[worker]!);
  }
}
