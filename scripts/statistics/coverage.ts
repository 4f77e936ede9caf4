import { meanInterval } from '../../src/statistics/intervals.js';
import { pooledQuantileInterval } from '../../src/statistics/pooled-quantile.js';
import { type Sample, sample } from './sample.js';
import type { KnownSystem } from './systems.js';

/** What some experiments came to. Counts and sums, so that parts can be added up. */
export interface Covered {
  readonly experiments: number;
  /** Intervals that contain the truth. */
  readonly mean: number;
  readonly p95: number;
  /** Sums of estimate / truth - 1. */
  readonly meanBias: number;
  readonly p95Bias: number;
  /** Sums of half width / truth. */
  readonly meanHalfWidth: number;
  readonly p95HalfWidth: number;
}

export const NOTHING_COVERED: Covered = {
  experiments: 0,
  mean: 0,
  p95: 0,
  meanBias: 0,
  p95Bias: 0,
  meanHalfWidth: 0,
  p95HalfWidth: 0,
};

const LEVEL = 0.95;

/** Experiments `from` to `to` - 1 with one system, each with a seed of its own, and whether their intervals hold the truth. */
export function coverage(system: KnownSystem, from: number, to: number): Covered {
  let covered = NOTHING_COVERED;
  for (let experiment = from; experiment < to; experiment++) {
    const samples = Array.from({ length: system.replications }, (_, replication) =>
      sample(system.spec, system.requests, 1000 + experiment, replication),
    );
    covered = sumOf(covered, judge(system, samples));
  }
  return covered;
}

function judge(system: KnownSystem, samples: readonly Sample[]): Covered {
  const mean = meanInterval(
    samples.map((one) => one.mean),
    LEVEL,
  );
  const p95 = pooledQuantileInterval(
    samples.map(({ sampled }) => sampled),
    LEVEL,
    0.95,
  );
  const holds = ({ interval }: typeof mean, truth: number): number =>
    interval !== null && interval.low <= truth && truth <= interval.high ? 1 : 0;
  return {
    experiments: 1,
    mean: holds(mean, system.mean),
    p95: holds(p95, system.p95),
    meanBias: mean.estimate / system.mean - 1,
    p95Bias: p95.estimate / system.p95 - 1,
    meanHalfWidth: mean.interval!.halfWidth / system.mean,
    p95HalfWidth: p95.interval!.halfWidth / system.p95,
  };
}

export function sumOf(a: Covered, b: Covered): Covered {
  const keys = Object.keys(NOTHING_COVERED) as (keyof Covered)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as Covered;
}
