/**
 * Count, mean, variance, minimum and maximum of values seen one at a time, by Welford's recurrence: no digits are lost
 * when the variance is small against the mean.
 *
 * @see B. P. Welford (1962), Technometrics 4, 419-420; merging: T. F. Chan, G. H. Golub, R. J. LeVeque (1979), STAN-CS-79-773
 */
export class Tally {
  count: number;
  /** NaN when empty. */
  get mean(): number {
    return this.count === 0 ? NaN : this.average;
  }
  /** Infinity when empty. */
  min: number;
  /** -Infinity when empty. */
  max: number;
  private average: number;
  private squaredDeviations: number;

  constructor() {
    this.count = 0;
    this.min = Infinity;
    this.max = -Infinity;
    this.average = 0;
    this.squaredDeviations = 0;
  }

  add(value: number): void {
    this.count++;
    const deviation = value - this.average;
    this.average += deviation / this.count;
    this.squaredDeviations += deviation * (value - this.average);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Unbiased (divisor n - 1); NaN below two values. */
  get variance(): number {
    return this.count < 2 ? NaN : this.squaredDeviations / (this.count - 1);
  }

  get standardDeviation(): number {
    return Math.sqrt(this.variance);
  }

  /** Adds what `other` has seen; as if seen here, up to rounding. */
  merge(other: Tally): void {
    if (other.count === 0) return;
    const count = this.count + other.count;
    const gap = other.average - this.average;
    this.average += (gap * other.count) / count;
    this.squaredDeviations += other.squaredDeviations + (gap * gap * this.count * other.count) / count;
    this.count = count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }
}

/** The tally of a column. */
export function tallyOf(values: ArrayLike<number>): Tally {
  const tally = new Tally();
  for (let k = 0; k < values.length; k++) tally.add(values[k]!);
  return tally;
}
