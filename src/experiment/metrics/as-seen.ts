import type { RunMetric } from './run-metrics/run-metric.js';

const perClass = (name: string, title: string, unit: RunMetric['unit'], description: string): RunMetric => ({
  name,
  title,
  unit,
  description,
  perClass: true,
});
/**
 * What the tools that people have would have shown of the same run, beside what was really the case.
 *
 * Sources: jhawthorn/gvl_timing and bigbinary/perfm (run, idle and stall from the events SUSPENDED, READY and RESUMED of
 * ruby/ruby Feature #18339; I/O share = idle / (run + idle)); Shopify/gvltools (GlobalTimer); X-Request-Start
 * is stamped by the proxy and read where the application begins. What a monitor polls (Puma.stats, WaitingThreads.count)
 * is in the time series.
 */
export const AS_SEEN_METRICS: readonly RunMetric[] = [
  perClass(
    'io_ratio',
    'Share of I/O',
    'ratio',
    'I/O in truth: io / (io + run + own GC), of all requests together. What decides how many threads are of use.',
  ),
  perClass(
    'apparent_io_ratio',
    'Apparent share of I/O',
    'ratio',
    'I/O as an APM shows it, which takes for I/O all that is not CPU: (service - run) / service. Waiting for the GVL, collections and missing cores look like I/O.',
  ),
  perClass('apparent_io_ms', 'Apparent I/O', 'ms', 'Mean of service_ms - run_ms: what an APM takes for I/O.'),
  perClass(
    'request_queueing_ms',
    'Request queueing',
    'ms',
    'Mean time from X-Request-Start to the start of the application: backlog, queue, the first wait for the GVL and what the server does before it calls the application.',
  ),
  perClass(
    'perfm_run_ms',
    'run_ms of perfm',
    'ms',
    'Mean as perfm and gvl_timing measure it: with the GVL, own collections and waiting for a core included (native code counts as run here, as idle there).',
  ),
  perClass('perfm_idle_ms', 'idle_ms of perfm', 'ms', 'Mean as perfm and gvl_timing measure it: off the GVL.'),
  perClass(
    'perfm_stall_ms',
    'stall_ms of perfm',
    'ms',
    "Mean as perfm, gvl_timing and gvltools' LocalTimer measure it: ready, but waiting for the GVL, others' collections included.",
  ),
  perClass('perfm_io_ratio', 'I/O share of perfm', 'ratio', 'perfm_idle_ms / (perfm_run_ms + perfm_idle_ms).'),
  {
    name: 'gvltools_global_timer_ms_per_s',
    title: 'GlobalTimer of gvltools',
    unit: 'ms/s',
    description:
      'Time that the threads wait for GVLs, per second, summed over all processes; of the requests, not of the server between them.',
    perClass: false,
  },
];
