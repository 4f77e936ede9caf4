import { CI_LEVEL, type Column, column, interval, METRIC, SCENARIO, STATISTIC, type Table } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export { factorColumn } from './sweep.js';

const HEAD: readonly Column[] = [
  SCENARIO,
  column('search', 'string', '', 'Search', '`max_rate`, or `best`.'),
  column('rank', 'integer', '', 'Rank', 'From 1; candidates that are out rank behind those that are not.'),
  column('candidate', 'string', '', 'Candidate', 'Server, processes x threads; with `max_rate` the variant.'),
];
const TAIL: readonly Column[] = [
  column(
    'verdict',
    'string',
    '',
    'Verdict',
    'Of `best`: `selected`, `beaten`, `beyond` a limit, `excluded`, or `undecided`. Of `max_rate`: `found`, `wide` (the interval is wider than asked for), `none` (no rate keeps the objectives), `all` (every rate of interest does).',
  ),
  column('reason', 'string', '', 'Reason', 'Why, in words.'),
  column('replications', 'integer', '', 'Replications', 'Runs that were spent on it.'),
  METRIC,
  STATISTIC,
  column('estimate', 'number', '', 'Estimate', 'Of the goal, or of the highest rate. Unit: see `metric`.'),
  ...interval('the estimate'),
  CI_LEVEL,
  column('method', 'string', '', 'Method', 'How the interval or the selection was made.'),
];

/** Names that no column of a factor may have. */
export const SEARCH_RESERVED: ReadonlySet<string> = new Set([...HEAD, ...TAIL].map(({ name }) => name));

export function searchTable(factors: readonly Column[]): Table {
  return {
    name: 'search',
    title: 'Search',
    description:
      'Written by `gvlsim search`: one row for each candidate and goal of `best`, best first, and one for each variant of `max_rate`. After `candidate` there is one column for each field that the candidates differ in.',
    primaryKey: [],
    columns: [...HEAD, ...factors, ...TAIL],
  };
}

export const SEARCH: Table = searchTable([]);

export interface SearchRecord {
  readonly search: 'max_rate' | 'best';
  readonly rank: number;
  readonly candidate: string;
  readonly factors: readonly string[];
  readonly verdict: string;
  readonly reason: string;
  readonly replications: number;
  readonly metric: string;
  readonly statistic: string;
  readonly estimate: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly ciLevel: number | null;
  readonly method: string;
}

export function searchRow(scenario: string, record: SearchRecord): Row {
  const { metric } = record;
  return [
    scenario,
    record.search,
    String(record.rank),
    record.candidate,
    ...record.factors,
    record.verdict,
    record.reason,
    String(record.replications),
    metric,
    record.statistic,
    metricCell(metric, record.estimate),
    metricCell(metric, record.ciLow),
    metricCell(metric, record.ciHigh),
    plainCell(record.ciLevel),
    record.method,
  ];
}

export const TRIALS: Table = {
  name: 'trials',
  title: 'Trials of a search',
  description:
    'Written by `gvlsim search` for `max_rate`: one row for each variant, rate that was tried and objective.',
  primaryKey: ['scenario', 'variant', 'rate_per_s', 'objective'],
  columns: [
    SCENARIO,
    column('variant', 'string', '', 'Variant', 'Name of the configuration.'),
    column('rate_per_s', 'number', '1/s', 'Rate', 'Rate of arrivals that was tried.'),
    column('objective', 'string', '', 'Objective', 'As in the file.'),
    column('replications', 'integer', '', 'Replications', 'Runs at this rate.'),
    column(
      'estimate',
      'number',
      '',
      'Estimate',
      'Mean over the replications, in the unit of the metric of the objective.',
    ),
    column('verdict', 'string', '', 'Verdict', '`holds` or `fails` if that is known of the rate, else `undecided`.'),
  ],
};

export interface TrialRecord {
  readonly variant: string;
  readonly ratePerSec: number;
  readonly objective: string;
  readonly metric: string;
  readonly replications: number;
  readonly estimate: number | null;
  readonly verdict: string;
}

export function trialRow(scenario: string, trial: TrialRecord): Row {
  return [
    scenario,
    trial.variant,
    plainCell(trial.ratePerSec),
    trial.objective,
    String(trial.replications),
    metricCell(trial.metric, trial.estimate),
    trial.verdict,
  ];
}
