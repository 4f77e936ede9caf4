import { type Better, REQUEST_METRICS } from './request-metrics.js';
import { RUN_METRICS } from './run-metrics/index.js';

/** The quantities that are reported about requests and about whole runs, each named, explained and given its unit once. */
export * from './quantile-labels.js';
export * from './request-metrics.js';
export * from './run-metrics/index.js';

/** Names of all metrics, in the order of summaries. */
export const METRIC_NAMES: readonly string[] = [...REQUEST_METRICS, ...RUN_METRICS].map(({ name }) => name);

/** Metrics that say whether something happened in a replication. */
export const EVENT_METRICS: ReadonlySet<string> = new Set(
  RUN_METRICS.filter(({ isEvent }) => isEvent === true).map(({ name }) => name),
);

/** Whether less or more is better, by metric; those of which neither is are not in it. */
export const BETTER: ReadonlyMap<string, Better> = new Map(
  [...REQUEST_METRICS, ...RUN_METRICS].flatMap(({ name, better }) => (better === undefined ? [] : [[name, better]])),
);
