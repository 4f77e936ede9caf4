import { comparePaired, comparePairedEvents, type PairedComparison, withoutIntervals } from '../statistics/paired.js';
import { replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import type { ComparisonRow, ExperimentResult } from './experiment-result.js';
import { WARM_UP } from './metrics.js';
import type { ReplicationResult } from './result.js';
import { type Standing, standingsOf } from './standing.js';
import { judgedEstimate } from './summarise.js';

/** Confidence level, and what the results of both can stand for. */
interface Judge {
  readonly level: number;
  readonly ours: Standing;
  readonly theirs: Standing;
}

/**
 * Each variant against the baseline: differences and ratios in pairs of replications that saw the same arrivals and
 * demands. A statistic for which the variant or the baseline has no interval gets none here either.
 */
export function compareWithBaseline(result: ExperimentResult): ComparisonRow[] {
  const { spec, replications } = result;
  const standings = standingsOf(result);
  const baseline = replicationsOf(replications, spec.baseline);
  return spec.configurations
    .filter(({ variant }) => variant !== spec.baseline)
    .flatMap(({ variant }) => {
      const [ours, theirs] = inPairs(replicationsOf(replications, variant), baseline);
      const judge = {
        level: spec.run.confidence,
        ours: standings.get(variant)!,
        theirs: standings.get(spec.baseline)!,
      };
      return comparisonRows(variant, spec.baseline, statisticsOf(ours), statisticsOf(theirs), judge);
    });
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
  return comparePaired(ours.values, theirs.values, level);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
