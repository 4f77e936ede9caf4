import { AS_SEEN_METRICS } from './as-seen/metrics.js';

/** The quantities that are reported about requests and about whole runs, each named, explained and given its unit once. */

export type Better = 'lower' | 'higher';

/** A time that every request has. Values are whole nanoseconds inside a run and milliseconds in results. */
export interface RequestMetric {
  /** Column name; `_ms` is the unit of results. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Quantiles are reported; otherwise only mean, minimum and maximum. */
  readonly hasQuantiles: boolean;
  /** Whether less or more of it is better; missing where neither is. */
  readonly better?: Better;
}

/** Index into `REQUEST_METRICS` and into the columns of a `Collector`. The first nine are the latency parts in their own order. */
export const M = {
  Backlog: 0,
  Queue: 1,
  Run: 2,
  Io: 3,
  GvlWait: 4,
  GcOwn: 5,
  GcOther: 6,
  CpuWait: 7,
  PoolWait: 8,
  Latency: 9,
  BeforeApp: 10,
  AfterApp: 11,
  Gc: 12,
  Service: 13,
  InApp: 14,
} as const;

export const REQUEST_METRICS: readonly RequestMetric[] = [
  {
    name: 'backlog_ms',
    title: 'Backlog time',
    description:
      "Time in the kernel's listen queue, before any process of the server has accepted the connection; of a job, in its queue.",
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'queue_ms',
    title: 'Queue time',
    description: "Time in the server's own queue until a thread takes the request.",
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'run_ms',
    title: 'Run time',
    description:
      'Time executing: Ruby code that holds the GVL on a core, C calls that keep the GVL, native code without it. Garbage collection excluded.',
    hasQuantiles: true,
  },
  { name: 'io_ms', title: 'I/O time', description: 'Time waiting for I/O with the GVL released.', hasQuantiles: true },
  {
    name: 'gvl_wait_ms',
    title: 'GVL wait',
    description: 'Time ready to run Ruby code but waiting for the GVL, the hand-off included.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'gc_own_ms',
    title: 'Own GC time',
    description: "Collections started by the request's own allocations, lazy sweeping included.",
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'gc_other_ms',
    title: "Others' GC time",
    description: 'Time waiting while another thread of the same process collects garbage.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'cpu_wait_ms',
    title: 'Core wait',
    description: 'Time holding the GVL (or running native code) while no core is free.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'pool_wait_ms',
    title: 'Pool wait',
    description: 'Time waiting for a connection of a pool.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'latency_ms',
    title: 'Latency',
    description:
      'From the arrival (open load: the intended one; closed load: the sending) to the answer; requests that were refused or shed have none. Exactly the sum of backlog, queue, run, I/O, GVL wait, GC, core wait and pool wait.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'before_app_ms',
    title: 'Before the application',
    description: 'From the arrival to the first instruction of the application code.',
    hasQuantiles: false,
    better: 'lower',
  },
  {
    name: 'after_app_ms',
    title: 'After the application',
    description: 'From the last instruction of the application code to the answer.',
    hasQuantiles: false,
  },
  {
    name: 'gc_ms',
    title: 'GC time',
    description: 'Garbage collection while the request was in the server: gc_own_ms + gc_other_ms.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'service_ms',
    title: 'Service time',
    description: 'From the moment a thread takes the request to the answer: latency_ms - backlog_ms - queue_ms.',
    hasQuantiles: true,
    better: 'lower',
  },
  {
    name: 'in_app_ms',
    title: 'In the application',
    description: 'From the first to the last instruction of the application code.',
    hasQuantiles: false,
  },
];

/** The order in which request metrics appear in results: what people look for first. */
export const REQUEST_METRIC_ORDER: readonly number[] = [
  M.Latency,
  M.Backlog,
  M.Queue,
  M.Service,
  M.Run,
  M.Io,
  M.GvlWait,
  M.Gc,
  M.GcOwn,
  M.GcOther,
  M.CpuWait,
  M.PoolWait,
  M.BeforeApp,
  M.InApp,
  M.AfterApp,
];

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

/** Probabilities of the quantiles in every summary, and their labels. Definition: Hyndman and Fan 1996, type 7. */
export const QUANTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const;
export const QUANTILE_LABELS = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999'] as const;

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
