import type { Nanos } from '../../kernel/time.js';
import { MEBIBYTE, type MemoryMeter } from '../../model/memory-figures.js';
import { ALL_CLASSES, type RunValue } from '../result.js';
import { LAYER_METRICS, MEMORY_METRICS, type MemoryMetric, type MemorySeries } from './memory-series.js';

/** What summary and comparison say of the container's memory. */
const SUMMARISED: readonly MemoryMetric[] = ['rss_mib', 'pss_mib', 'uss_mib', 'shared_dirty_mib'];

interface Window {
  readonly fromNs: Nanos;
  readonly toNs: Nanos;
}

/**
 * Memory of the container in one replication: mean and largest value of the samples between the end of the warm-up and
 * the end of the load; what is left below the limit at worst; whether and when the limit was reached, counted from the
 * start of the replication; what a request per second costs.
 *
 * @param others the other metrics of the run, the throughput among them
 */
export function memoryValues(
  series: MemorySeries,
  meter: MemoryMeter,
  window: Window,
  others: readonly RunValue[],
): RunValue[] {
  const values: RunValue[] = [];
  const add = (metric: string, statistic: RunValue['statistic'], value: number): void => {
    values.push({ className: ALL_CLASSES, metric, statistic, value });
  };
  for (const metric of SUMMARISED) {
    const { mean, max } = summaryOf(series, 0, MEMORY_METRICS.indexOf(metric), window);
    add(metric, 'mean', mean);
    add(metric, 'max', max);
  }
  const pss = summaryOf(series, 0, MEMORY_METRICS.indexOf('pss_mib'), window);
  const throughput = others.find(({ metric, className }) => metric === 'throughput_per_s' && className === ALL_CLASSES);
  add('mib_per_request_per_s', 'mean', pss.mean / (throughput?.value ?? Number.NaN));
  const { limitBytes, firstCrossingNs, oomKills, workerKills, retired } = meter.events();
  if (limitBytes !== Number.POSITIVE_INFINITY) {
    const isCrossed = firstCrossingNs <= window.toNs;
    add('memory_headroom_mib', 'mean', limitBytes / MEBIBYTE - pss.max);
    add('memory_limit_crossed_ratio', 'mean', isCrossed ? 1 : 0);
    add('memory_first_crossing_s', 'mean', isCrossed ? firstCrossingNs / 1e9 : Number.NaN);
    add('oom_kills_count', 'mean', oomKills);
  }
  if (workerKills !== null) add('worker_kills_count', 'mean', workerKills);
  if (retired !== null) add('retired_workers_count', 'mean', retired);
  if (series.layers.length > 0) {
    const rss = series.values[0]![MEMORY_METRICS.indexOf('rss_mib')]!;
    add('rss_growth_mib_per_min', 'mean', growthPerMin(series.timesNs, rss, window));
  }
  for (const [k, column] of series.layers.entries()) {
    const { mean, max } = overWindow(series.timesNs, column, window);
    add(LAYER_METRICS[k]!, 'mean', mean);
    add(LAYER_METRICS[k]!, 'max', max);
  }
  return values;
}

/** Mean and maximum of the samples within the window; of the last sample before its end if none lies within. */
export function summaryOf(
  { timesNs, values }: MemorySeries,
  group: number,
  metric: number,
  window: Window,
): { mean: number; max: number } {
  return overWindow(timesNs, values[group]![metric]!, window);
}

/** Slope of the least-squares line through the samples of the second half of the window [1/min]; NaN with fewer than two. */
function growthPerMin(timesNs: Float64Array, column: Float64Array, { fromNs, toNs }: Window): number {
  const halfNs = (fromNs + toNs) / 2;
  const own = [...timesNs.keys()].filter((k) => timesNs[k]! >= halfNs && timesNs[k]! <= toNs);
  const minutes = own.map((k) => timesNs[k]! / 60e9);
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const [middle, level] = [mean(minutes), mean(own.map((k) => column[k]!))];
  const spread = minutes.reduce((sum, minute) => sum + (minute - middle) ** 2, 0);
  return own.reduce((sum, k, n) => sum + (minutes[n]! - middle) * (column[k]! - level), 0) / spread;
}

/** Mean and maximum of a column of samples within the window; see `summaryOf`. */
export function overWindow(
  timesNs: Float64Array,
  column: Float64Array,
  { fromNs, toNs }: Window,
): { mean: number; max: number } {
  const within = column.filter((_, k) => timesNs[k]! >= fromNs && timesNs[k]! <= toNs);
  const seen = within.length > 0 ? within : column.slice(0, 1);
  return { mean: seen.reduce((a, b) => a + b, 0) / seen.length, max: seen.reduce((a, b) => Math.max(a, b)) };
}
