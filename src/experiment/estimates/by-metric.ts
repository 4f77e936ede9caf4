import { pooledQuantile, type Sampled } from '../../statistics/pooled-quantile.js';
import { EVENT_METRICS, QUANTILE_LABELS, QUANTILES } from '../metrics/metrics.js';
import type { MetricSummary, ReplicationResult } from '../result.js';

/** One statistic of one metric of one class, over the replications of a variant. */
export interface StatisticSeries {
  readonly className: string;
  readonly metric: string;
  /** `mean`, `min`, `max`, `p50` ... */
  readonly statistic: string;
  /** Level of a quantile; null for the others. */
  readonly quantile: number | null;
  /** One value a replication; NaN where nothing was observed. */
  readonly values: readonly number[];
  /** Requests behind each value; 1 for metrics of the whole run. */
  readonly observations: readonly number[];
  /** Of a share: requests of which it is the share, in each replication. */
  readonly trials?: readonly number[];
  /** Of a quantile: what each replication knows of the distribution. */
  readonly samples?: readonly Sampled[];
  /** Each value says whether something happened in the replication: 1 or 0. */
  readonly isEvent?: true;
  /** Of the mean of an only replication: means of its parts. */
  readonly parts?: Float64Array;
  /** Largest relative error of the values themselves. */
  readonly relativeError: number;
}

/** All statistics of a variant, in the order in which results show them. The replications are of one configuration. */
export function statisticsOf(replications: readonly ReplicationResult[]): StatisticSeries[] {
  const first = replications[0];
  if (first === undefined) return [];
  const result: StatisticSeries[] = [];
  for (let k = 0; k < first.metrics.length; k++) {
    const [mean, ...others] = statisticsOfMetric(replications.map((replication) => replication.metrics[k]!));
    result.push(withParts(mean!, first, replications.length), ...others);
  }
  for (let k = 0; k < first.runValues.length; k++) {
    const { className, metric, statistic } = first.runValues[k]!;
    const series: StatisticSeries = {
      className,
      metric,
      statistic,
      quantile: null,
      values: replications.map((replication) => replication.runValues[k]!.value),
      observations: replications.map(() => 1),
      ...(metric === 'error_ratio' && { trials: replications.map((one) => countedOf(one, className)) }),
      ...(EVENT_METRICS.has(metric) && { isEvent: true as const }),
      relativeError: 0,
    };
    result.push(withParts(series, first, replications.length));
  }
  return result;
}

/**
 * Values whose mean is the estimate of the series, for comparisons: those of a quantile are moved together so far that their
 * mean is the quantile of all replications together.
 */
export function centredValues({ values, quantile, samples }: StatisticSeries): readonly number[] {
  if (quantile === null || samples === undefined) return values;
  const shift = pooledQuantile(samples, quantile) - values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((value) => value + shift);
}

/** A mean of the only replication of a run, with what its interval can be made of. */
function withParts(mean: StatisticSeries, { runningMeans }: ReplicationResult, replications: number): StatisticSeries {
  if (replications !== 1 || mean.statistic !== 'mean') return mean;
  const parts = runningMeans?.find(
    ({ className, metric }) => className === mean.className && metric === mean.metric,
  )?.means;
  return parts === undefined ? mean : { ...mean, parts };
}

/** Counted requests of a class. */
function countedOf({ metrics }: ReplicationResult, className: string): number {
  return metrics.find((summary) => summary.metric === 'latency_ms' && summary.className === className)?.n ?? 0;
}

function statisticsOfMetric(summaries: readonly MetricSummary[]): StatisticSeries[] {
  const { className, metric } = summaries[0]!;
  const observations = summaries.map((summary) => summary.n);
  const series = (
    statistic: string,
    quantile: number | null,
    value: (summary: MetricSummary) => number,
    relativeError = 0,
    samples?: readonly Sampled[],
  ): StatisticSeries => ({
    className,
    metric,
    statistic,
    quantile,
    values: summaries.map(value),
    observations,
    ...(samples && { samples }),
    relativeError,
  });
  const result = [series('mean', null, (summary) => summary.mean), series('min', null, (summary) => summary.min)];
  if (summaries.every((summary) => summary.quantiles !== null)) {
    const relativeError = Math.max(...summaries.map((summary) => summary.relativeError));
    const samples = summaries.map(({ curve, n }) => ({ curve: curve!, observations: n }));
    QUANTILE_LABELS.forEach((label, q) => {
      result.push(series(label, QUANTILES[q]!, (summary) => summary.quantiles![q]!, relativeError, samples));
    });
  }
  result.push(series('max', null, (summary) => summary.max));
  return result;
}

/** The replications of a variant. */
export function replicationsOf(replications: readonly ReplicationResult[], variant: string): ReplicationResult[] {
  return replications.filter((replication) => replication.variant === variant);
}
