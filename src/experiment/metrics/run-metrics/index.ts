import { AS_SEEN_METRICS } from '../as-seen.js';
import { CLIENT_METRICS } from './clients.js';
import { COLLECTION_METRICS } from './collections.js';
import { CONTROL_METRICS } from './control.js';
import { MEMORY_METRICS } from './memory.js';
import type { RunMetric } from './run-metric.js';
import { SERVICE_METRICS } from './service.js';

export { MEMORY_HEADROOM } from './memory.js';
export type { RunMetric } from './run-metric.js';

/** Name of the metric that says how long the warm-up was. */
export const WARM_UP = 'warm_up_s';

/** In the order of summaries. */
export const RUN_METRICS: readonly RunMetric[] = [
  ...SERVICE_METRICS,
  ...COLLECTION_METRICS,
  {
    name: 'throttled_ratio',
    title: 'Throttled',
    unit: 'ratio',
    description:
      'With host.cpu_quota: share of the time that the container stands still because its CPU time is used up.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'in_system_count',
    title: 'In the system',
    unit: 'count',
    description: 'Time-average of the number of requests that have arrived and are not answered yet.',
    perClass: false,
    better: 'lower',
  },
  ...MEMORY_METRICS,
  {
    name: WARM_UP,
    title: 'Warm-up',
    unit: 's',
    description: 'What was cut from the start of the run: who arrived in this time is not counted.',
    perClass: false,
  },
  ...CONTROL_METRICS,
  ...CLIENT_METRICS,
  ...AS_SEEN_METRICS,
];
