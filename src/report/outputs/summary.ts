import type { SummaryRow } from '../../experiment/experiment-result.js';
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

export const SUMMARY: Table = {
  name: 'summary',
  title: 'Summary',
  description:
    'One row for each variant, class, metric and statistic: the estimate over all replications and its interval.',
  primaryKey: ['scenario', 'variant', 'class', 'metric', 'statistic'],
  columns: [
    SCENARIO,
    VARIANT,
    CLASS,
    METRIC,
    STATISTIC,
    column(
      'n',
      'integer',
      '',
      'Observations',
      'Observations behind the estimate: requests of all replications for request metrics, replications for the others. Intervals are over replications; their number is in `method`.',
    ),
    column(
      'estimate',
      'number',
      '',
      'Estimate',
      "Mean of the replications' values; a quantile of all replications together; the extreme over all of them for `min` and `max`. Unit: see `metric`.",
    ),
    ...interval('the estimate'),
    CI_LEVEL,
    METHOD,
  ],
};

export function* summaryRows(scenario: string, rows: readonly SummaryRow[]): Generator<Row> {
  for (const row of rows) {
    yield [
      scenario,
      row.variant,
      row.className,
      row.metric,
      row.statistic,
      plainCell(row.n),
      metricCell(row.metric, row.estimate),
      metricCell(row.metric, row.ciLow),
      metricCell(row.metric, row.ciHigh),
      plainCell(row.ciLevel),
      row.method,
    ];
  }
}
