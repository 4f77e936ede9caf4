import type { ReplicationResult } from '../../experiment/result.js';
import { column, REPLICATION, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, secondsCell } from '../numbers.js';

export const TIME_SERIES: Table = {
  name: 'timeseries',
  title: 'Time series',
  description: 'Queue lengths, busy threads, rates and utilisation over simulated time, sampled at equal intervals.',
  primaryKey: ['variant', 'replication', 't_s', 'signal'],
  columns: [
    VARIANT,
    REPLICATION,
    column('t_s', 'number', 's', 'Time', 'Simulated time of the sample, from the start of the replication.'),
    column(
      'signal',
      'string',
      '',
      'Signal',
      'What was sampled. `_count`: the level at that moment; `_ratio` and `_per_s`: the average since the sample before; `latency_ms`: mean latency of those who left since then.',
    ),
    column('value', 'number', '', 'Value', 'Value of the signal. Unit: the last part of its name.'),
  ],
};

export function* timeSeriesRows(replications: readonly ReplicationResult[]): Generator<Row> {
  for (const { variant, replication, timeSeries } of replications) {
    const number = String(replication + 1);
    for (let k = 0; k < timeSeries.timesNs.length; k++) {
      const time = secondsCell(timeSeries.timesNs[k]!);
      for (const { name, values } of timeSeries.signals)
        yield [variant, number, time, name, metricCell(name, values[k]!)];
    }
  }
}
