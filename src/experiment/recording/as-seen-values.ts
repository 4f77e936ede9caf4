import { ALL_CLASSES, type MetricSummary, type RunValue } from '../result.js';

/**
 * What tools would have shown of one replication; computed at its end from what is collected anyway.
 *
 * @param requestsPerSec requests that arrived per second of the window
 */
export function valuesAsSeen(metrics: readonly MetricSummary[], requestsPerSec: number): RunValue[] {
  const classes = [...new Set(metrics.map(({ className }) => className))];
  return [
    ...classes.flatMap((className) => ofRequests(className, meansOf(metrics, className))),
    globalTimer(meansOf(metrics, ALL_CLASSES), requestsPerSec),
  ];
}

type Means = (metric: string) => number;

function meansOf(metrics: readonly MetricSummary[], className: string): Means {
  const own = new Map(metrics.filter((one) => one.className === className).map((one) => [one.metric, one.mean]));
  return (metric) => own.get(metric) ?? Number.NaN;
}

function ofRequests(className: string, mean: Means): RunValue[] {
  const value = (metric: string, number: number): RunValue => ({ className, metric, statistic: 'mean', value: number });
  const run = mean('run_ms');
  const io = mean('io_ms');
  const service = mean('service_ms');
  const withLock = run + mean('gc_own_ms') + mean('cpu_wait_ms');
  const off = io + mean('pool_wait_ms');
  return [
    value('io_ratio', io / (io + run + mean('gc_own_ms'))),
    value('apparent_io_ratio', (service - run) / service),
    value('apparent_io_ms', service - run),
    value('request_queueing_ms', mean('before_app_ms')),
    value('perfm_run_ms', withLock),
    value('perfm_idle_ms', off),
    value('perfm_stall_ms', mean('gvl_wait_ms') + mean('gc_other_ms')),
    value('perfm_io_ratio', off / (withLock + off)),
  ];
}

/** Waiting of all requests of a second: rate times mean. */
function globalTimer(mean: Means, requestsPerSec: number): RunValue {
  const waitMs = mean('gvl_wait_ms') + mean('gc_other_ms');
  const metric = 'gvltools_global_timer_ms_per_s';
  return { className: ALL_CLASSES, metric, statistic: 'mean', value: waitMs * requestsPerSec };
}
