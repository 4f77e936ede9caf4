import type { RunMetric } from './run-metric.js';

/** Garbage collections; only where requests allocate. */
export const COLLECTION_METRICS: readonly RunMetric[] = [
  {
    name: 'minor_gc_per_s',
    title: 'Minor collections',
    unit: '1/s',
    description:
      'Where requests allocate: minor collections per second, summed over all processes. Divided by throughput_per_s: collections a request.',
    perClass: false,
  },
  {
    name: 'major_gc_per_s',
    title: 'Major collections',
    unit: '1/s',
    description: 'Where requests allocate: major collections per second, summed over all processes.',
    perClass: false,
  },
  {
    name: 'gc_pause_ratio',
    title: 'GC pauses',
    unit: 'ratio',
    description:
      'Where requests allocate: CPU time of the stops of collections, lazy sweeping excluded, as a share of the time, averaged over the processes.',
    perClass: false,
    better: 'lower',
  },
];
