import { tQuantile } from './student.js';

/** On which side of zero a mean lies, as far as it is known. */
export type Side = 'below' | 'above';

/** Observations, added one at a time, with what sequential tests need of them. */
class Observations {
  n: number;
  sum: number;
  private squares: number;

  constructor() {
    this.n = 0;
    this.sum = 0;
    this.squares = 0;
  }

  /** Welford's update: no cancellation when the mean is large. */
  add(value: number): void {
    const before = this.n === 0 ? 0 : this.sum / this.n;
    this.n++;
    this.sum += value;
    this.squares += (value - before) * (value - this.sum / this.n);
  }

  get variance(): number {
    return this.n < 2 ? 0 : this.squares / (this.n - 1);
  }
}

/**
 * Tells on which side of zero the mean of independent, roughly normal observations lies, looking at them again and
 * again: after n0, 2 n0, 4 n0 ... of them, with the t test of a share of the allowed error that halves from look to
 * look, so that all looks together stay below it (Bonferroni). Right for any mean; it may never come to an end.
 */
export class RepeatedTTest {
  private readonly seen: Observations;
  private readonly error: number;
  private nextLook: number;
  private looks: number;

  /**
   * @param error probability of naming the wrong side
   * @param first observations at the first look, at least 2
   */
  constructor(error: number, first: number) {
    if (!(error > 0 && error < 0.5)) throw new RangeError(`an error probability lies between 0 and 0.5, is ${error}`);
    if (!(first >= 2)) throw new RangeError(`the first look needs 2 observations or more, has ${first}`);
    this.seen = new Observations();
    this.error = error;
    this.nextLook = first;
    this.looks = 0;
  }

  /** The side, once it is known; nothing is to be added after that. */
  add(value: number): Side | null {
    this.seen.add(value);
    const { n, sum, variance } = this.seen;
    if (n < this.nextLook) return null;
    this.nextLook *= 2;
    this.looks++;
    // One-sided: a mean below zero is called above with at most this probability, and the other way round.
    const error = this.error / 2 ** this.looks;
    const bound = tQuantile(1 - error, n - 1) * Math.sqrt(n * variance);
    if (sum > bound) return 'above';
    return sum < -bound ? 'below' : null;
  }

  get n(): number {
    return this.seen.n;
  }

  get mean(): number {
    return this.seen.sum / this.seen.n;
  }
}

/**
 * Tells on which side of zero a mean lies if it is at least `tolerance` away, in a number of observations that is
 * bounded from the first n0 of them on: the partial sum leaves a triangle that closes. Of a mean nearer to zero it
 * names either side.
 *
 * With S² the variance of the first n0 observations, d the tolerance and c = 1, the test goes on while
 * |sum of r| < max(0, h² S² / (2 d) - d r / 2), where h² = 2 eta (n0 - 1) and eta = ((2 error)^(-2 / (n0 - 1)) - 1) / 2.
 *
 * @see S.-H. Kim, B. L. Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM
 *   Transactions on Modeling and Computer Simulation 11(3), 251-273; for a limit instead of a rival S. Andradóttir,
 *   S.-H. Kim (2010), Fully sequential procedures for comparing constrained systems via simulation, Naval Research
 *   Logistics 57(5), 403-421
 */
export class TriangularTest {
  private readonly seen: Observations;
  private readonly tolerance: number;
  private readonly first: number;
  private readonly scale: number;
  /** h² S² / (2 d); NaN before the first stage is over. */
  private height: number;

  constructor(error: number, first: number, tolerance: number) {
    if (!(error > 0 && error < 0.5)) throw new RangeError(`an error probability lies between 0 and 0.5, is ${error}`);
    if (!(first >= 2)) throw new RangeError(`the first stage needs 2 observations or more, has ${first}`);
    if (!(tolerance > 0)) throw new RangeError(`a tolerance is above 0, is ${tolerance}`);
    this.seen = new Observations();
    this.tolerance = tolerance;
    this.first = first;
    const eta = Math.expm1((-2 / (first - 1)) * Math.log(2 * error)) / 2;
    this.scale = 2 * eta * (first - 1);
    this.height = Number.NaN;
  }

  /** The side, once the triangle is left; nothing is to be added after that. */
  add(value: number): Side | null {
    this.seen.add(value);
    const { n, sum, variance } = this.seen;
    if (n < this.first) return null;
    if (n === this.first) this.height = (this.scale * variance) / (2 * this.tolerance);
    const bound = Math.max(0, this.height - (this.tolerance * n) / 2);
    if (sum > bound) return 'above';
    if (sum < -bound) return 'below';
    return bound > 0 ? null : 'below';
  }

  /** Whether the triangle is closed: the side is then no more than a guess between equals. */
  get isClosed(): boolean {
    return this.seen.n >= this.first && this.height <= (this.tolerance * this.seen.n) / 2;
  }

  /** Observations after which it is closed; NaN before the first stage is over. */
  get most(): number {
    return Math.max(this.first, Math.ceil((2 * this.height) / this.tolerance));
  }
}
