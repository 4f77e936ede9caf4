import { statisticsOf } from '../estimates/by-metric.js';
import type { ReplicationResult } from '../result.js';

/** A statistic that is to be small, or large. */
export interface Goal {
  readonly metric: string;
  /** `all`, or the name of a class. */
  readonly className: string;
  /** `mean`, `p95` ... */
  readonly statistic: string;
  /** More of it is better. */
  readonly isMore: boolean;
}

export type StatisticName = Pick<Goal, 'metric' | 'className' | 'statistic'>;

export function goalText({ metric, className, statistic }: StatisticName): string {
  return `${metric}${className === 'all' ? '' : `{class:${className}}`} ${statistic}`;
}

/**
 * The statistic in one replication.
 *
 * @throws RangeError if the replication has no such statistic; NaN where nothing was observed
 */
export function valueIn(result: ReplicationResult, { metric, className, statistic }: StatisticName): number {
  const series = statisticsOf([result]).find(
    (one) => one.metric === metric && one.className === className && one.statistic === statistic,
  );
  if (series === undefined)
    throw new RangeError(`${result.variant} has no ${goalText({ metric, className, statistic })}`);
  return series.values[0]!;
}
