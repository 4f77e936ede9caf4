import { LogHistogram, type LogHistogramData } from '../statistics/log-histogram.js';
import type { ColumnConsumer, Columns } from './collector.js';
import { M, REQUEST_METRIC_ORDER, REQUEST_METRICS } from './metrics.js';
import { ALL_CLASSES, type MetricSummary } from './result.js';
import { Series } from './series.js';

const NS_PER_MS = 1e6;

/**
 * Turns the columns of a `Collector` into summaries, for all requests together and for each class. A run that fits
 * the columns has exact quantiles; of a longer one the columns are folded into histograms whenever they are full.
 * A metric that is 0 throughout costs a glance at its column and no memory.
 */
export class MetricStore implements ColumnConsumer {
  private readonly classNames: readonly string[];
  /** [metric][group]: group 0 is all requests; if there are several classes, group 1 + c is class c. */
  private readonly series: readonly (readonly Series[])[];
  private readonly latencies: LogHistogram;
  private isSketched: boolean;
  private derived: Float64Array;
  private gathered: Float64Array;

  constructor(classNames: readonly string[]) {
    this.classNames = classNames;
    const groups = classNames.length > 1 ? 1 + classNames.length : 1;
    this.series = REQUEST_METRICS.map(() => Array.from({ length: groups }, () => new Series()));
    this.latencies = new LogHistogram();
    this.isSketched = false;
    this.derived = new Float64Array(0);
    this.gathered = new Float64Array(0);
  }

  consume(columns: Columns, rows: number, isLast: boolean): void {
    if (!isLast) this.isSketched = true;
    if (this.derived.length < rows) {
      this.derived = new Float64Array(rows);
      this.gathered = new Float64Array(rows);
    }
    const classes = this.classNames.length;
    const members = classes > 1 ? rowsByClass(columns.classOf, rows, classes) : [];
    for (let metric = 0; metric < REQUEST_METRICS.length; metric++) this.take(columns, metric, rows, members);
    this.latencies.recordColumn(columns.stored[M.Latency]!, 0, rows);
    if (isLast) this.mergeClasses();
  }

  /** In the order in which results show them: all requests first, then class by class. */
  summaries(): MetricSummary[] {
    return this.series[0]!.flatMap((_, group) => REQUEST_METRIC_ORDER.map((metric) => this.summary(metric, group)));
  }

  latencyHistogram(): LogHistogramData {
    return this.latencies.toData();
  }

  private take(columns: Columns, metric: number, rows: number, members: readonly Uint32Array[]): void {
    const groups = this.series[metric]!;
    const values = this.valuesOf(columns, metric, rows);
    const isMerged = this.isMerged(metric);
    if (values === null) {
      if (!isMerged) groups[0]!.addZeros(rows);
      members.forEach((indices, c) => {
        groups[1 + c]!.addZeros(indices.length);
      });
      return;
    }
    const hasGaps = columns.hasGaps && (metric === M.BeforeApp || metric === M.AfterApp || metric === M.InApp);
    if (!isMerged) this.add(groups[0]!, metric, hasGaps ? withoutGaps(values) : values);
    members.forEach((indices, c) => {
      const ofClass = gather(values, indices, this.gathered);
      this.add(groups[1 + c]!, metric, hasGaps ? withoutGaps(ofClass) : ofClass);
    });
  }

  private add(series: Series, metric: number, values: Float64Array): void {
    if (!this.isSketched) series.addAll(values);
    else if (REQUEST_METRICS[metric]!.whenLong === 'sketch') series.addSketched(values);
    else series.addMoments(values);
  }

  /** The first `rows` values of a metric; null if all are 0. */
  private valuesOf(columns: Columns, metric: number, rows: number): Float64Array | null {
    const { stored } = columns;
    const [a, b, c] = DERIVED_FROM[metric] ?? [metric];
    const first = stored[a!]!.subarray(0, rows);
    if (b === undefined) return isZero(first) ? null : first;
    const second = stored[b]!.subarray(0, rows);
    const derived = this.derived.subarray(0, rows);
    if (c === undefined) {
      if (isZero(first) && isZero(second)) return null;
      for (let k = 0; k < rows; k++) derived[k] = first[k]! + second[k]!;
    } else {
      const third = stored[c]!.subarray(0, rows);
      for (let k = 0; k < rows; k++) derived[k] = first[k]! - second[k]! - third[k]!;
    }
    return isZero(derived) ? null : derived;
  }

  /** Of a long run each value is recorded once, under its class: all requests are the sum of the classes. */
  private isMerged(metric: number): boolean {
    return this.isSketched && this.classNames.length > 1 && REQUEST_METRICS[metric]!.whenLong === 'sketch';
  }

  private mergeClasses(): void {
    this.series.forEach(([all, ...classes], metric) => {
      if (this.isMerged(metric)) all!.merge(classes);
    });
  }

  private summary(metric: number, group: number): MetricSummary {
    const series = this.series[metric]![group]!;
    const found = series.quantiles();
    return {
      className: group === 0 ? ALL_CLASSES : this.classNames[group - 1]!,
      metric: REQUEST_METRICS[metric]!.name,
      n: series.n,
      mean: series.mean / NS_PER_MS,
      min: series.min / NS_PER_MS,
      max: series.max / NS_PER_MS,
      quantiles: found === null ? null : found.map((value) => value / NS_PER_MS),
      method: this.isSketched ? 'sketch' : 'exact',
      relativeError: series.relativeError(),
    };
  }
}

/** Sum of two columns, or the first less the other two. */
const DERIVED_FROM: Readonly<Record<number, readonly number[]>> = {
  [M.Gc]: [M.GcOwn, M.GcOther],
  [M.Service]: [M.Latency, M.Backlog, M.Queue],
  [M.InApp]: [M.Latency, M.BeforeApp, M.AfterApp],
};

/** Ends at the first value that is not 0: for most columns at once. */
function isZero(values: Float64Array): boolean {
  for (let k = 0; k < values.length; k++) if (values[k] !== 0) return false;
  return true;
}

function withoutGaps(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function gather(values: Float64Array, indices: Uint32Array, into: Float64Array): Float64Array {
  for (let k = 0; k < indices.length; k++) into[k] = values[indices[k]!]!;
  return into.subarray(0, indices.length);
}

function rowsByClass(classOf: Uint16Array, rows: number, classes: number): Uint32Array[] {
  const counts = new Uint32Array(classes);
  for (let k = 0; k < rows; k++) counts[classOf[k]!]!++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let k = 0; k < rows; k++) {
    const c = classOf[k]!;
    members[c]![counts[c]!++] = k;
  }
  return members;
}
