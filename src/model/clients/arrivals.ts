import { type Nanos, SECOND } from '../../kernel/time.js';
import type { Distribution } from '../../random/distribution.js';
import type { Stream, Streams, VariateStream } from '../../random/streams.js';
import type { LoadSpec } from '../spec.js';

/** The arrival times of an open load, one after the other. */
export interface Arrivals {
  /** Time of the next arrival [whole ns], never before the last one; Infinity if there are no more. */
  next(): Nanos;
}

export function createArrivals(load: Exclude<LoadSpec, { kind: 'closed' }>, streams: Streams): Arrivals {
  switch (load.kind) {
    case 'renewal':
      return afterCrowd(load.atStart, new RenewalArrivals(load.interarrival, streams.open('load/arrivals')));
    case 'poisson-steps':
      return afterCrowd(load.atStart, new PoissonSteps(load.fromNs, load.ratePerSec, streams.open('load/arrivals')));
    case 'recorded':
      return new RecordedArrivals(load.arrivalNs);
    case 'backlog':
      return new Backlog(load.jobs);
  }
}

/** Variates drawn at a time. */
const AHEAD = 64;
/** Those who wait already when the run starts come first. */
function afterCrowd(crowd: number | undefined, others: Arrivals): Arrivals {
  if (crowd === undefined || crowd === 0) return others;
  let left = crowd;
  return { next: () => (left-- > 0 ? 0 : others.next()) };
}

/**
 * Independent times between arrivals. The sum is kept unrounded, so that rounding to whole ns does not bias the rate.
 */
class RenewalArrivals implements Arrivals {
  private sumNs: number;
  /** Times between the next arrivals; what is drawn ahead is invisible. */
  private readonly ahead: Float64Array;
  private position: number;

  constructor(
    private readonly interarrival: Distribution,
    private readonly stream: VariateStream,
  ) {
    this.sumNs = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.sumNs = 0;
    this.ahead = new Float64Array(AHEAD);
    this.position = AHEAD;
  }

  next(): Nanos {
    if (this.position === AHEAD) {
      this.stream.fill(this.interarrival, this.ahead);
      this.position = 0;
    }
    this.sumNs += this.ahead[this.position++]!;
    return Math.round(this.sumNs);
  }
}

/**
 * Poisson arrivals whose rate is a step function of time, by inverting its integral: unit-rate arrivals are mapped to
 * the times at which so many arrivals are expected (Çinlar 1975, Introduction to Stochastic Processes, section 4.7).
 */
class PoissonSteps implements Arrivals {
  private step: number;
  private atNs: number;

  constructor(
    private readonly fromNs: readonly Nanos[],
    private readonly ratePerSec: readonly number[],
    private readonly stream: Stream,
  ) {
    this.step = 0;
    this.atNs = fromNs[0] ?? 0;
  }

  next(): Nanos {
    let expected = -Math.log1p(-this.stream.uniform());
    for (;;) {
      const perNs = this.ratePerSec[this.step]! / SECOND;
      const endNs = this.fromNs[this.step + 1] ?? Number.POSITIVE_INFINITY;
      const left = perNs === 0 ? 0 : (endNs - this.atNs) * perNs;
      if (expected < left) {
        this.atNs += expected / perNs;
        return Math.round(this.atNs);
      }
      if (endNs === Number.POSITIVE_INFINITY) return endNs;
      expected -= left;
      this.atNs = endNs;
      this.step++;
    }
  }
}

class RecordedArrivals implements Arrivals {
  private row: number;

  constructor(private readonly arrivalNs: Float64Array) {
    this.row = 0;
  }

  next(): Nanos {
    return this.row < this.arrivalNs.length ? this.arrivalNs[this.row++]! : Number.POSITIVE_INFINITY;
  }
}

class Backlog implements Arrivals {
  private left: number;

  constructor(jobs: number) {
    this.left = jobs;
  }

  next(): Nanos {
    return this.left-- > 0 ? 0 : Number.POSITIVE_INFINITY;
  }
}
