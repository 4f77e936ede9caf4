import type { Nanos } from '../../kernel/time.js';
import type { Bench } from '../../model/bench.js';
import { WARM_UP } from '../metrics/metrics.js';
import { ALL_CLASSES, type RunValue } from '../result.js';
import type { Collector, WindowListener } from './collector.js';

interface Reading {
  readonly atNs: Nanos;
  readonly gauges: readonly number[];
  readonly inSystemIntegral: number;
  readonly arrivals: number;
}

/** Averages over the interval from the end of the warm-up to the end of the load. */
export class RunWindow implements WindowListener {
  private bench: Bench | null;
  private first: Reading | null;
  private last: Reading | null;

  constructor() {
    this.bench = null;
    this.first = null;
    this.last = null;
  }

  attach(bench: Bench): void {
    this.bench = bench;
  }

  opened(nowNs: Nanos): void {
    this.first = this.read(nowNs);
  }

  closed(nowNs: Nanos): void {
    this.last = this.read(nowNs);
  }

  bounds(): { fromNs: Nanos; toNs: Nanos } {
    return { fromNs: this.first!.atNs, toNs: this.last!.atNs };
  }

  /** Run metrics; NaN where the window is empty or nothing was counted. */
  values(collector: Collector, classNames: readonly string[]): RunValue[] {
    const first = this.first!;
    const last = this.last!;
    const lengthNs = last.atNs > first.atNs ? last.atNs - first.atNs : Number.NaN;
    const perSec = (count: number): number => count / (lengthNs / 1e9);
    const values: RunValue[] = [];
    const all = (metric: string, value: number): void => {
      values.push({ className: ALL_CLASSES, metric, statistic: 'mean', value });
    };
    all('throughput_per_s', perSec(sum(collector.succeededInWindow)));
    all('arrivals_per_s', perSec(last.arrivals - first.arrivals));
    all('error_ratio', sum(collector.failed) / sum(collector.counted));
    this.bench!.gauges.forEach((gauge, g) => {
      if (gauge.kind !== 'integral' || !/(_ratio|_per_s|_count)$/.test(gauge.name)) return;
      all(gauge.name, (last.gauges[g]! - first.gauges[g]!) / lengthNs / gauge.capacity);
    });
    all('in_system_count', (last.inSystemIntegral - first.inSystemIntegral) / lengthNs);
    all(WARM_UP, first.atNs / 1e9);
    if (classNames.length > 1) {
      classNames.forEach((className, c) => {
        values.push({
          className,
          metric: 'throughput_per_s',
          statistic: 'mean',
          value: perSec(collector.succeededInWindow[c]!),
        });
        values.push({
          className,
          metric: 'error_ratio',
          statistic: 'mean',
          value: collector.failed[c]! / collector.counted[c]!,
        });
      });
    }
    return values;
  }

  private read(nowNs: Nanos): Reading {
    const bench = this.bench!;
    return {
      atNs: nowNs,
      gauges: bench.gauges.map((gauge) => gauge.read(nowNs)),
      inSystemIntegral: bench.inSystemIntegral(nowNs),
      arrivals: bench.arrivals(),
    };
  }
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
