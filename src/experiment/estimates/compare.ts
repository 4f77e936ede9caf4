import {
  comparePaired,
  comparePairedEvents,
  type PairedComparison,
  withoutIntervals,
} from '../../statistics/paired.js';
import type { ComparisonRow, ExperimentResult } from '../experiment-result.js';
import { WARM_UP } from '../metrics/metrics.js';
import type { ReplicationResult } from '../result.js';
import { centredValues, replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import { isWithheld, type Standing, standingsOf } from './standing.js';
import { judgedEstimate } from './summarise.js';

/** Confidence level, and what the results of both can stand for. */
interface Judge {
  readonly level: number;
  readonly ours: Standing;
  readonly theirs: Standing;
}

/**
 * Each variant against the baseline, or another one of them: differences and ratios in pairs of replications that saw the same arrivals and
 * demands. A statistic for which the variant or the baseline has no interval gets none here either.
 */
export function compareWithBaseline(
  result: ExperimentResult,
  reference: string = result.spec.baseline,
): ComparisonRow[] {
  const { spec, replications } = result;
  const standings = standingsOf(result);
  const baseline = replicationsOf(replications, reference);
  return spec.configurations
    .filter(({ variant }) => variant !== reference)
    .flatMap(({ variant }) => {
      const [ours, theirs] = inPairs(replicationsOf(replications, variant), baseline);
      const judge = {
        level: spec.run.confidence,
        ours: standings.get(variant)!,
        theirs: standings.get(reference)!,
      };
      return comparisonRows(variant, reference, statisticsOf(ours), statisticsOf(theirs), judge);
    });
}

/**
 * What differences of latencies can be shown against: the baseline or, if that has no steady state, the first variant that
 * has one. Null if none has, or only one, which leaves nothing to compare it with.
 */
export function steadyReference(result: ExperimentResult): string | null {
  const standings = standingsOf(result);
  const { configurations, baseline } = result.spec;
  const steady = configurations.map(({ variant }) => variant).filter((one) => !isWithheld(standings.get(one)!));
  if (steady.includes(baseline)) return baseline;
  return steady.length < 2 ? null : steady[0]!;
}

/** The replications that both have; an interrupted run may lack some. */
function inPairs(
  ours: readonly ReplicationResult[],
  theirs: readonly ReplicationResult[],
): [ReplicationResult[], ReplicationResult[]] {
  const shared = new Set(theirs.map(({ replication }) => replication));
  const kept = ours.filter(({ replication }) => shared.has(replication));
  const keptNumbers = new Set(kept.map(({ replication }) => replication));
  return [kept, theirs.filter(({ replication }) => keptNumbers.has(replication))];
}

function comparisonRows(
  variant: string,
  baseline: string,
  ours: readonly StatisticSeries[],
  theirs: readonly StatisticSeries[],
  judge: Judge,
): ComparisonRow[] {
  const byKey = new Map(theirs.map((series) => [keyOf(series), series]));
  return ours.flatMap((series) => {
    const other = byKey.get(keyOf(series));
    if (other === undefined || series.metric === WARM_UP) return [];
    return [comparisonRow(variant, baseline, series, other, judge)];
  });
}

function keyOf({ className, metric, statistic }: StatisticSeries): string {
  return JSON.stringify([className, metric, statistic]);
}

function comparisonRow(
  variant: string,
  baseline: string,
  ours: StatisticSeries,
  theirs: StatisticSeries,
  judge: Judge,
): ComparisonRow {
  const { difference, ratio, verdict, pairingGain } = comparison(ours, theirs, judge);
  const interval = difference.interval;
  return {
    baseline,
    variant,
    className: ours.className,
    metric: ours.metric,
    statistic: ours.statistic,
    difference: orNull(difference.estimate),
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    ratio: orNull(ratio.estimate),
    ratioCiLow: ratio.interval?.low ?? null,
    ratioCiHigh: ratio.interval?.high ?? null,
    ciLevel: interval === null ? null : judge.level,
    method: difference.method,
    verdict,
    pairingGain: orNull(pairingGain),
  };
}

function comparison(ours: StatisticSeries, theirs: StatisticSeries, judge: Judge): PairedComparison {
  const { level } = judge;
  const [variant, baseline] = [judgedEstimate(ours, level, judge.ours), judgedEstimate(theirs, level, judge.theirs)];
  if (ours.statistic === 'min' || ours.statistic === 'max') {
    return withoutIntervals(
      comparePaired([variant.estimate], [baseline.estimate], level),
      variant.n > 0 ? variant.method : 'not observed',
    );
  }
  const paired = pairs(ours, theirs, level);
  const unknown = [variant, baseline].find(({ estimate }) => Number.isNaN(estimate));
  if (unknown !== undefined) return withoutIntervals(comparePaired([], [], level), unknown.method);
  const withheld = [variant, baseline].find(({ interval }) => interval === null);
  return withheld === undefined ? paired : withoutIntervals(paired, withheld.method);
}

function pairs(ours: StatisticSeries, theirs: StatisticSeries, level: number): PairedComparison {
  if (ours.isEvent) return comparePairedEvents(ours.values, theirs.values, level);
  return comparePaired(centredValues(ours), centredValues(theirs), level);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
