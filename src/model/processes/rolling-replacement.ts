import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { ProcessId } from '../entities/ids.js';
import { type Processes, ProcessState } from './processes.js';

/** A process that was asked to end, and whose replacement is waited for. */
interface Step {
  readonly process: ProcessId;
  readonly withinNs: Nanos;
  wasGone: boolean;
}

/**
 * Replaces the processes of a server one after the other: the next is drained when the replacement of the one before serves.
 * It is over when the one before has ended and is not replaced: whoever starts it again starts the others too.
 */
export class RollingReplacement {
  private readonly timer: Timer;
  private steps: Step[];

  constructor(
    private readonly kernel: Kernel,
    private readonly processes: Processes,
  ) {
    this.steps = [];
    this.timer = kernel.timer(
      kernel.define('processes.rolls', Rank.Timer, () => this.look()),
      this,
    );
    const later = (): void => kernel.arm(this.timer, kernel.nowNs());
    processes.watch({ ready: later, gone: later });
  }

  /**
   * Begins with `process` and ends with the last one; those that do not serve are on their way already, and left out.
   *
   * @param withinNs a process that has not ended after this time is killed
   */
  begin(withinNs: Nanos, process: ProcessId = 0): void {
    const { processes } = this;
    let next = process;
    while (next < processes.count && !this.drains(next, withinNs)) next++;
    if (next === processes.count) return;
    this.steps.push({ process: next, withinNs, wasGone: false });
    this.kernel.arm(this.timer, this.kernel.nowNs());
  }

  private drains(process: ProcessId, withinNs: Nanos): boolean {
    this.processes.drain(process, 'replaced', withinNs);
    return this.processes.stateOf(process) === ProcessState.Draining;
  }

  /** One that is replaced is on its way again by now: its successor begins when it ends. */
  private look(): void {
    this.steps = this.steps.filter(({ process }) => this.processes.stateOf(process) !== ProcessState.Absent);
    const done = this.steps.filter((step) => {
      const state = this.processes.stateOf(step.process);
      step.wasGone ||= state !== ProcessState.Draining;
      return step.wasGone && state === ProcessState.Serving;
    });
    this.steps = this.steps.filter((step) => !done.includes(step));
    for (const { withinNs, process } of done) this.begin(withinNs, process + 1);
  }
}
