import type { Kernel } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { OperationSpec } from '../operations-spec.js';
import type { HostControl } from '../processes/host-control.js';
import { HostOperations } from './host-operations.js';

type Full = Extract<OperationSpec, { kind: 'full-restart' }>;
type Rolling = Extract<OperationSpec, { kind: 'rolling-restart' }>;
type Loss = Extract<OperationSpec, { kind: 'host-loss' }>;

/**
 * Deploys and losses at stated times.
 *
 * ```
 * phased restart   worker 0: drained -> replaced -> ready; then worker 1 ...        on all hosts at the same time
 * reload           all drained, each replaced when it has ended; new ones load what the master has not loaded
 * full restart     (all quiet ->) all drained -> all gone -> application loaded -> all ready        connections wait in the listen queue
 * rolling restart  host: taken out -> grace -> all drained -> stopped -> started -> put in; then the next hosts
 * host loss        all killed, connections reset -> noticed: taken out -> started -> put in
 * worker loss      one killed; the master forks another one
 * ```
 * A host that is lost answers at once that nobody listens, as a container does that has been killed; or nothing at all, see
 * `SilentHost`. It is then silent until it starts again; from then on it refuses connections until it listens.
 */
export class Operations {
  private readonly each: readonly HostOperations[];

  constructor(
    private readonly kernel: Kernel,
    private readonly hosts: readonly HostControl[],
    operations: readonly OperationSpec[],
  ) {
    this.each = hosts.map((host) => new HostOperations(kernel, host));
    for (const operation of operations) this.at(operation.atNs, () => this.begin(operation));
  }

  private begin(operation: OperationSpec): void {
    switch (operation.kind) {
      case 'phased-restart':
        for (const host of this.each) host.phasedRestart(operation.withinNs);
        break;
      case 'reload':
        for (const host of this.each) host.reload(operation.withinNs);
        break;
      case 'full-restart':
        this.restartAll(operation);
        break;
      case 'rolling-restart':
        for (let host = 0; host < Math.min(operation.atATime, this.hosts.length); host++) this.roll(operation, host);
        break;
      case 'worker-loss':
        this.hosts[operation.host]!.processes.kill(operation.worker);
        break;
      case 'host-loss':
        this.lose(operation);
    }
  }

  private restartAll({ quietNs, withinNs }: Full): void {
    const restart = (): void => {
      for (const host of this.each) host.fullRestart(withinNs, true, () => {});
    };
    if (quietNs === 0) {
      restart();
      return;
    }
    for (const { processes } of this.hosts) for (let p = 0; p < processes.count; p++) processes.quiet(p);
    this.after(quietNs, restart);
  }

  /** Restarts a host, then the next one that nobody else restarts. */
  private roll(operation: Rolling, host: number): void {
    const control = this.hosts[host];
    if (control === undefined) return;
    if (control.isInUse?.() === false) {
      this.roll(operation, host + operation.atATime); // when it is added it has the new version
      return;
    }
    const one = this.each[host]!;
    one.participation.deployBegins();
    this.after(operation.graceNs, () => {
      one.fullRestart(operation.withinNs, false, (isUp) => {
        one.participation.deployEnds(isUp);
        this.roll(operation, host + operation.atATime);
      });
    });
  }

  private lose({ host, isSilent, backAfterNs, noticedAfterNs }: Loss): void {
    const control = this.hosts[host]!;
    const one = this.each[host]!;
    const { ups } = one;
    if (isSilent) control.silence!.begins();
    if (!one.lose()) return; // it is back when whoever lost it first says so
    this.after(noticedAfterNs, () => {
      if (one.ups > ups) return;
      one.participation.lost();
      control.isGivenUp?.();
    });
    if (backAfterNs === Number.POSITIVE_INFINITY) return;
    this.after(backAfterNs, () => {
      control.silence?.ends();
      one.start((isUp) => isUp && one.participation.back());
    });
  }

  private after(delayNs: Nanos, act: () => void): void {
    this.at(this.kernel.nowNs() + delayNs, act);
  }

  private at(atNs: Nanos, act: () => void): void {
    const { kernel } = this;
    kernel.arm(kernel.timer(kernel.define('operations.step', Rank.Timer, act), this), atNs);
  }
}
