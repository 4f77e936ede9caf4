import type { RunMetric } from './run-metric.js';

/** What a run serves, and how busy that keeps it. */
export const SERVICE_METRICS: readonly RunMetric[] = [
  {
    name: 'throughput_per_s',
    title: 'Throughput',
    unit: '1/s',
    description: 'Requests answered with success per second of simulated time.',
    perClass: true,
    better: 'higher',
  },
  {
    name: 'arrivals_per_s',
    title: 'Arrivals',
    unit: '1/s',
    description: 'Requests that arrived per second of simulated time.',
    perClass: false,
  },
  {
    name: 'error_ratio',
    title: 'Errors',
    unit: 'ratio',
    description:
      'Share of the counted requests that did not end with success (timeout, refused, shed, killed, abandoned).',
    perClass: true,
    better: 'lower',
  },
  {
    name: 'gvl_utilisation_ratio',
    title: 'GVL utilisation',
    unit: 'ratio',
    description: 'Share of the time that a GVL is held, averaged over the GVLs of all worker processes.',
    perClass: false,
  },
  {
    name: 'core_utilisation_ratio',
    title: 'Core utilisation',
    unit: 'ratio',
    description: 'Share of the time that a core is busy, averaged over the cores of the host.',
    perClass: false,
  },
];
