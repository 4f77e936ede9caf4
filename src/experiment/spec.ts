import type { Nanos } from '../kernel/time.js';
import type { SystemSpec } from '../model/spec.js';
import type { ClaimSpec } from './claims/spec.js';

/** What is to be found out: which configurations, how long, how often. Produced by `scenario/`. */
export interface ExperimentSpec {
  readonly name: string;
  readonly description: string;
  /** One for a plain scenario (variant name: the scenario's), several where the file has `variants`. */
  readonly configurations: readonly ConfigurationSpec[];
  /** Variant that the others are compared with: the file's `baseline:`, by default the first. */
  readonly baseline: string;
  readonly run: RunSpec;
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
  /** What is cut from the start: a time, or a share of the run (of the requests where `requests` is finite, else of the duration). */
  readonly warmup:
    | { readonly kind: 'time'; readonly ns: Nanos }
    | { readonly kind: 'fraction'; readonly fraction: number };
  readonly replications: number;
  readonly seed: number;
  /** Confidence level of every interval, e.g. 0.95. */
  readonly confidence: number;
  /** Interval of timeseries.csv [ns]; 0 = chosen so that a run has about 200 samples. */
  readonly sampleEveryNs: Nanos;
}
