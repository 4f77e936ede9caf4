import type { ExperimentResult, SummaryRow } from '../experiment-result.js';
import type { Objective } from '../objective.js';
import { nothingIsRandom } from './chance.js';
import { type Standing, standingsOf } from './standing.js';
import { isWithoutBound } from './summarise.js';

/** `pass` and `fail`: beyond doubt at the confidence level. */
export type ObjectiveVerdict = 'pass' | 'fail' | 'undecided';

/** An objective of the scenario, judged for one configuration. */
export interface JudgedObjective {
  readonly variant: string;
  readonly objective: Objective;
  /** As in the summary; null where there is none. */
  readonly estimate: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly ciLevel: number | null;
  readonly verdict: ObjectiveVerdict;
  /** How the verdict came about. */
  readonly method: string;
}

/** Judges every objective for every configuration, by the intervals of the summary. */
export function judgeObjectives(result: ExperimentResult, summary: readonly SummaryRow[]): JudgedObjective[] {
  const { spec } = result;
  if (spec.slo.length === 0) return [];
  const standings = standingsOf(result);
  return spec.configurations.flatMap((configuration) => {
    const { variant } = configuration;
    const own = summary.filter((row) => row.variant === variant);
    const isCertain = nothingIsRandom(configuration);
    return spec.slo.map((objective) => judged(variant, objective, own, standings.get(variant)!, isCertain));
  });
}

function judged(
  variant: string,
  objective: Objective,
  own: readonly SummaryRow[],
  standing: Standing,
  isCertain: boolean,
): JudgedObjective {
  const row = own.find(
    ({ className, metric, statistic }) =>
      className === objective.className && metric === objective.metric && statistic === objective.statistic,
  );
  const [verdict, method] = verdictOf(objective, row, standing, isCertain);
  return {
    variant,
    objective,
    estimate: row?.estimate ?? null,
    ciLow: row?.ciLow ?? null,
    ciHigh: row?.ciHigh ?? null,
    ciLevel: row?.ciLevel ?? null,
    verdict,
    method,
  };
}

function verdictOf(
  objective: Objective,
  row: SummaryRow | undefined,
  standing: Standing,
  isCertain: boolean,
): [ObjectiveVerdict, string] {
  if (row === undefined) return ['undecided', 'not observed'];
  if (standing.kind === 'unstable' && isWithoutBound(objective.metric)) {
    // It exceeds every limit if only the run is long enough.
    return [isUpperLimit(objective) ? 'fail' : 'undecided', 'UNSTABLE: grows without bound'];
  }
  if (row.estimate === null) return ['undecided', row.method];
  if (objective.statistic === 'max') return ofExtreme(objective, row.estimate);
  if (row.ciLow !== null && row.ciHigh !== null) {
    if (holds(objective, row.ciLow) && holds(objective, row.ciHigh)) return ['pass', row.method];
    if (!holds(objective, row.ciLow) && !holds(objective, row.ciHigh)) return ['fail', row.method];
    return ['undecided', row.method];
  }
  if (isCertain) return [holds(objective, row.estimate) ? 'pass' : 'fail', 'nothing is random: exact'];
  return ['undecided', row.method];
}

/** Seen once is seen; not seen proves nothing. */
function ofExtreme(objective: Objective, greatest: number): [ObjectiveVerdict, string] {
  const method = 'largest of all requests: no interval';
  if (isUpperLimit(objective)) return [holds(objective, greatest) ? 'undecided' : 'fail', method];
  return [holds(objective, greatest) ? 'pass' : 'undecided', method];
}

function isUpperLimit({ comparison }: Objective): boolean {
  return comparison === '<' || comparison === '<=';
}

function holds({ comparison, limit }: Objective, value: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}
