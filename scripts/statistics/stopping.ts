import { nextReplications } from '../../src/experiment/estimates/precision.js';
import { meanInterval } from '../../src/statistics/intervals.js';
import { sample } from './sample.js';
import type { KnownSystem } from './systems.js';

/** What experiments that go on until the mean is known well enough came to: counts and sums. */
export interface Stopped {
  readonly experiments: number;
  readonly covered: number;
  readonly reached: number;
  readonly replications: number;
  /** The interval of as many replications as were asked for on average, decided beforehand, contains the truth. */
  readonly coveredFixed: number;
}

export const PRECISION = { relative: 0.03, first: 10, most: 200, requests: 500, fixed: 70 } as const;

const LEVEL = 0.95;

/** Experiments `from` to `to` - 1: replications until the interval of the mean is narrow enough, by the rule of `run.precision`. */
export function stopping(system: KnownSystem, from: number, to: number): Stopped {
  const { relative, first, most, requests, fixed } = PRECISION;
  const total = { experiments: 0, covered: 0, reached: 0, replications: 0, coveredFixed: 0 };
  const truth = system.mean;
  for (let experiment = from; experiment < to; experiment++) {
    const means: number[] = [];
    const upTo = (count: number): ReturnType<typeof meanInterval> => {
      while (means.length < count) means.push(sample(system.spec, requests, 50_000 + experiment, means.length).mean);
      return meanInterval(means.slice(0, count), LEVEL);
    };
    let count: number = first;
    let distance = Number.POSITIVE_INFINITY;
    for (;;) {
      const { estimate, interval } = upTo(count);
      distance = interval!.halfWidth / estimate / relative;
      if (distance <= 1 || count >= most) break;
      count = nextReplications(count, distance, most);
    }
    total.experiments++;
    total.replications += count;
    if (distance <= 1) total.reached++;
    if (holds(upTo(count), truth)) total.covered++;
    if (holds(upTo(fixed), truth)) total.coveredFixed++;
  }
  return total;
}

function holds({ interval }: ReturnType<typeof meanInterval>, truth: number): boolean {
  return interval !== null && interval.low <= truth && truth <= interval.high;
}
