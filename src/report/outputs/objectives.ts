import type { JudgedObjective } from '../../experiment/estimates/judge-objectives.js';
import { CI_LEVEL, column, interval, SCENARIO, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export const OBJECTIVES: Table = {
  name: 'slo',
  title: 'Objectives',
  description:
    'With `slo:` in the scenario: one row for each variant and objective, judged by the interval of the summary.',
  primaryKey: ['scenario', 'variant', 'objective'],
  columns: [
    SCENARIO,
    VARIANT,
    column('objective', 'string', '', 'Objective', 'As written in the scenario.'),
    column(
      'limit',
      'number',
      '',
      'Limit',
      'What the estimate is compared with. Unit: the last part of the name of the metric.',
    ),
    column('estimate', 'number', '', 'Estimate', 'As in the summary; empty if there is none.'),
    ...interval('the estimate'),
    CI_LEVEL,
    column(
      'verdict',
      'string',
      '',
      'Verdict',
      '`pass` or `fail` if the whole interval is on one side of the limit, else `undecided`.',
    ),
    column('method', 'string', '', 'Method', 'How the verdict came about.'),
  ],
};

export function* objectiveRows(scenario: string, judged: readonly JudgedObjective[]): Generator<Row> {
  for (const { variant, objective, estimate, ciLow, ciHigh, ciLevel, verdict, method } of judged) {
    const cell = (value: number | null): string => metricCell(objective.metric, value);
    yield [
      scenario,
      variant,
      objective.text,
      cell(objective.limit),
      cell(estimate),
      cell(ciLow),
      cell(ciHigh),
      plainCell(ciLevel),
      verdict,
      method,
    ];
  }
}
