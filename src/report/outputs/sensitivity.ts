import type { OutputSensitivity } from '../../experiment/sensitivity.js';
import { CI_LEVEL, column, interval, METHOD, METRIC, SCENARIO, STATISTIC, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export const SENSITIVITY: Table = {
  name: 'sensitivity',
  title: 'Sensitivity',
  description:
    'Written by `gvlsim sensitivity`: one row for each variant, output and input: what the output is with the input at its low and at its high end, on the same random numbers.',
  primaryKey: ['scenario', 'variant', 'metric', 'statistic', 'input'],
  columns: [
    SCENARIO,
    VARIANT,
    METRIC,
    STATISTIC,
    column('rank', 'integer', '', 'Rank', 'From 1: what moves the output most comes first.'),
    column('input', 'string', '', 'Input', 'Field that is varied.'),
    column('low', 'string', '', 'Low end', 'Its lowest value, as in a scenario.'),
    column('high', 'string', '', 'High end', 'Its highest value, as in a scenario.'),
    column('at_base', 'number', '', 'As it is', 'Output of the scenario as it is. Unit: see `metric`.'),
    column('at_low', 'number', '', 'At the low end', 'Output with the input at its low end.'),
    column('at_high', 'number', '', 'At the high end', 'Output with the input at its high end.'),
    column(
      'swing',
      'number',
      '',
      'Swing',
      'Output at the high end less output at the low end, in pairs of replications.',
    ),
    ...interval('the swing', { title: 'Swing' }),
    column('swing_ratio', 'number', 'ratio', 'Relative swing', 'Swing divided by the output of the scenario as it is.'),
    CI_LEVEL,
    METHOD,
    column(
      'verdict',
      'string',
      '',
      'Verdict',
      '`higher` or `lower`: what a higher input makes of the output, if the interval of the swing excludes zero; else `undecided`.',
    ),
  ],
};

export function* sensitivityRows(
  scenario: string,
  found: readonly OutputSensitivity[],
  inputs: readonly { readonly path: string; readonly low: { value: string }; readonly high: { value: string } }[],
  level: number,
): Generator<Row> {
  for (const { variant, output, atBase, effects } of found) {
    const { metric, statistic } = output;
    const cell = (value: number | null): string => metricCell(metric, value);
    for (const { input, rank, atLow, atHigh, swing } of effects) {
      const { estimate, interval, method } = swing.difference;
      const { path, low, high } = inputs[input]!;
      yield [
        scenario,
        variant,
        metric,
        statistic,
        String(rank),
        path,
        low.value,
        high.value,
        cell(atBase),
        cell(atLow),
        cell(atHigh),
        cell(estimate),
        cell(interval?.low ?? null),
        cell(interval?.high ?? null),
        plainCell(estimate / atBase),
        plainCell(interval === null ? null : level),
        method,
        swing.verdict,
      ];
    }
  }
}
