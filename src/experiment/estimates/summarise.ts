import { type Estimate, meanInterval } from '../../statistics/intervals.js';
import { pooledQuantileInterval } from '../../statistics/pooled-quantile.js';
import { proportionInterval, shareOfReplications } from '../../statistics/proportion.js';
import type { ExperimentResult, SummaryRow } from '../experiment-result.js';
import { WARM_UP } from '../metrics/metrics.js';
import { longRunInterval } from '../recording/long-run.js';
import { replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import { type Standing, standingsOf } from './standing.js';

/**
 * Estimates over the replications of each variant: the mean of the replications' values with its t interval; quantiles of all
 * replications together, with theirs; for `min`
 * and `max` the extreme over all of them, without one. A variant that has not reached a steady state has no estimates; of one
 * that has none, what grows with the length of the run is the average of these runs, without interval.
 */
export function summarise(result: ExperimentResult): SummaryRow[] {
  const { spec, replications } = result;
  const standings = standingsOf(result);
  return spec.configurations.flatMap(({ variant }) => {
    const standing = standings.get(variant)!;
    return statisticsOf(replicationsOf(replications, variant)).map((series) =>
      summaryRow(variant, series, judgedEstimate(series, spec.run.confidence, standing)),
    );
  });
}

function summaryRow(
  variant: string,
  series: StatisticSeries,
  { estimate, interval, level, method }: Estimate,
): SummaryRow {
  return {
    variant,
    className: series.className,
    metric: series.metric,
    statistic: series.statistic,
    n: series.observations.reduce((a, b) => a + b, 0),
    estimate: Number.isNaN(estimate) ? null : estimate,
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    ciLevel: interval === null ? null : level,
    method: series.relativeError > 0 ? `${method}; values within ${percent(series.relativeError)}` : method,
  };
}

/** Without bound when more is offered than can be served. */
const WITHOUT_BOUND: ReadonlySet<string> = new Set([
  'latency_ms',
  'backlog_ms',
  'queue_ms',
  'before_app_ms',
  'in_system_count',
]);

/** What the length of a run decides in an unstable system. */
export function isWithoutBound(metric: string): boolean {
  return WITHOUT_BOUND.has(metric);
}

/** The estimate of a statistic, as far as the standing of its variant allows one. */
export function judgedEstimate(series: StatisticSeries, level: number, standing: Standing): Estimate {
  const plain = estimateOf(series, level);
  if (series.statistic === 'min' || series.statistic === 'max' || series.metric === WARM_UP) return plain;
  if (standing.kind === 'unsettled') {
    return { ...plain, estimate: Number.NaN, interval: null, method: 'NOT_SETTLED: no steady state in this run' };
  }
  if (standing.kind === 'unrun') {
    return { ...plain, estimate: Number.NaN, interval: null, method: 'NOT_RUN: no run was finished' };
  }
  if (standing.kind === 'unstable' && isWithoutBound(series.metric)) {
    return { ...plain, interval: null, method: 'UNSTABLE: average of these runs, there is no steady state' };
  }
  return plain;
}

/** The estimate of one statistic from its values in the replications. */
export function estimateOf(series: StatisticSeries, level: number): Estimate {
  const { values, statistic, quantile, observations } = series;
  if (statistic === 'min' || statistic === 'max') {
    const seen = values.filter((value) => !Number.isNaN(value));
    const estimate = seen.length === 0 ? Number.NaN : statistic === 'min' ? Math.min(...seen) : Math.max(...seen);
    const what = statistic === 'min' ? 'smallest' : 'largest';
    const all = observations.every((n) => n === 1) && observations.length > 0 ? 'replications' : 'requests';
    const method = seen.length === 0 ? 'not observed' : `${what} of all ${all}: no interval`;
    return { n: seen.length, estimate, interval: null, level, method };
  }
  if (series.parts !== undefined && values.length === 1) return longRunInterval(values[0]!, series.parts, level);
  if (series.isEvent) return shareOfReplications(values, level);
  if (series.trials !== undefined) return proportionInterval(values, series.trials, level);
  if (quantile === null) return meanInterval(values, level);
  return pooledQuantileInterval(series.samples!, level, quantile);
}

function percent(ratio: number): string {
  return `${(100 * ratio).toPrecision(2)} %`;
}
