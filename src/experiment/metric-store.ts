import { LOG_HISTOGRAM_RELATIVE_ERROR, LogHistogram, type LogHistogramData } from '../statistics/log-histogram.js';
import { quantiles } from '../statistics/quantile.js';
import type { Block, BlockConsumer } from './collector.js';
import { M, QUANTILES, REQUEST_METRIC_ORDER, REQUEST_METRICS } from './metrics.js';
import { type Moments, momentsOf, together, zeroMoments } from './moments.js';
import { ALL_CLASSES, type MetricSummary } from './result.js';
import { MomentSeries, Series } from './series.js';

/** Counted requests up to which every value is kept and quantiles are exact. */
export const EXACT_UP_TO = 131_072;

const NS_PER_MS = 1e6;

/**
 * Collects the times of requests, block by block, and summarises them: all requests together and class by class.
 * Runs of up to `EXACT_UP_TO` requests have exact quantiles; of longer ones only histograms are kept, so that memory
 * does not grow with the length of the run. A metric that is 0 throughout costs a glance at its column.
 */
export class MetricStore implements BlockConsumer {
  private readonly classNames: readonly string[];
  /** [metric][class]; for metrics of which quantiles are wanted. */
  private readonly series: readonly (readonly Series[])[];
  /** [metric][class]; for the others. */
  private readonly moments: readonly (readonly MomentSeries[])[];
  private rows: number;
  private isCondensed: boolean;
  private derived: Float64Array;
  private gathered: Float64Array;

  constructor(classNames: readonly string[]) {
    this.classNames = classNames;
    this.series = REQUEST_METRICS.map(() => classNames.map(() => new Series()));
    this.moments = REQUEST_METRICS.map(() => classNames.map(() => new MomentSeries()));
    this.rows = 0;
    this.isCondensed = false;
    this.derived = new Float64Array(0);
    this.gathered = new Float64Array(0);
  }

  consume(block: Block, rows: number): void {
    this.rows += rows;
    if (!this.isCondensed && this.rows > EXACT_UP_TO) this.condense();
    if (this.derived.length < rows) {
      this.derived = new Float64Array(rows);
      this.gathered = new Float64Array(rows);
    }
    const members = this.classNames.length > 1 ? rowsByClass(block.classOf, rows, this.classNames.length) : null;
    for (let metric = 0; metric < REQUEST_METRICS.length; metric++) this.take(block, metric, rows, members);
  }

  /** In the order in which results show them: all requests first, then class by class. */
  summaries(): MetricSummary[] {
    const classes = this.classNames.map((_, c) => c);
    const result = REQUEST_METRIC_ORDER.map((metric) => this.summary(ALL_CLASSES, metric, classes));
    if (classes.length === 1) return result;
    for (const c of classes) {
      result.push(...REQUEST_METRIC_ORDER.map((metric) => this.summary(this.classNames[c]!, metric, [c])));
    }
    return result;
  }

  latencyHistogram(): LogHistogramData {
    return (Series.histogramOf(this.series[M.Latency]!) ?? new LogHistogram()).toData();
  }

  private condense(): void {
    this.isCondensed = true;
    for (const ofMetric of this.series) for (const series of ofMetric) series.condense();
  }

  private take(block: Block, metric: number, rows: number, members: readonly Uint32Array[] | null): void {
    const keep = (REQUEST_METRICS[metric]!.hasQuantiles ? this.series : this.moments)[metric]!;
    const values = this.valuesOf(block, metric, rows);
    const hasGaps = block.hasGaps && !REQUEST_METRICS[metric]!.hasQuantiles;
    keep.forEach((series, c) => {
      const indices = members === null ? null : members[c]!;
      if (values === null) series.addZeros(indices?.length ?? rows);
      else {
        const column = indices === null ? values : gather(values, indices, this.gathered);
        series.add(hasGaps ? withoutGaps(column) : column);
      }
    });
  }

  /** The first `rows` values of a metric; null if all are 0. */
  private valuesOf({ stored }: Block, metric: number, rows: number): Float64Array | null {
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

  private summary(className: string, metric: number, classes: readonly number[]): MetricSummary {
    const { name, hasQuantiles } = REQUEST_METRICS[metric]!;
    const { moments, found } = hasQuantiles ? this.quantilesOf(metric, classes) : this.momentsOf(metric, classes);
    const { n, total, least, greatest } = moments;
    const isEmpty = n === 0;
    return {
      className,
      metric: name,
      n,
      mean: total / n / NS_PER_MS,
      min: isEmpty ? Number.NaN : least / NS_PER_MS,
      max: isEmpty ? Number.NaN : greatest / NS_PER_MS,
      quantiles: found === null ? null : found.map((value) => value / NS_PER_MS),
      method: this.isCondensed ? 'sketch' : 'exact',
      relativeError: this.isCondensed && found !== null && greatest > 0 ? LOG_HISTOGRAM_RELATIVE_ERROR : 0,
    };
  }

  private momentsOf(metric: number, classes: readonly number[]): { moments: Moments; found: null } {
    const moments = classes.map((c) => this.moments[metric]![c]!.moments).reduce(together);
    return { moments, found: null };
  }

  private quantilesOf(metric: number, classes: readonly number[]): { moments: Moments; found: number[] } {
    const parts = classes.map((c) => this.series[metric]![c]!);
    if (this.isCondensed) {
      const histogram = Series.histogramOf(parts);
      if (histogram !== null) {
        const { count, sum, min, max } = histogram;
        const moments = { n: count, total: sum, least: min, greatest: max };
        return { moments, found: QUANTILES.map((p) => histogram.quantile(p)) };
      }
    } else {
      const values = Series.valuesOf(parts);
      if (values !== null) return { moments: momentsOf(values), found: quantiles(values, QUANTILES) };
    }
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    return { moments: zeroMoments(n), found: QUANTILES.map(() => (n === 0 ? Number.NaN : 0)) };
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
