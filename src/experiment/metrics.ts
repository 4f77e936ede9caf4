import { AS_SEEN_METRICS } from './as-seen/metrics.js';
import { type Better, REQUEST_METRICS } from './request-metrics.js';

/** The quantities that are reported about requests and about whole runs, each named, explained and given its unit once. */
export * from './quantile-labels.js';
export * from './request-metrics.js';

/** A quantity of a whole run: one value a replication, measured between the end of the warm-up and the end of the load. */
export interface RunMetric {
  readonly name: string;
  readonly title: string;
  readonly unit: '1/s' | 'ratio' | 'count' | 'MiB' | 'MiB/min' | 's' | 'MiB s' | 'ms' | 'ms/s';
  readonly description: string;
  /** Given for each class as well, not only for all requests together. */
  readonly perClass: boolean;
  /** Whether less or more of it is better; missing where neither is. */
  readonly better?: Better;
  /** Says whether something happened in the replication: 1 or 0. */
  readonly isEvent?: true;
}

/** Name of the metric that says how long the warm-up was. */
export const WARM_UP = 'warm_up_s';

export const RUN_METRICS: readonly RunMetric[] = [
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
  {
    name: WARM_UP,
    title: 'Warm-up',
    unit: 's',
    description: 'What was cut from the start of the run: who arrived in this time is not counted.',
    perClass: false,
  },
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
  ...AS_SEEN_METRICS,
];

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

/** Below 0: the container needs more than it has. */
export const MEMORY_HEADROOM = 'memory_headroom_mib';
