/** Samples whose plain mean it is at first. */
const WARM_UP = 10;

/**
 * Exponentially smoothed average over about `window` samples; the plain mean of the first ten.
 *
 * @see Netflix/concurrency-limits ExpAvgMeasurement.java
 */
export class MovingAverage {
  value: number;
  private count: number;
  private readonly factor: number;

  constructor(window: number) {
    this.value = 0;
    this.count = 0;
    this.factor = 2 / (window + 1);
  }

  add(sample: number): void {
    if (this.count < WARM_UP) this.value += (sample - this.value) / ++this.count;
    else this.value += (sample - this.value) * this.factor;
  }
}
