import type { ComparisonRow } from '../../experiment/experiment-result.js';
import {
  CI_LEVEL,
  CLASS,
  column,
  interval,
  METHOD,
  METRIC,
  SCENARIO,
  STATISTIC,
  type Table,
  VARIANT,
} from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export const COMPARISON: Table = {
  name: 'comparison',
  title: 'Comparison',
  description:
    'One row for each variant other than the baseline, class, metric and statistic: paired difference and ratio on the same arrivals and demands.',
  primaryKey: ['scenario', 'variant', 'class', 'metric', 'statistic'],
  columns: [
    SCENARIO,
    column('baseline', 'string', '', 'Baseline', 'Variant that the others are compared with.'),
    VARIANT,
    CLASS,
    METRIC,
    STATISTIC,
    column(
      'difference',
      'number',
      '',
      'Difference',
      'Variant minus baseline, mean over the replications they share. Unit: see `metric`.',
    ),
    ...interval('the difference'),
    column('ratio', 'number', 'ratio', 'Ratio', 'Variant divided by baseline; empty if the baseline is 0.'),
    ...interval('the ratio', { prefix: 'ratio_', title: 'Ratio', unit: 'ratio' }),
    CI_LEVEL,
    METHOD,
    column(
      'verdict',
      'string',
      '',
      'Verdict',
      '`lower` or `higher` if the interval of the difference excludes zero, else `undecided`.',
    ),
    column(
      'pairing_gain',
      'number',
      'ratio',
      'Gain of pairing',
      'Variance of the difference without pairs (both variances added) over that with pairs: so many times the replications would be needed without common arrivals and demands.',
    ),
  ],
};

export function* comparisonRows(scenario: string, rows: readonly ComparisonRow[]): Generator<Row> {
  for (const row of rows) {
    yield [
      scenario,
      row.baseline,
      row.variant,
      row.className,
      row.metric,
      row.statistic,
      metricCell(row.metric, row.difference),
      metricCell(row.metric, row.ciLow),
      metricCell(row.metric, row.ciHigh),
      plainCell(row.ratio),
      plainCell(row.ratioCiLow),
      plainCell(row.ratioCiHigh),
      plainCell(row.ciLevel),
      row.method,
      row.verdict,
      plainCell(row.pairingGain),
    ];
  }
}
