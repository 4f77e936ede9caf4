import { type Column, columnOf } from '../../statistics/column.js';
import { LogHistogram } from '../../statistics/log-histogram.js';
import { type Moments, momentsOf, together, zeroMoments } from '../../statistics/moments.js';
import { ValueList } from '../../statistics/value-list.js';

const ZEROS = new Float64Array(4096);

/**
 * Times of one metric of one class in one replication [ns]: every value at first, a histogram once the run is too long
 * for that. As long as all are 0 it costs no memory.
 */
export class Series {
  n: number;
  private isCondensed: boolean;
  /** null while all are 0, and when condensed. */
  private values: ValueList | null;
  /** null while all are 0, and before. */
  private histogram: LogHistogram | null;

  constructor() {
    this.n = 0;
    this.isCondensed = false;
    this.values = null;
    this.histogram = null;
  }

  add(column: Column): void {
    if (this.isCondensed) this.histogramFromNow().recordColumn(column);
    else this.valuesFromNow().add(column);
    this.n += column.count;
  }

  addZeros(count: number): void {
    if (this.values !== null) this.values.addZeros(count);
    if (this.histogram !== null) recordZeros(this.histogram, count);
    this.n += count;
  }

  /** Gives up the single values. */
  condense(): void {
    const { values } = this;
    this.isCondensed = true;
    if (values === null) return;
    this.values = null;
    this.n = 0;
    for (const piece of values.pieces()) this.add(columnOf(piece));
  }

  /** All values of series that are not condensed; null if all are 0. */
  static valuesOf(parts: readonly Series[]): Float64Array | null {
    if (parts.every(({ values }) => values === null)) return null;
    const all = new Float64Array(parts.reduce((sum, { n }) => sum + n, 0));
    let filled = 0;
    for (const { values, n } of parts) {
      values?.copyTo(all, filled);
      filled += n;
    }
    return all;
  }

  /** A histogram of all values; null if all are 0. */
  static histogramOf(parts: readonly Series[]): LogHistogram | null {
    if (parts.every(({ values, histogram }) => values === null && histogram === null)) return null;
    const merged = new LogHistogram();
    for (const { values, histogram, n } of parts) {
      if (histogram !== null) merged.merge(histogram);
      else if (values !== null) for (const piece of values.pieces()) merged.recordAll(piece, 0, piece.length);
      else recordZeros(merged, n);
    }
    return merged;
  }

  /** The zeros seen before there was something to keep are entered now, as below. */
  private valuesFromNow(): ValueList {
    if (this.values === null) {
      this.values = new ValueList();
      this.values.addZeros(this.n);
    }
    return this.values;
  }

  /** The zeros seen before there was something to record are entered now. */
  private histogramFromNow(): LogHistogram {
    if (this.histogram === null) {
      this.histogram = new LogHistogram();
      recordZeros(this.histogram, this.n);
    }
    return this.histogram;
  }
}

/** Count, sum and extremes of one metric of one class, for metrics whose quantiles nobody asks for. */
export class MomentSeries {
  moments: Moments;

  constructor() {
    this.moments = zeroMoments(0);
  }

  add(column: Column): void {
    this.moments = together(this.moments, momentsOf(column));
  }

  addZeros(count: number): void {
    this.moments = together(this.moments, zeroMoments(count));
  }
}

function recordZeros(histogram: LogHistogram, count: number): void {
  for (let left = count; left > 0; left -= ZEROS.length) histogram.recordAll(ZEROS, 0, Math.min(left, ZEROS.length));
}
