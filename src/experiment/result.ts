/** What comes out of replications and experiments: plain data that can be sent between threads. */
import type { Nanos } from '../kernel/time.js';
import type { LogHistogramData } from '../statistics/log-histogram.js';
import type { QuantileCurve } from '../statistics/quantile-curve.js';
import type { RunningMeans } from './recording/long-run.js';
import type { MemorySeries } from './recording/memory-series.js';
import type { Course } from './warm-up/course.js';

/** Name under which all classes together are reported. */
export const ALL_CLASSES = 'all';

/** One request metric of one class in one replication, in milliseconds. */
export interface MetricSummary {
  /** A class name or `all`. */
  readonly className: string;
  /** Name of the metric, e.g. `latency_ms`. */
  readonly metric: string;
  /** Requests it was measured on. */
  readonly n: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** At `QUANTILES`; null where only moments were kept. */
  readonly quantiles: readonly number[] | null;
  /** The whole distribution, roughly [ms]; null where only moments were kept. */
  readonly curve: QuantileCurve | null;
  /** `exact`: from every request. `sketch`: quantiles from a histogram, off by at most `relativeError`. */
  readonly method: 'exact' | 'sketch';
  /** Bound on |quantile - exact| / exact; 0 when exact. */
  readonly relativeError: number;
}

/** One run metric in one replication, in its own unit. */
export interface RunValue {
  readonly className: string;
  readonly metric: string;
  /** `mean`, or `max` for the largest value that the run has seen. */
  readonly statistic: 'mean' | 'max';
  readonly value: number;
}

/** One signal over simulated time; `values[k]` belongs to the time `timesNs[k]` of its `TimeSeries`. */
export interface Signal {
  readonly name: string;
  readonly values: Float64Array;
}

export interface TimeSeries {
  readonly intervalNs: Nanos;
  readonly timesNs: Float64Array;
  readonly signals: readonly Signal[];
}

/** Both sides of Little's law over a whole replication [ns x requests]; equal, because both are sums of whole nanoseconds. */
export interface LittlesLaw {
  readonly inSystemIntegral: number;
  readonly sojournSum: number;
}

export interface ReplicationResult {
  readonly variant: string;
  /** From 0; results show it from 1. */
  readonly replication: number;
  readonly metrics: readonly MetricSummary[];
  readonly runValues: readonly RunValue[];
  readonly timeSeries: TimeSeries;
  /** Null: memory is not simulated. */
  readonly memory: MemorySeries | null;
  /** The whole replication in equal parts, from its first moment on: shows when its start is forgotten. */
  readonly course: Course;
  /** Of an only replication; null where there are several. */
  readonly runningMeans: readonly RunningMeans[] | null;
  /** Latencies of all counted requests. */
  readonly latency: LogHistogramData;
  /** Arrivals in the whole replication, warm-up included; all of them have left. */
  readonly requests: number;
  /** Requests behind the request metrics: those that arrived after the warm-up. */
  readonly counted: number;
  /** Interval over which run metrics were taken. */
  readonly window: { readonly fromNs: Nanos; readonly toNs: Nanos };
  readonly simulatedNs: Nanos;
  readonly events: number;
  /** Hash of every event executed, 16 hex digits. */
  readonly fingerprint: string;
  readonly littlesLaw: LittlesLaw;
}
