import type { ReplayFigure } from '../../experiment/replay/replay-check.js';
import { CI_LEVEL, column, interval, METHOD, SCENARIO, type Table } from '../columns.js';
import type { Row } from '../csv.js';
import { metricCell, plainCell } from '../numbers.js';

export const REPLAY_CHECK: Table = {
  name: 'replay-check',
  title: 'Replay check',
  description:
    'Written by `gvlsim replay-check`: one row for each figure of the requests that were answered both by the measured server and by the replay.',
  primaryKey: ['scenario', 'metric', 'statistic'],
  columns: [
    SCENARIO,
    column(
      'metric',
      'string',
      '',
      'Metric',
      '`latency_ms`: from sending to the answer; `before_app_ms`: from sending to the start of the application; `busiest_worker_ratio`: share of the requests that the busiest worker served.',
    ),
    column('statistic', 'string', '', 'Statistic', '`mean`, `p50`, `p90`, `p95` or `p99` (Hyndman and Fan type 7).'),
    column('n', 'integer', 'requests', 'Requests', 'Requests behind the figure.'),
    column('measured', 'number', '', 'Measured', 'Unit: see `metric`.'),
    column(
      'measured_ci_low',
      'number',
      '',
      'Measured from',
      'Lower end of the interval of the measured figure, as other traffic of the kind might have given it; empty if there is none.',
    ),
    column('measured_ci_high', 'number', '', 'Measured to', 'Upper end of the interval of the measured figure.'),
    column('simulated', 'number', '', 'Simulated', 'Unit: see `metric`.'),
    column('ratio', 'number', 'ratio', 'Ratio', 'Simulated divided by measured; empty if 0 was measured.'),
    ...interval('the ratio on these requests', { prefix: 'ratio_', title: 'Ratio', unit: 'ratio' }),
    CI_LEVEL,
    METHOD,
    column(
      'verdict',
      'string',
      '',
      'Verdict',
      '`within` if the interval of the ratio holds 1, else `lower` or `higher`: what simulated is; `undecided` without an interval.',
    ),
  ],
};

export function* replayCheckRows(scenario: string, figures: readonly ReplayFigure[], level: number): Generator<Row> {
  for (const figure of figures) {
    const { metric, measuredRange, ratioRange } = figure;
    yield [
      scenario,
      metric,
      figure.statistic,
      String(figure.n),
      metricCell(metric, figure.measured),
      metricCell(metric, measuredRange?.low ?? null),
      metricCell(metric, measuredRange?.high ?? null),
      metricCell(metric, figure.simulated),
      plainCell(figure.ratio),
      plainCell(ratioRange?.low ?? null),
      plainCell(ratioRange?.high ?? null),
      plainCell(ratioRange === null ? null : level),
      figure.method,
      figure.verdict,
    ];
  }
}
