import { QUANTILE_LABELS } from '../../experiment/metrics/metrics.js';
import type { ReplicationResult } from '../../experiment/result.js';
import { CLASS, column, METRIC, REPLICATION, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export const REPLICATIONS: Table = {
  name: 'replications',
  title: 'Replications',
  description: 'One row for each variant, replication, class and metric: the values the summary is made of.',
  primaryKey: ['variant', 'replication', 'class', 'metric'],
  columns: [
    VARIANT,
    REPLICATION,
    CLASS,
    METRIC,
    column('n', 'integer', '', 'Observations', 'Requests behind the row; 1 for metrics of the whole run.'),
    column('mean', 'number', '', 'Mean', 'Mean over the requests, or the value of the run. Unit: see `metric`.'),
    column('min', 'number', '', 'Minimum', 'Smallest value. Unit: see `metric`.'),
    ...QUANTILE_LABELS.map((label) =>
      column(
        label,
        'number',
        '',
        `${label.slice(1, 3)}${label.length > 3 ? `.${label.slice(3)}` : ''} % quantile`,
        'Quantile, Hyndman and Fan type 7. Unit: see `metric`.',
      ),
    ),
    column('max', 'number', '', 'Maximum', 'Largest value. Unit: see `metric`.'),
    column(
      'method',
      'string',
      '',
      'Method',
      '`exact`: from every request; `sketch`: quantiles from a histogram (relative error in manifest.json); `time average` or `count` for metrics of the run.',
    ),
  ],
};

export function* replicationRows(replications: readonly ReplicationResult[]): Generator<Row> {
  for (const result of replications) {
    const number = String(result.replication + 1);
    for (const summary of result.metrics) {
      const cell = (value: number | null): string => metricCell(summary.metric, value);
      yield [
        result.variant,
        number,
        summary.className,
        summary.metric,
        plainCell(summary.n),
        cell(summary.mean),
        cell(summary.min),
        ...QUANTILE_LABELS.map((_, q) => cell(summary.quantiles === null ? null : summary.quantiles[q]!)),
        cell(summary.max),
        summary.method,
      ];
    }
    for (const { className, metric, value } of result.runValues) {
      const empty = QUANTILE_LABELS.map(() => '');
      const method = metric.endsWith('_ratio') && metric !== 'error_ratio' ? 'time average' : 'count';
      yield [result.variant, number, className, metric, '1', metricCell(metric, value), '', ...empty, '', method];
    }
  }
}
