import { LOG_HISTOGRAM_RELATIVE_ERROR, LogHistogram } from '../statistics/log-histogram.js';
import { quantiles } from '../statistics/quantile.js';
import { COLUMN_CAPACITY } from './collector.js';
import { QUANTILES } from './metrics.js';

const ZEROS = new Float64Array(COLUMN_CAPACITY);

/** What is known of one metric of one class in one replication. Values in ns. */
export class Series {
  n: number;
  /** Exact quantiles; null if the run was too long for them. */
  exact: readonly number[] | null;
  private total: number;
  private least: number;
  private greatest: number;
  private sketch: LogHistogram | null;

  constructor() {
    this.n = 0;
    this.exact = null;
    this.total = 0;
    this.least = Number.POSITIVE_INFINITY;
    this.greatest = Number.NEGATIVE_INFINITY;
    this.sketch = null;
  }

  /** Adds zeros, at no cost as long as nothing else was seen. */
  addZeros(count: number): void {
    if (count === 0) return;
    if (this.sketch !== null) this.sketch.recordColumn(ZEROS, 0, count);
    this.n += count;
    if (this.least > 0) this.least = 0;
    if (this.greatest < 0) this.greatest = 0;
  }

  /** Adds values of which only count, sum and extremes are kept. */
  addMoments(values: Float64Array): void {
    let { total, least, greatest } = this;
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      total += value;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    this.n += values.length;
    this.total = total;
    this.least = least;
    this.greatest = greatest;
  }

  /** Adds values to the histogram. */
  addSketched(values: Float64Array): void {
    const sketch = this.sketched();
    sketch.recordColumn(values, 0, values.length);
    this.takeFrom(sketch);
  }

  /** Adds all values of a short run: quantiles are exact. */
  addAll(values: Float64Array): void {
    this.addMoments(values);
    this.exact = quantiles(values, QUANTILES);
  }

  /** Adds what others have seen. */
  merge(others: readonly Series[]): void {
    const sketch = others.some((other) => other.sketch !== null) ? this.sketched() : null;
    for (const other of others) {
      if (other.sketch === null) {
        for (let left = other.n; left > 0; left -= COLUMN_CAPACITY) this.addZeros(Math.min(left, COLUMN_CAPACITY));
      } else {
        sketch!.merge(other.sketch);
      }
    }
    if (sketch !== null) this.takeFrom(sketch);
  }

  get mean(): number {
    return this.total / this.n;
  }

  get min(): number {
    return this.n === 0 ? Number.NaN : this.least;
  }

  get max(): number {
    return this.n === 0 ? Number.NaN : this.greatest;
  }

  /** At `QUANTILES`; null if only moments were kept. */
  quantiles(): readonly number[] | null {
    if (this.exact !== null) return this.exact;
    if (this.sketch !== null) return QUANTILES.map((p) => this.sketch!.quantile(p));
    if (this.n === 0) return QUANTILES.map(() => Number.NaN);
    return this.greatest === 0 && this.least === 0 ? QUANTILES.map(() => 0) : null;
  }

  /** Bound on the relative error of the quantiles. */
  relativeError(): number {
    return this.exact === null && this.sketch !== null ? LOG_HISTOGRAM_RELATIVE_ERROR : 0;
  }

  /** The histogram, into which the zeros seen so far are entered when it is made. */
  private sketched(): LogHistogram {
    if (this.sketch === null) {
      this.sketch = new LogHistogram();
      for (let left = this.n; left > 0; left -= COLUMN_CAPACITY) {
        this.sketch.recordColumn(ZEROS, 0, Math.min(left, COLUMN_CAPACITY));
      }
    }
    return this.sketch;
  }

  private takeFrom(sketch: LogHistogram): void {
    this.n = sketch.count;
    this.total = sketch.sum;
    this.least = sketch.min;
    this.greatest = sketch.max;
  }
}
