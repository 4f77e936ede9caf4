/** Which values of a metric are the better ones. */
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
