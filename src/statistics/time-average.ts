/**
 * Time-average of a level that changes in steps, such as a queue length. Times in ns, not decreasing.
 * The integral is exact while level x time stays below 2^53.
 */
export class TimeAverage {
  private level: number;
  private sinceNs: number;
  private readonly startNs: number;
  private area: number;

  constructor(startNs: number, level: number) {
    this.level = level;
    this.startNs = startNs;
    this.sinceNs = startNs;
    this.area = 0;
  }

  /** From now on the level is `level`. */
  set(level: number, nowNs: number): void {
    this.area += this.level * (nowNs - this.sinceNs);
    this.sinceNs = nowNs;
    this.level = level;
  }

  /** Integral of the level from the start until now [level x ns]. */
  integral(nowNs: number): number {
    return this.area + this.level * (nowNs - this.sinceNs);
  }

  /** NaN if no time has passed. */
  average(nowNs: number): number {
    return this.integral(nowNs) / (nowNs - this.startNs);
  }
}
