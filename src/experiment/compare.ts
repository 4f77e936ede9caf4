import { comparePaired, type PairedComparison, withoutIntervals } from '../statistics/paired.js';
import { replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import type { ComparisonRow, ExperimentResult } from './experiment-result.js';
import type { ReplicationResult } from './result.js';
import { estimateOf } from './summarise.js';

/**
 * Each variant against the baseline: differences and ratios in pairs of replications that saw the same arrivals and
 * demands. A statistic for which the variant or the baseline has no interval gets none here either.
 */
export function compareWithBaseline({ spec, replications }: ExperimentResult): ComparisonRow[] {
  const baseline = replicationsOf(replications, spec.baseline);
  return spec.configurations
    .filter(({ variant }) => variant !== spec.baseline)
    .flatMap(({ variant }) => {
      const [ours, theirs] = inPairs(replicationsOf(replications, variant), baseline);
      return comparisonRows(variant, spec.baseline, statisticsOf(ours), statisticsOf(theirs), spec.run.confidence);
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
  level: number,
): ComparisonRow[] {
  const byKey = new Map(theirs.map((series) => [keyOf(series), series]));
  return ours.flatMap((series) => {
    const other = byKey.get(keyOf(series));
    return other === undefined ? [] : [comparisonRow(variant, baseline, series, other, level)];
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
  level: number,
): ComparisonRow {
  const { difference, ratio, verdict } = comparison(ours, theirs, level);
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
    ciLevel: interval === null ? null : level,
    method: difference.method,
    verdict,
  };
}

function comparison(ours: StatisticSeries, theirs: StatisticSeries, level: number): PairedComparison {
  const [variant, baseline] = [estimateOf(ours, level), estimateOf(theirs, level)];
  if (ours.statistic === 'min' || ours.statistic === 'max') {
    return withoutIntervals(
      comparePaired([variant.estimate], [baseline.estimate], level),
      variant.n > 0 ? variant.method : 'not observed',
    );
  }
  const paired = comparePaired(ours.values, theirs.values, level);
  const withheld = [variant, baseline].find(({ interval }) => interval === null);
  return withheld === undefined ? paired : withoutIntervals(paired, withheld.method);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
