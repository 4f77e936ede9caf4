import type { ReplicationResult } from './result.js';
import type { ExperimentSpec } from './spec.js';
import type { FoundWarmUp } from './warm-up/find-warm-up.js';

export interface ExperimentResult {
  readonly spec: ExperimentSpec;
  /** Finished replications, by variant in the order of the scenario, then by number. */
  readonly replications: readonly ReplicationResult[];
  /** Every replication that was asked for is there. */
  readonly complete: boolean;
  /** Where the warm-up was to be found from the results: what was found. */
  readonly warmUp?: FoundWarmUp | undefined;
}

/** A statistic of a metric, over the replications of one variant. Units: as the metric's name says. */
export interface SummaryRow {
  readonly variant: string;
  readonly className: string;
  readonly metric: string;
  readonly statistic: string;
  /** Observations behind the estimate: requests of all replications, or replications for run metrics. */
  readonly n: number;
  /** null: nothing was observed. */
  readonly estimate: number | null;
  /** null: no interval can be justified; `method` says why. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly ciLevel: number | null;
  readonly method: string;
}

/** `lower`, `higher`: the interval of the difference excludes zero. */
export type Verdict = 'lower' | 'higher' | 'undecided';

/** A statistic of a variant compared with the same statistic of the baseline, replication by replication. */
export interface ComparisonRow {
  readonly baseline: string;
  readonly variant: string;
  readonly className: string;
  readonly metric: string;
  readonly statistic: string;
  /** Variant minus baseline. */
  readonly difference: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Variant divided by baseline; null if the baseline is 0. */
  readonly ratio: number | null;
  readonly ratioCiLow: number | null;
  readonly ratioCiHigh: number | null;
  readonly ciLevel: number | null;
  readonly method: string;
  readonly verdict: Verdict;
  /** As many times the replications would be needed for the same interval without pairs; null if that cannot be told. */
  readonly pairingGain: number | null;
}
