import { goalText } from '../../experiment/search/goal.js';
import type { OutputSensitivity } from '../../experiment/sensitivity.js';
import type { SensitivityPlan } from '../../scenario/index.js';
import type { SensitivityArgs } from '../arguments/options.js';
import { folded } from '../print/fold.js';
import { tableText } from '../print/grid.js';
import { digits, percent } from '../print/numbers.js';
import { paintFor } from '../print/paint.js';
import { tableWidthOf } from '../terminal.js';

/** Columns that a narrow terminal goes without, the first one first: values at the ends, then the ends. */
const MAY_GO = [3, 4, 1, 2];

/** A tornado table for each variant and output. */
export function shownSensitivity(
  plan: SensitivityPlan,
  found: readonly OutputSensitivity[],
  isMarkdown: boolean,
  args: SensitivityArgs,
): string {
  const paint = paintFor(process.stdout, { color: args.color && !isMarkdown });
  const form = { isMarkdown, width: tableWidthOf(process.stdout) };
  const blocks = found.map(({ variant, output, atBase, effects }) => {
    const of = variant === plan.name ? plan.name : `${plan.name}: ${variant}`;
    const title = `${of}: ${goalText(output)} is ${digits(atBase)}`;
    const rows = effects.map(({ input, rank, atLow, atHigh, swing }) => {
      const { path, low, high } = plan.inputs[input]!;
      const { estimate, interval } = swing.difference;
      const share = (value: number): string => `${value > 0 ? '+' : ''}${percent(value / atBase)}`;
      const range = interval === null ? '' : `${share(interval.low)} to ${share(interval.high)}`;
      const isOpen = swing.verdict === 'undecided';
      return [
        `${rank}  ${path}`,
        low.value,
        high.value,
        digits(atLow),
        digits(atHigh),
        isOpen ? paint.dim(share(estimate)) : share(estimate),
        isOpen ? `${range} undecided` : range,
      ];
    });
    const table = { head: ['input', 'low', 'high', 'at low', 'at high', 'swing', 'interval'], rows };
    return `${isMarkdown ? `## ${title}` : paint.bold(title)}\n\n${tableText(table, form, { mayGo: MAY_GO, file: 'sensitivity.csv' })}`;
  });
  const foot =
    'Swing: from the low to the high end of the input, as a share of the output, on the same random numbers.';
  return `${[...blocks, isMarkdown ? foot : folded(foot, form.width)].join('\n\n')}\n`;
}
