import type { TimeBand } from '../../experiment/estimates/time-bands.js';
import { CI_LEVEL, column, interval, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell, secondsCell } from '../numbers.js';

export const TIME_BANDS: Table = {
  name: 'timeseries-bands',
  title: 'Time series, over the replications',
  description:
    'Each signal of timeseries.csv over simulated time: mean over the replications with its interval, and their range. The intervals hold for each time alone, not for the whole curve at once.',
  primaryKey: ['variant', 't_s', 'signal'],
  columns: [
    VARIANT,
    column('t_s', 'number', 's', 'Time', 'Simulated time of the sample, from the start of the replications.'),
    column('signal', 'string', '', 'Signal', 'As in timeseries.csv.'),
    column('n', 'integer', 'replications', 'Replications', 'Replications in which it was observed.'),
    column('mean', 'number', '', 'Mean', 'Mean over the replications. Unit: the last part of the name of the signal.'),
    ...interval('the mean'),
    CI_LEVEL,
    column('min', 'number', '', 'Minimum', 'Least of the replications.'),
    column('max', 'number', '', 'Maximum', 'Greatest of the replications.'),
  ],
};

export function* timeBandRows(bands: Iterable<TimeBand>): Generator<Row> {
  for (const { variant, atNs, signal, n, mean, ciLow, ciHigh, ciLevel, min, max } of bands) {
    const cell = (value: number | null): string => metricCell(signal, value);
    yield [
      variant,
      secondsCell(atNs),
      signal,
      String(n),
      cell(mean),
      cell(ciLow),
      cell(ciHigh),
      plainCell(ciLevel),
      cell(min),
      cell(max),
    ];
  }
}
