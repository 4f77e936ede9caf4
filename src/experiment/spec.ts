import type { Nanos } from '../kernel/time.js';
import type { SystemSpec } from '../model/spec.js';
import type { ClaimSpec } from './claims/spec.js';
import type { Objective } from './objective.js';

/** What is to be found out: which configurations, how long, how often. Produced by `scenario/`. */
export interface ExperimentSpec {
  readonly name: string;
  readonly description: string;
  /** One for a plain scenario (variant name: the scenario's), several where the file has `variants`. */
  readonly configurations: readonly ConfigurationSpec[];
  /** Variant that the others are compared with: the file's `baseline:`, by default the first. */
  readonly baseline: string;
  readonly run: RunSpec;
  /** What the scenario promises (`slo:`); judged for every configuration. */
  readonly slo: readonly Objective[];
  /** Fully resolved scenario with every default written out, as plain JSON for the manifest. */
  readonly resolved: unknown;
  /** What the scenario puts to the test, if it is there for that. */
  readonly claim?: ClaimSpec;
}

export interface ConfigurationSpec {
  readonly variant: string;
  readonly system: SystemSpec;
}

export interface RunSpec {
  /** Requests that arrive; Infinity = as many as come in `durationNs`. */
  readonly requests: number;
  readonly durationNs: Nanos;
  /** `steady`: what holds in the long run is wanted; `transient`: what happens in this time, from its first moment on. */
  readonly kind: 'steady' | 'transient';
  readonly warmup: WarmUpRule;
  /** Replications of each configuration; with `precision` those of the first round. */
  readonly replications: number;
  /** Go on until these are known well enough; null: no more than `replications`. */
  readonly precision: PrecisionSpec | null;
  readonly seed: number;
  /** Confidence level of every interval, e.g. 0.95. */
  readonly confidence: number;
  /** Interval of timeseries.csv [ns]; 0 = chosen so that a run has about 200 samples. */
  readonly sampleEveryNs: Nanos;
}

/**
 * What is cut from the start: a time, a share of the run (of the requests where `requests` is finite, else of the duration),
 * or a share that is found from the results of all replications.
 */
export type WarmUpRule =
  | { readonly kind: 'auto' }
  | { readonly kind: 'time'; readonly ns: Nanos }
  | { readonly kind: 'fraction'; readonly fraction: number };

export interface PrecisionSpec {
  readonly targets: readonly PrecisionTarget[];
  /** Replications of each configuration after which it ends in any case. */
  readonly maxReplications: number;
}

/** A statistic whose interval is to be no wider, to either side, than a share of its estimate. */
export interface PrecisionTarget {
  readonly className: string;
  readonly metric: string;
  readonly statistic: string;
  /** E.g. 0.02. */
  readonly relative: number;
}
