import { meanInterval } from '../../statistics/intervals.js';
import type { ExperimentResult } from '../experiment-result.js';
import type { ReplicationResult, TimeSeries } from '../result.js';
import { replicationsOf } from './by-metric.js';

/** A signal at one time, over the replications of a variant. */
export interface TimeBand {
  readonly variant: string;
  readonly atNs: number;
  readonly signal: string;
  /** Replications in which it was observed. */
  readonly n: number;
  /** null: in none. */
  readonly mean: number | null;
  /** t interval of the mean at this time alone; null if there is none. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly ciLevel: number | null;
  /** Least and greatest of the replications. */
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Every signal over time: mean over the replications with its interval, and the range. Where replications were sampled at
 * different intervals (their length was not known beforehand), at the times that all have.
 */
export function* timeBands({ spec, replications }: ExperimentResult): Generator<TimeBand> {
  for (const { variant } of spec.configurations) {
    yield* bandsOf(variant, replicationsOf(replications, variant), spec.run.confidence);
  }
}

/** The bands of one variant. */
export function* bandsOf(
  variant: string,
  replications: readonly ReplicationResult[],
  level: number,
): Generator<TimeBand> {
  const all = replications.map(({ timeSeries }) => timeSeries);
  if (all.length === 0) return;
  const intervalNs = Math.max(...all.map((series) => series.intervalNs));
  const samples = Math.min(
    ...all.map((series) => Math.floor((series.timesNs.length * series.intervalNs) / intervalNs)),
  );
  for (let k = 0; k < samples; k++) {
    for (let s = 0; s < all[0]!.signals.length; s++) {
      const values = all.map((series) => valueAt(series, s, k, intervalNs)).filter((value) => !Number.isNaN(value));
      yield band(variant, (k + 1) * intervalNs, all[0]!.signals[s]!.name, values, level);
    }
  }
}

/** Levels as they are at the end of the interval, rates and shares averaged over it. */
function valueAt({ intervalNs, signals }: TimeSeries, signal: number, k: number, coarseNs: number): number {
  const factor = coarseNs / intervalNs;
  const { name, values } = signals[signal]!;
  if (factor === 1 || name.endsWith('_count')) return values[(k + 1) * factor - 1]!;
  let sum = 0;
  for (let i = k * factor; i < (k + 1) * factor; i++) sum += values[i]!;
  return sum / factor;
}

function band(variant: string, atNs: number, signal: string, values: readonly number[], level: number): TimeBand {
  const { estimate, interval } = meanInterval(values, level);
  const n = values.length;
  return {
    variant,
    atNs,
    signal,
    n,
    mean: n === 0 ? null : estimate,
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    ciLevel: interval === null ? null : level,
    min: n === 0 ? null : Math.min(...values),
    max: n === 0 ? null : Math.max(...values),
  };
}
