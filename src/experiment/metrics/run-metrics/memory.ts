import type { RunMetric } from './run-metric.js';

/** Memory of the container and of its processes; only where memory is modelled. */
export const MEMORY_METRICS: readonly RunMetric[] = [
  {
    name: 'rss_mib',
    title: 'Resident memory',
    unit: 'MiB',
    description:
      'With app.memory: resident memory summed over the processes of the container; pages that processes share count once for each. `mean` over time and `max`.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'pss_mib',
    title: 'Real memory',
    unit: 'MiB',
    description:
      'With app.memory: proportional memory summed over the processes: what the container really uses. `mean` over time and `max`.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'uss_mib',
    title: 'Unshared memory',
    unit: 'MiB',
    description: 'With app.memory: private pages summed over the processes. `mean` over time and `max`.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'shared_dirty_mib',
    title: 'Shared written pages',
    unit: 'MiB',
    description:
      'With app.memory: pages that somebody has written, before the fork for the most part, and that several processes map, summed over them. `mean` over time and `max`.',
    perClass: false,
  },
  {
    name: 'mib_per_request_per_s',
    title: 'Memory of a request per second',
    unit: 'MiB s',
    description: 'With app.memory: mean of pss_mib divided by the throughput.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'memory_headroom_mib',
    title: 'Headroom',
    unit: 'MiB',
    description: 'With a limit in host.memory: what was left of it at worst; negative if it did not suffice.',
    perClass: false,
    better: 'higher',
  },
  {
    name: 'memory_limit_crossed_ratio',
    title: 'Runs that cross the limit',
    unit: 'ratio',
    description: 'With a limit: share of the replications in which the memory reached the limit.',
    perClass: false,
    better: 'lower',
    isEvent: true,
  },
  {
    name: 'memory_first_crossing_s',
    title: 'First crossing',
    unit: 's',
    description: 'With a limit: when it was reached first, in the replications in which it was.',
    perClass: false,
  },
  {
    name: 'oom_kills_count',
    title: 'OOM kills',
    unit: 'count',
    description: 'With a limit: processes killed because the container was full.',
    perClass: false,
    better: 'lower',
  },
  {
    name: 'worker_kills_count',
    title: 'Worker kills',
    unit: 'count',
    description: 'Workers replaced because a worker killer found them too large.',
    perClass: false,
  },
  {
    name: 'retired_workers_count',
    title: 'Retired workers',
    unit: 'count',
    description: 'Workers replaced because they had served their number of requests.',
    perClass: false,
  },
  {
    name: 'rss_growth_mib_per_min',
    title: 'Growth',
    unit: 'MiB/min',
    description:
      'Simulated memory: by how much rss_mib grows, slope of a straight line through the second half of the measured time. A leak goes on, caches and arenas that fill up level off.',
    perClass: false,
  },
  {
    name: 'ruby_heap_pages_count',
    title: 'Ruby heap pages',
    unit: 'count',
    description:
      'Simulated memory: pages of the Ruby heaps of all workers (`heap_allocated_pages`). `mean` over time and `max`, here and in the next seven.',
    perClass: false,
  },
  {
    name: 'ruby_heap_mib',
    title: 'Ruby heap',
    unit: 'MiB',
    description: 'Simulated memory: those pages in MiB.',
    perClass: false,
  },
  {
    name: 'ruby_heap_used_mib',
    title: 'Ruby heap used',
    unit: 'MiB',
    description: 'Simulated memory: their slots that hold objects, garbage that is not swept yet included.',
    perClass: false,
  },
  {
    name: 'ruby_heap_empty_mib',
    title: 'Ruby heap empty',
    unit: 'MiB',
    description: 'Simulated memory: pages without a single live object, which is all that could be given back.',
    perClass: false,
  },
  {
    name: 'malloc_live_mib',
    title: 'Malloc live',
    unit: 'MiB',
    description:
      'Simulated memory: what requests have malloced and is not freed. What loading the application took is not in these figures.',
    perClass: false,
  },
  {
    name: 'malloc_kept_mib',
    title: 'Malloc kept',
    unit: 'MiB',
    description: 'Simulated memory: memory that the arenas of malloc keep for it.',
    perClass: false,
  },
  {
    name: 'malloc_reserved_mib',
    title: 'Malloc reserved',
    unit: 'MiB',
    description: 'Simulated memory: addresses that they have set aside; only pages that were written to take memory.',
    perClass: false,
  },
  {
    name: 'arenas_count',
    title: 'Arenas',
    unit: 'count',
    description: 'Simulated memory: arenas of malloc in all workers.',
    perClass: false,
  },
];

/** Below 0: the container needs more than it has. */
export const MEMORY_HEADROOM = 'memory_headroom_mib';
