import type { RunMetric } from './run-metric.js';

/** What becomes of requests whose clients try again or give up. */
export const CLIENT_METRICS: readonly RunMetric[] = [
  {
    name: 'retries_per_s',
    title: 'Retries',
    unit: '1/s',
    description: 'Requests sent again because an earlier attempt had failed; only where clients do so.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'failed_for_good_per_s',
    title: 'Failed for good',
    unit: '1/s',
    description: 'Requests that failed and were not sent again; only where clients give up or try again.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'served_for_nobody_per_s',
    title: 'Served for nobody',
    unit: '1/s',
    description:
      'Requests that the server finished although their client had given up; only where clients give up or try again.',
    perClass: false,
    better: 'lower',
  },
];
