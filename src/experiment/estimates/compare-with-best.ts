import { againstBest } from '../../statistics/best.js';
import type { ExperimentResult } from '../experiment-result.js';
import { BETTER } from '../metrics/metrics.js';
import { ALL_CLASSES } from '../result.js';
import { centredValues, replicationsOf, type StatisticSeries, statisticsOf } from './by-metric.js';
import { isWithheld, standingsOf } from './standing.js';
import { estimateOf } from './summarise.js';

/** A variant against the best of the others, in one statistic; all rows of a statistic hold at once. */
export interface BestRow {
  readonly variant: string;
  readonly metric: string;
  readonly statistic: string;
  /** The best of the others. */
  readonly other: string;
  /** Variant minus the best of the others. */
  readonly difference: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Of all intervals of the statistic together. */
  readonly ciLevel: number | null;
  readonly method: string;
  readonly verdict: 'best' | 'worse' | 'undecided';
}

/** Statistics that configurations are ranked by; extremes have no intervals, and others say little of their own. */
const RANKED: ReadonlySet<string> = new Set(['mean', 'p50', 'p95', 'p99']);

/**
 * All variants that have a steady state against the best of them, in every metric of which less (or more) is better. Without interval where one of them has none in that
 * statistic; empty with fewer than two variants.
 */
export function compareWithBest(result: ExperimentResult): BestRow[] {
  const { spec, replications } = result;
  const standings = standingsOf(result);
  const variants = spec.configurations.map(({ variant }) => variant).filter((one) => !isWithheld(standings.get(one)!));
  if (variants.length < 2) return [];
  const shared = sharedReplications(result, variants);
  const all = variants.map((variant) =>
    statisticsOf(replicationsOf(replications, variant).filter(({ replication }) => shared.has(replication))),
  );
  return rankedStatistics(all[0]!).flatMap(({ metric, statistic, isEvent }) => {
    const series = all.map((ofVariant) => find(ofVariant, metric, statistic));
    if (series.some((one) => one === undefined)) return [];
    const judged = againstBest(
      series.map((one) => centredValues(one!)),
      { level: spec.run.confidence, better: BETTER.get(metric)!, areEvents: isEvent === true },
    );
    const missing = series
      .map((one) => estimateOf(one!, spec.run.confidence))
      .find(({ interval }) => interval === null);
    return judged.map(({ difference, other, verdict }, k): BestRow => {
      const interval = missing === undefined ? difference.interval : null;
      return {
        variant: variants[k]!,
        metric,
        statistic,
        other: variants[other] ?? '',
        difference: Number.isFinite(difference.estimate) ? difference.estimate : null,
        ciLow: interval?.low ?? null,
        ciHigh: interval?.high ?? null,
        ciLevel: interval === null ? null : spec.run.confidence,
        method: missing === undefined ? difference.method : missing.method,
        verdict: missing === undefined ? verdict : 'undecided',
      };
    });
  });
}

function rankedStatistics(series: readonly StatisticSeries[]): StatisticSeries[] {
  return series.filter(
    ({ className, metric, statistic }) => className === ALL_CLASSES && BETTER.has(metric) && RANKED.has(statistic),
  );
}

/** Numbers of the replications that all of them have; an interrupted run may lack some. */
function sharedReplications({ replications }: ExperimentResult, variants: readonly string[]): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { variant, replication } of replications) {
    if (variants.includes(variant)) counts.set(replication, (counts.get(replication) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count === variants.length).map(([replication]) => replication));
}

function find(series: readonly StatisticSeries[], metric: string, statistic: string): StatisticSeries | undefined {
  return series.find((one) => one.className === ALL_CLASSES && one.metric === metric && one.statistic === statistic);
}
