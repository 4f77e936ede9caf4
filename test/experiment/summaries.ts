import type { ExperimentResult } from '../../src/experiment/experiment-result.js';
import type { MetricSummary, ReplicationResult } from '../../src/experiment/result.js';
import { type Course, SLOTS } from '../../src/experiment/warm-up/course.js';
import { LogHistogram } from '../../src/statistics/log-histogram.js';
import { CURVE_LEVELS } from '../../src/statistics/quantile-curve.js';
import { experimentOf } from './scenarios.js';

/** Values of one metric of one replication: mean, extremes and six quantiles given outright. */
export function summary(metric: string, mean: number, n = 100_000, quantile = mean): MetricSummary {
  return {
    className: 'all',
    metric,
    n,
    mean,
    min: mean - 1,
    max: mean + 1,
    quantiles: n === 0 ? Array(6).fill(Number.NaN) : Array(6).fill(quantile),
    curve: curveAround(n === 0 ? Number.NaN : quantile),
    method: 'exact',
    relativeError: 0,
  };
}

/** A distribution with nearly all of it in one place, and the rest nearby. */
function curveAround(value: number): Float64Array {
  return Float64Array.from(CURVE_LEVELS, (level) => value + 1e-6 * (level - 0.5));
}

/** The course of a run with a number in the system for each slot, or the same for all. */
export function level(...inSystem: readonly number[]): Course {
  const column = (value: (slot: number) => number): Float64Array =>
    Float64Array.from({ length: SLOTS }, (_, slot) => value(slot));
  return {
    departures: column(() => 100),
    sojournNs: column((slot) => 1e9 * (inSystem[slot % inSystem.length] ?? 0)),
    lengthNs: column(() => 1e9),
    inSystemNs: column((slot) => 1e9 * (inSystem[slot % inSystem.length] ?? 0)),
  };
}

export function replication(variant: string, number: number, metrics: readonly MetricSummary[]): ReplicationResult {
  return {
    variant,
    replication: number,
    metrics,
    runValues: [{ className: 'all', metric: 'throughput_per_s', statistic: 'mean', value: 10 + number }],
    memory: null,
    timeSeries: { intervalNs: 1e9, timesNs: new Float64Array(0), signals: [] },
    course: level(1),
    runningMeans: null,
    latency: new LogHistogram().toData(),
    requests: 100_000,
    counted: 100_000,
    window: { fromNs: 0, toNs: 1e9 },
    simulatedNs: 1e9,
    events: 1,
    fingerprint: '0'.repeat(16),
    littlesLaw: { inSystemIntegral: 0, sojournSum: 0 },
  };
}

/** Latencies of variants `a` (the baseline), `b` and so on, one mean for each replication. */
export function resultOf(means: Readonly<Record<string, readonly number[]>>, n = 100_000): ExperimentResult {
  const variants = Object.keys(means);
  const spec = experimentOf(`
version: 1
name: made-up
host: {cores: 1}
ruby: {version: "3.3"}
app: {classes: [{name: only, cpu: 10ms}]}
load: {open: {rate: 10/s}}
run: {requests: 100, replications: ${means[variants[0]!]!.length}}
variants: {${variants.map((name) => `${name}: {server: {unicorn: {worker_processes: 1}}}`).join(', ')}}
`);
  return {
    spec,
    complete: true,
    replications: variants.flatMap((variant) =>
      means[variant]!.map((mean, k) => replication(variant, k, [summary('latency_ms', mean, n)])),
    ),
  };
}
