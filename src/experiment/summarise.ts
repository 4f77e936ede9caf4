import { type Estimate, meanInterval, quantileInterval } from '../statistics/intervals.js';
import { replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import type { ExperimentResult, SummaryRow } from './experiment-result.js';

/**
 * Estimates over the replications of each variant: the mean of the replications' values with its t interval; for `min`
 * and `max` the extreme over all of them, without one.
 */
export function summarise({ spec, replications }: ExperimentResult): SummaryRow[] {
  return spec.configurations.flatMap(({ variant }) =>
    statisticsOf(replicationsOf(replications, variant)).map((series) =>
      summaryRow(variant, series, spec.run.confidence),
    ),
  );
}

function summaryRow(variant: string, series: StatisticSeries, level: number): SummaryRow {
  const { estimate, interval, method } = estimateOf(series, level);
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
  if (quantile === null) return meanInterval(values, level);
  return quantileInterval(values, level, quantile, Math.min(...observations));
}

function percent(ratio: number): string {
  return `${(100 * ratio).toPrecision(2)} %`;
}
