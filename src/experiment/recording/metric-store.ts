import { type Column, columnOf } from '../../statistics/column.js';
import { LOG_HISTOGRAM_RELATIVE_ERROR, LogHistogram, type LogHistogramData } from '../../statistics/log-histogram.js';
import { type Moments, momentsOf, together, zeroMoments } from '../../statistics/moments.js';
import { quantiles } from '../../statistics/quantile.js';
import { CURVE_LEVELS, curveIndex } from '../../statistics/quantile-curve.js';
import { M, QUANTILES, REQUEST_METRIC_ORDER, REQUEST_METRICS } from '../metrics/metrics.js';
import { ALL_CLASSES, type MetricSummary } from '../result.js';
import {
  BLOCK_ROWS,
  type Block,
  type BlockConsumer,
  isOccupied,
  mayHaveGaps,
  ROW_LENGTH,
  rowsByClass,
} from './block.js';
import { MomentSeries, Series } from './series.js';

/** Counted requests up to which every value is kept and quantiles are exact. */
export const EXACT_UP_TO = 131_072;

const NS_PER_MS = 1e6;

/** Where the quantiles of results stand in a curve. */
const WANTED = QUANTILES.map(curveIndex);

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
  private readonly gathered: Float64Array;

  constructor(classNames: readonly string[]) {
    this.classNames = classNames;
    this.series = REQUEST_METRICS.map(() => classNames.map(() => new Series()));
    this.moments = REQUEST_METRICS.map(() => classNames.map(() => new MomentSeries()));
    this.rows = 0;
    this.isCondensed = false;
    this.gathered = new Float64Array(BLOCK_ROWS);
  }

  consume(block: Block, rows: number): void {
    this.rows += rows;
    if (!this.isCondensed && this.rows > EXACT_UP_TO) this.condense();
    const members = this.classNames.length > 1 ? rowsByClass(block, rows, this.classNames.length) : null;
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
    for (let c = 0; c < keep.length; c++) {
      if (isOccupied(block, metric))
        keep[c]!.add(this.column(block, metric, rows, members === null ? null : members[c]!));
      else keep[c]!.addZeros(members === null ? rows : members[c]!.length);
    }
  }

  /** A metric of the requests in the given rows (all if null) that have one. */
  private column(block: Block, metric: number, rows: number, members: Uint32Array | null): Column {
    const { values } = block;
    if (members === null && !(block.hasGaps && mayHaveGaps(metric)))
      return { values, first: metric, step: ROW_LENGTH, count: rows };
    const { gathered } = this;
    let count = 0;
    for (let k = 0; k < (members?.length ?? rows); k++) {
      const value = values[(members === null ? k : members[k]!) * ROW_LENGTH + metric]!;
      if (!Number.isNaN(value)) gathered[count++] = value;
    }
    return columnOf(gathered, 0, count);
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
      quantiles: found === null ? null : WANTED.map((index) => found[index]! / NS_PER_MS),
      curve: found === null ? null : Float64Array.from(found, (value) => value / NS_PER_MS),
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
        return { moments, found: histogram.quantiles(CURVE_LEVELS) };
      }
    } else {
      const values = Series.valuesOf(parts);
      if (values !== null) return { moments: momentsOf(columnOf(values)), found: quantiles(values, CURVE_LEVELS) };
    }
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    return { moments: zeroMoments(n), found: CURVE_LEVELS.map(() => (n === 0 ? Number.NaN : 0)) };
  }
}
