import type { RunMetric } from './run-metric.js';

/** What adaptive limits and autoscalers allow; only with `control`. */
export const CONTROL_METRICS: readonly RunMetric[] = [
  {
    name: 'admission_limit_count',
    title: 'Admission limit',
    unit: 'count',
    description:
      'With control.admission: time-average of the number of requests that may be in the hosts at the same time, summed over the hosts.',
    perClass: false,
  },
  {
    name: 'threads_in_use_limit_count',
    title: 'Threads that may be in use',
    unit: 'count',
    description:
      'With control.adaptive_threads: time-average of the threads that the processes may use, summed over them.',
    perClass: false,
  },
  {
    name: 'hosts_count',
    title: 'Hosts',
    unit: 'count',
    description: 'With control.autoscaler: time-average of the hosts that are paid for: booting, in use, or draining.',
    perClass: false,
  },
];
