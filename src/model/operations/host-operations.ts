import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { HostControl } from '../processes/host-control.js';
import { ProcessState } from '../processes/processes.js';
import { RollingReplacement } from '../processes/rolling-replacement.js';

/** What can be done to one host. Each takes a while, and says when it is done. */
export class HostOperations {
  private readonly lookTimer: Timer;
  private readonly rolling: RollingReplacement;
  /** Who waits for something to become true when a process has come or gone. */
  private waiting: { readonly isSo: () => boolean; readonly then: () => void }[];

  constructor(
    private readonly kernel: Kernel,
    private readonly host: HostControl,
  ) {
    this.waiting = [];
    this.rolling = new RollingReplacement(kernel, host.processes);
    const LOOK = kernel.define('operations.looks', Rank.Timer, () => this.look());
    this.lookTimer = kernel.timer(LOOK, this);
    host.processes.watch({ ready: () => this.later(), gone: () => this.later() });
  }

  /** One process after the other is drained and replaced; the others serve meanwhile. */
  phasedRestart(withinNs: Nanos): void {
    this.rolling.begin(withinNs);
  }

  /** All processes are drained at once, and each is replaced when it has ended. */
  reload(withinNs: Nanos): void {
    const { processes } = this.host;
    for (let process = 0; process < processes.count; process++) processes.drain(process, 'replaced', withinNs);
  }

  /** All processes are drained at once; when all are gone the host starts from nothing. */
  fullRestart(withinNs: Nanos, isSocketKept: boolean, done: () => void): void {
    const { processes, door } = this.host;
    for (let process = 0; process < processes.count; process++) {
      if (processes.stateOf(process) === ProcessState.Booting) processes.kill(process, 'absent');
      else processes.drain(process, 'absent', withinNs);
    }
    this.when(
      () => this.isAll(ProcessState.Absent),
      () => {
        if (!isSocketKept) door.closes();
        this.start(done);
      },
    );
  }

  /** Everything on the host is gone at once. */
  lose(): void {
    const { processes, door } = this.host;
    for (let process = 0; process < processes.count; process++) processes.kill(process, 'absent');
    door.closes();
  }

  /** The host starts from nothing; it listens, and takes part, when all of its processes serve. */
  start(done: () => void): void {
    this.host.processes.startAll();
    this.when(
      () => this.isAll(ProcessState.Serving),
      () => {
        this.host.door.opens();
        done();
      },
    );
  }

  private isAll(state: ProcessState): boolean {
    const { processes } = this.host;
    for (let process = 0; process < processes.count; process++) if (processes.stateOf(process) !== state) return false;
    return true;
  }

  private when(isSo: () => boolean, then: () => void): void {
    this.waiting.push({ isSo, then });
    this.later();
  }

  /** A process that has gone may be replaced in the same instant. */
  private later(): void {
    this.kernel.arm(this.lookTimer, this.kernel.nowNs());
  }

  private look(): void {
    const due = this.waiting.filter(({ isSo }) => isSo());
    this.waiting = this.waiting.filter((one) => !due.includes(one));
    for (const { then } of due) then();
  }
}
