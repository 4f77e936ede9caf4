import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { ProcessId } from '../entities/ids.js';
import { ProcessState, type ProcessWatcher } from './processes.js';

/** The processes that are replaced. */
export interface Replaceable {
  readonly count: number;
  stateOf(process: ProcessId): ProcessState;
  /** A process that only stands still for another one, and is not waited for. */
  isStopped(process: ProcessId): boolean;
  drain(process: ProcessId, afterwards: 'replaced', withinNs: Nanos): void;
  watch(watcher: ProcessWatcher): void;
}

/**
 * Replaces the processes of a server one after the other, as the master of Puma does: it counts phases.
 *
 * ```
 * begins: the phase is one more --> nobody boots: the first process of an older phase is asked to end
 *    ^                                                        | it has ended
 *    +---- until all are of this phase <-- it serves <-- booting: a process is of the phase at its birth
 * ```
 * Begun again while it goes on, it starts over with the first process, which may be asked before the one that was asked last has
 * ended; who has been replaced since the second beginning is not replaced again. A process that is not there is not waited
 * for: whoever starts it starts the new version.
 * @see puma/puma v7.2.1 lib/puma/cluster.rb start_phased_restart, check_workers
 */
export class RollingReplacement {
  private readonly timer: Timer;
  /** When each process was born. */
  private readonly phases: Int32Array;
  private phase: number;
  private withinNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    private readonly processes: Replaceable,
  ) {
    this.phases = new Int32Array(processes.count);
    this.phase = 0;
    this.withinNs = 0;
    this.timer = kernel.timer(
      kernel.define('processes.rolls', Rank.Timer, () => this.look()),
      this,
    );
    processes.watch({
      ready: () => this.later(),
      gone: (process) => {
        this.phases[process] = this.phase;
        this.later();
      },
    });
  }

  /**
   * Processes before `first` are left as they are, unless their turn is still to come.
   *
   * @param withinNs a process that has not ended after this time is killed
   */
  begin(withinNs: Nanos, first: ProcessId = 0): void {
    this.phase++;
    this.withinNs = withinNs;
    for (let process = 0; process < this.processes.count; process++) {
      if (process < first) this.phases[process]!++;
      if (this.processes.stateOf(process) === ProcessState.Absent) this.phases[process] = this.phase;
    }
    this.later();
  }

  private later(): void {
    if (this.phase > 0) this.kernel.arm(this.timer, this.kernel.nowNs());
  }

  private look(): void {
    const { processes, phases, phase } = this;
    let next = -1;
    for (let process = 0; process < processes.count; process++) {
      if (processes.stateOf(process) === ProcessState.Booting && !processes.isStopped(process)) return;
      if (next < 0 && phases[process]! < phase && processes.stateOf(process) !== ProcessState.Absent) next = process;
    }
    if (next >= 0 && processes.stateOf(next) === ProcessState.Serving) {
      processes.drain(next, 'replaced', this.withinNs);
    }
  }
}
