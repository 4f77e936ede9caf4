import { expectedBeyond, MIN_OBSERVATIONS_BEYOND_QUANTILE } from '../../statistics/intervals.js';
import { jackknife } from '../../statistics/jackknife.js';
import { type StatisticSeries, statisticsOf } from '../estimates/by-metric.js';
import type { ReplicationResult } from '../result.js';
import type { Quantity } from './expression.js';
import { relationTo } from './range.js';
import type { CheckSpec, ClaimSpec } from './spec.js';

/** `holds`: the whole interval is where the claim says. `fails`: all of it is elsewhere. */
export type Outcome = 'holds' | 'fails' | 'undecided';

export interface CheckedFigure {
  readonly check: CheckSpec;
  /** NaN if it could not be measured. */
  readonly measured: number;
  /** null: no interval can be justified; `method` says why. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly method: string;
  readonly outcome: Outcome;
}

export type ClaimVerdict = 'confirmed' | 'refuted' | 'qualified';

export interface JudgedClaim {
  readonly claim: ClaimSpec;
  readonly verdict: ClaimVerdict;
  readonly figures: readonly CheckedFigure[];
}

/**
 * The verdict on a claim. The first check is the claim itself: where it fails, the claim is refuted. It is confirmed
 * when every check holds; anything between is qualified (it holds in part, under conditions, or the runs cannot tell).
 *
 * @param replications of all variants of the claim's scenario
 * @param level confidence level of the intervals
 */
export function judgeClaim(claim: ClaimSpec, replications: readonly ReplicationResult[], level: number): JudgedClaim {
  const byVariant = new Map<string, ReplicationResult[]>();
  for (const replication of replications) {
    const group = byVariant.get(replication.variant);
    if (group === undefined) byVariant.set(replication.variant, [replication]);
    else group.push(replication);
  }
  const statistics = new Map([...byVariant].map(([variant, own]) => [variant, statisticsOf(own)]));
  const figures = claim.checks.map((check) => checkFigure(check, statistics, level));
  return { claim, verdict: verdictOf(figures.map(({ outcome }) => outcome)), figures };
}

export function verdictOf([first, ...others]: readonly Outcome[]): ClaimVerdict {
  if (first === 'fails') return 'refuted';
  return first === 'holds' && others.every((outcome) => outcome === 'holds') ? 'confirmed' : 'qualified';
}

function checkFigure(
  check: CheckSpec,
  statistics: ReadonlyMap<string, readonly StatisticSeries[]>,
  level: number,
): CheckedFigure {
  const series = check.value.quantities.map((quantity) => seriesOf(quantity, statistics));
  const columns = series.map(({ values }) => values);
  const estimate = jackknife(columns, (means) => check.value.evaluate(means), level);
  const reason = series.map(whyNoInterval).find((text) => text !== null) ?? null;
  const interval = reason === null ? estimate.interval : null;
  const outcome =
    interval === null
      ? 'undecided'
      : ({ inside: 'holds', outside: 'fails', across: 'undecided' } as const)[
          relationTo(check.expect, interval.low, interval.high)
        ];
  return { check, measured: estimate.estimate, interval, method: reason ?? estimate.method, outcome };
}

function whyNoInterval({ quantile, observations }: StatisticSeries): string | null {
  if (quantile === null) return null;
  const beyond = expectedBeyond(Math.min(...observations), quantile);
  return beyond >= MIN_OBSERVATIONS_BEYOND_QUANTILE
    ? null
    : `fewer than ${MIN_OBSERVATIONS_BEYOND_QUANTILE} observations beyond the quantile`;
}

/** What was measured under that name; if nothing was (no memory model, no such class), one that was never observed. */
function seriesOf(
  { metric, className, statistic, variant }: Quantity,
  statistics: ReadonlyMap<string, readonly StatisticSeries[]>,
): StatisticSeries {
  const own = (variant === null ? [...statistics.values()][0] : statistics.get(variant)) ?? [];
  const found = own.find(
    (series) => series.metric === metric && series.className === className && series.statistic === statistic,
  );
  if (found !== undefined) return found;
  const values = (own[0]?.values ?? [Number.NaN]).map(() => Number.NaN);
  return { metric, className, statistic, quantile: null, values, observations: values, relativeError: 0 };
}
