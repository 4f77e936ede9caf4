import { type Column, columnOf } from './column.js';
import { BUCKETS, bucketOf, HALF_WIDTH, MAX_VALUE, valueOfBucket } from './log-buckets.js';

/** Bound of the error of `LogHistogram.quantile`, relative to the type 7 quantile of the recorded whole numbers. */
export const LOG_HISTOGRAM_RELATIVE_ERROR: number = HALF_WIDTH;

/** A histogram as plain data, for messages between threads and for files. */
export interface LogHistogramData {
  /** Bucket of `counts[0]`; buckets outside are empty. */
  readonly firstBucket: number;
  readonly counts: Uint32Array;
  readonly count: number;
  readonly sumLow: number;
  readonly sumCarries: number;
  readonly min: number;
  readonly max: number;
}

/** The sum is kept in two parts, below 2^52 and in units of 2^52, so that it stays exact. */
const CARRY = 2 ** 52;
const MAX_COUNT = 2 ** 32 - 1;
// Local: compiled in as a constant (docs/decisions/0009).
const GREATEST = MAX_VALUE;
/** Two of them and a sum up to `CARRY` are still exact. */
const SUMMAND = 2 ** 51;

/**
 * The distribution of any number of durations in fixed memory (221 kB): for runs too long to keep every request.
 * Values are whole nanoseconds from 0 to 2^53. Count, sum, mean, minimum and maximum are exact, quantiles within
 * `LOG_HISTOGRAM_RELATIVE_ERROR`. At most 2^32 - 1 values.
 */
export class LogHistogram {
  private readonly counts: Uint32Array;
  private observations: number;
  private sumLow: number;
  private sumCarries: number;
  private least: number;
  private greatest: number;

  constructor() {
    this.counts = new Uint32Array(BUCKETS);
    this.observations = 0;
    this.sumLow = 0;
    this.sumCarries = 0;
    this.least = Infinity;
    this.greatest = -Infinity;
  }

  get count(): number {
    return this.observations;
  }

  /** Exact up to 2^53, then rounded to the nearest double. */
  get sum(): number {
    return this.sumCarries * CARRY + this.sumLow;
  }

  /** NaN when empty. */
  get mean(): number {
    return this.sum / this.observations;
  }

  /** Infinity when empty. */
  get min(): number {
    return this.least;
  }

  /** -Infinity when empty. */
  get max(): number {
    return this.greatest;
  }

  /** @throws RangeError if `value` is negative, NaN or above 2^53 */
  record(value: number): void {
    if (!(value >= 0 && value <= GREATEST)) throw notRecordable(value);
    if (this.observations >= MAX_COUNT) throw tooMany();
    this.counts[Math.max(bucketOf(value), 0)]!++;
    this.observations++;
    this.addToSum(value);
    if (value < this.least) this.least = value;
    if (value > this.greatest) this.greatest = value;
  }

  /** Records values[from] to values[to - 1], as `recordColumn` does. */
  recordAll(values: Float64Array, from = 0, to: number = values.length): void {
    this.recordColumn(columnOf(values, from, to));
  }

  /**
   * Records all values of a column: sum and extremes on local variables. If one cannot be recorded, those before it
   * have been.
   *
   * @throws RangeError if a value is negative, NaN or above 2^53
   */
  recordColumn({ values, first, step, count }: Column): void {
    const { counts } = this;
    let sum = 0;
    let { least, greatest } = this;
    let k = 0;
    let at = first;
    // Two at a time: the arrays are checked anew at every turn.
    for (; k + 1 < count; k += 2, at += 2 * step) {
      const a = values[at]!;
      const b = values[at + step]!;
      if (!(a >= 0 && b >= 0 && a <= SUMMAND && b <= SUMMAND && sum <= CARRY)) break;
      sum += a + b;
      if (a < least) least = a;
      if (b < least) least = b;
      if (a > greatest) greatest = a;
      if (b > greatest) greatest = b;
      counts[Math.max(bucketOf(a), 0)]!++;
      counts[Math.max(bucketOf(b), 0)]!++;
    }
    this.least = least;
    this.greatest = greatest;
    this.observations += k;
    this.addToSum(sum);
    if (this.observations > MAX_COUNT) throw tooMany();
    for (; k < count; k++) this.record(values[first + k * step]!);
  }

  /** Adds what `other` has recorded; as if recorded here. */
  merge(other: LogHistogram): void {
    this.add(other.toData());
  }

  /**
   * Quantile of type 7 (as in `quantile.ts`), each value replaced by the middle of its bucket. NaN when empty.
   *
   * @param level in [0, 1]; at 0 and 1 the exact minimum and maximum
   */
  quantile(level: number): number {
    return this.quantiles([level])[0]!;
  }

  /** The same for several levels, ascending, in one pass. */
  quantiles(levels: readonly number[]): number[] {
    const { counts, observations } = this;
    if (observations === 0) return levels.map(() => NaN);
    const last = observations - 1;
    let bucket = 0;
    let upTo = counts[0]!;
    return levels.map((level) => {
      const position = last * level;
      const rank = Math.floor(position);
      while (upTo <= rank) upTo += counts[++bucket]!;
      const low = rank === 0 ? this.least : rank === last ? this.greatest : this.clamped(bucket);
      if (rank + 1 >= last) return low + (position - rank) * (this.greatest - low);
      let [next, nextUpTo] = [bucket, upTo];
      while (nextUpTo <= rank + 1) nextUpTo += counts[++next]!;
      return low + (position - rank) * (this.clamped(next) - low);
    });
  }

  /** Occupied buckets in ascending order: the value that stands for each and how many were recorded in it. */
  *buckets(): Generator<{ readonly value: number; readonly count: number }> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = this.counts[bucket]!;
      if (count > 0) yield { value: this.clamped(bucket), count };
    }
  }

  toData(): LogHistogramData {
    const { counts, observations, sumLow, sumCarries, least, greatest } = this;
    const first = observations === 0 ? 0 : Math.max(bucketOf(least), 0);
    const end = observations === 0 ? 0 : Math.max(bucketOf(greatest), 0) + 1;
    return {
      firstBucket: first,
      counts: counts.slice(first, end),
      count: observations,
      sumLow,
      sumCarries,
      min: least,
      max: greatest,
    };
  }

  static fromData(data: LogHistogramData): LogHistogram {
    const histogram = new LogHistogram();
    histogram.add(data);
    return histogram;
  }

  private add(data: LogHistogramData): void {
    if (this.observations + data.count > MAX_COUNT) throw tooMany();
    for (let k = 0; k < data.counts.length; k++) this.counts[data.firstBucket + k]! += data.counts[k]!;
    this.observations += data.count;
    this.sumCarries += data.sumCarries;
    this.addToSum(data.sumLow);
    this.least = Math.min(this.least, data.min);
    this.greatest = Math.max(this.greatest, data.max);
  }

  private addToSum(value: number): void {
    if (value >= CARRY) {
      this.sumLow += value - CARRY;
      this.sumCarries++;
    } else this.sumLow += value;
    if (this.sumLow >= CARRY) {
      this.sumLow -= CARRY;
      this.sumCarries++;
    }
  }

  private clamped(bucket: number): number {
    return Math.min(Math.max(valueOfBucket(bucket), this.least), this.greatest);
  }
}

function notRecordable(value: number): RangeError {
  return new RangeError(`a duration must lie between 0 and 2^53 ns, is ${value}`);
}

function tooMany(): RangeError {
  return new RangeError('a histogram holds at most 2^32 - 1 values');
}
