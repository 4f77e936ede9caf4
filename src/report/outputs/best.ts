import type { BestRow } from '../../experiment/estimates/compare-with-best.js';
import { CI_LEVEL, column, interval, METHOD, METRIC, SCENARIO, STATISTIC, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export const BEST: Table = {
  name: 'best',
  title: 'Against the best',
  description:
    'Written by `gvlsim compare`: each variant that has a steady state against the best of the others, in every metric of which less (latency, errors, memory) or more (throughput, headroom) is better. The intervals of a statistic hold for all variants at once.',
  primaryKey: ['scenario', 'variant', 'metric', 'statistic'],
  columns: [
    SCENARIO,
    VARIANT,
    METRIC,
    STATISTIC,
    column('other', 'string', '', 'Best other', 'The variant with the best estimate among the others.'),
    column('difference', 'number', '', 'Difference', 'Variant minus the best of the others. Unit: see `metric`.'),
    ...interval('the difference'),
    CI_LEVEL,
    METHOD,
    column(
      'verdict',
      'string',
      '',
      'Verdict',
      '`best`: better than every other one; `worse`: worse than some other one; `undecided`: neither is beyond doubt.',
    ),
  ],
};

export function* bestRows(scenario: string, rows: readonly BestRow[]): Generator<Row> {
  for (const { variant, metric, statistic, other, difference, ciLow, ciHigh, ciLevel, method, verdict } of rows) {
    yield [
      scenario,
      variant,
      metric,
      statistic,
      other,
      metricCell(metric, difference),
      metricCell(metric, ciLow),
      metricCell(metric, ciHigh),
      plainCell(ciLevel),
      method,
      verdict,
    ];
  }
}
