import {
  QUANTILE_LABELS,
  REQUEST_METRICS,
  type RequestMetric,
  RUN_METRICS,
  type RunMetric,
} from '../metrics/metrics.js';
import { ALL_CLASSES } from '../result.js';
import type { Quantity } from './expression.js';

/** What a quantity may refer to. */
export interface KnownNames {
  readonly variants: readonly string[];
  /** Classes of requests, without `all`. */
  readonly classes: readonly string[];
}

/** What is wrong with the names in a quantity; null if results hold it. */
export function faultOf({ metric, className, statistic, variant }: Quantity, names: KnownNames): string | null {
  const { variants, classes } = names;
  if (variant === null && variants.length > 1) return `${metric}: of which variant? @${variants.join(', @')}`;
  if (variant !== null && !variants.includes(variant)) return `no variant is called ${variant}`;
  const request = REQUEST_METRICS.find(({ name }) => name === metric);
  const run = RUN_METRICS.find(({ name }) => name === metric);
  if (request === undefined && run === undefined) return `no metric is called ${metric}`;
  const isKnown = className === ALL_CLASSES || (classes.includes(className) && run?.perClass !== false);
  if (!isKnown) return `${metric} is not known of a class ${className}`;
  const statistics = request === undefined ? ofRun(run!) : ofRequests(request);
  return statistics.includes(statistic)
    ? null
    : `${metric} has no statistic ${statistic}; there are ${statistics.join(', ')}`;
}

function ofRun({ unit }: RunMetric): string[] {
  return unit === 'MiB' || unit === 'count' ? ['mean', 'max'] : ['mean'];
}

function ofRequests({ hasQuantiles }: RequestMetric): string[] {
  return ['mean', 'min', 'max', ...(hasQuantiles ? QUANTILE_LABELS : [])];
}
