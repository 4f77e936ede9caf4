import type { Nanos } from '../../../../kernel/time.js';

/** A window with fewer requests says nothing. */
const FEWEST_SAMPLES = 10;

/**
 * Gathers requests for a time and hands on their mean latency and the most that were in flight. A window ends with the
 * first request after its time; one with too few requests is thrown away.
 *
 * @see Netflix/concurrency-limits WindowedLimit.java, AverageSampleWindowFactory.java
 */
export class SampleWindow {
  private endNs: Nanos;
  private sumNs: number;
  private samples: number;
  private mostInFlight: number;

  constructor(
    private readonly lengthNs: Nanos,
    private readonly nowNs: () => Nanos,
    private readonly full: (meanNs: number, mostInFlight: number) => void,
  ) {
    this.endNs = 0;
    this.sumNs = 0;
    this.samples = 0;
    this.mostInFlight = 0;
  }

  add(roundTripNs: Nanos, inFlight: number): void {
    this.sumNs += roundTripNs;
    this.samples++;
    if (inFlight > this.mostInFlight) this.mostInFlight = inFlight;
    const nowNs = this.nowNs();
    if (nowNs <= this.endNs) return;
    const { sumNs, samples, mostInFlight } = this;
    this.endNs = nowNs + this.lengthNs;
    this.sumNs = 0;
    this.samples = 0;
    this.mostInFlight = 0;
    if (samples >= FEWEST_SAMPLES && sumNs > 0) this.full(sumNs / samples, mostInFlight);
  }
}
