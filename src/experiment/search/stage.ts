import { type Standing, standingsOf } from '../estimates/standing.js';
import { MEMORY_HEADROOM } from '../metrics/metrics.js';
import type { ReplicationResult } from '../result.js';
import { type Executor, runExperiment, Stopped } from '../run-experiment.js';
import type { ExperimentSpec } from '../spec.js';

/**
 * One configuration that is simulated as far as somebody wants to know: some replications at first, from which the
 * warm-up is found and whether it can be in a steady state at all, then one after the other.
 */
export class Stage {
  private readonly spec: ExperimentSpec;
  private readonly first: number;
  private readonly execute: Executor;
  private readonly isStopped: () => boolean;
  private begun: Promise<readonly ReplicationResult[]> | null;
  private readonly more: Map<number, Promise<ReplicationResult>>;
  private warmUp: number | undefined;
  private standing: Standing | null;
  private seen: readonly ReplicationResult[] | null;

  /**
   * @param spec of one configuration
   * @param first replications at first
   * @param isStopped true: no more replications are begun
   */
  constructor(spec: ExperimentSpec, first: number, execute: Executor, isStopped: () => boolean = () => false) {
    this.spec = { ...spec, run: { ...spec.run, replications: first, precision: null } };
    this.first = first;
    this.execute = execute;
    this.isStopped = isStopped;
    this.begun = null;
    this.more = new Map();
    this.warmUp = undefined;
    this.standing = null;
    this.seen = null;
  }

  /** @throws Stopped if it was stopped before this was simulated */
  async replication(replication: number): Promise<ReplicationResult> {
    this.begun ??= this.begin();
    const results = await this.begun;
    if (replication < this.first) return results[replication]!;
    let result = this.more.get(replication);
    if (result === undefined) {
      result = this.execute({ configuration: 0, replication, warmUp: this.warmUp });
      this.more.set(replication, result);
    }
    return result;
  }

  /** Known once the first replications are there. */
  get standingOf(): Standing | null {
    return this.standing;
  }

  /** What it takes of what the host has [MiB], if that is more; null where memory is not simulated or suffices. */
  get lackingMemory(): { readonly neededMib: number; readonly limitMib: number } | null {
    for (const { runValues } of this.seen ?? []) {
      const value = (metric: string, statistic: string): number | undefined =>
        runValues.find((one) => one.metric === metric && one.statistic === statistic)?.value;
      const headroom = value(MEMORY_HEADROOM, 'mean');
      const needed = value('pss_mib', 'max');
      if (headroom !== undefined && needed !== undefined && headroom < 0) {
        return { neededMib: needed, limitMib: needed + headroom };
      }
    }
    return null;
  }

  private async begin(): Promise<readonly ReplicationResult[]> {
    const result = await runExperiment(this.spec, {
      execute: this.execute,
      concurrency: Number.MAX_SAFE_INTEGER,
      isStopped: this.isStopped,
    });
    if (!result.complete) throw new Stopped();
    this.warmUp = result.warmUp?.share;
    this.standing = standingsOf(result).get(this.spec.configurations[0]!.variant)!;
    this.seen = result.replications;
    return result.replications;
  }
}
