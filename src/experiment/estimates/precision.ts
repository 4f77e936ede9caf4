import type { ExperimentResult } from '../experiment-result.js';
import type { PrecisionTarget } from '../spec.js';
import { replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import { isWithheld, standingsOf } from './standing.js';
import { estimateOf } from './summarise.js';

/** How near to its precision an experiment is. */
export interface PrecisionStatus {
  /** Replications of each configuration so far. */
  readonly replications: number;
  /** Replications to go on to; null: enough, or no more allowed. */
  readonly next: number | null;
  /** Replications that it will probably take in all. */
  readonly expected: number;
  /** The statistic that is farthest from its target; null: every configuration is unstable, so there is nothing to know. */
  readonly worst: Reached | null;
}

/** How well a statistic of a configuration is known. */
export interface Reached {
  readonly variant: string;
  readonly target: PrecisionTarget;
  /** Half width of the interval over the estimate; null where there is no interval. */
  readonly relative: number | null;
}

/** Looks at the results no more often than every so many replications: each look is a chance to stop too early. */
const FEWEST_MORE = 5;

/**
 * Whether every target is reached in every configuration, and how many replications to have by the next look: as many as the
 * spread so far asks for, but no more than twice the present number.
 *
 * @returns null if the scenario asks for no precision
 * @see A. M. Law (2015), Simulation modeling and analysis, 5th edition, section 9.4.1 (sequential procedure for a relative error)
 */
export function precisionOf(result: ExperimentResult): PrecisionStatus | null {
  const { spec } = result;
  const { precision } = spec.run;
  if (precision === null) return null;
  const replications = result.replications.length / spec.configurations.length;
  const all = reachedBy(result, precision.targets);
  const most = precision.maxReplications;
  const worst = all.reduce<Reached | null>((a, b) => (a === null || distance(b) > distance(a) ? b : a), null);
  const expected = worst === null ? replications : Math.min(most, Math.ceil(replications * distance(worst) ** 2));
  const isDone = worst === null || distance(worst) <= 1 || replications >= most;
  const wanted = Math.max(replications + FEWEST_MORE, Math.min(expected, 2 * replications));
  return {
    replications,
    next: isDone ? null : Math.min(most, wanted),
    expected: Math.max(replications, expected),
    worst,
  };
}

/**
 * How many replications to have by the next look.
 *
 * @param distance half width of the interval over the one that is wanted
 * @param most replications that are allowed
 */
export function nextReplications(replications: number, distance: number, most: number): number {
  const expected = Math.min(2 * replications, Math.ceil(replications * distance ** 2));
  return Math.min(most, Math.max(replications + FEWEST_MORE, expected));
}

/** Every target in every configuration that has a steady state. */
export function reachedBy(result: ExperimentResult, targets: readonly PrecisionTarget[]): Reached[] {
  const { spec } = result;
  const standings = standingsOf(result);
  return spec.configurations.flatMap(({ variant }) => {
    if (isWithheld(standings.get(variant)!)) return [];
    const series = statisticsOf(replicationsOf(result.replications, variant));
    return targets.map((target) => ({
      variant,
      target,
      relative: relativeHalfWidth(series, target, spec.run.confidence),
    }));
  });
}

function relativeHalfWidth(series: readonly StatisticSeries[], target: PrecisionTarget, level: number): number | null {
  const found = series.find(
    ({ className, metric, statistic }) =>
      className === target.className && metric === target.metric && statistic === target.statistic,
  );
  if (found === undefined) return null;
  const { estimate, interval } = estimateOf(found, level);
  if (interval === null) return null;
  return interval.halfWidth === 0 ? 0 : interval.halfWidth / Math.abs(estimate);
}

/** At most 1 when the target is reached; Infinity without an interval. */
function distance({ relative, target }: Reached): number {
  return relative === null ? Number.POSITIVE_INFINITY : relative / target.relative;
}
