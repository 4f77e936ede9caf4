import type { JudgedObjective } from '../../experiment/estimates/judge-objectives.js';
import { grid, markdown } from './grid.js';
import { digits } from './numbers.js';
import type { TableOptions } from './run-table.js';

/** What became of the objectives of the scenario; empty if it has none. */
export function objectiveTable(judged: readonly JudgedObjective[], { isMarkdown, paint }: TableOptions): string {
  if (judged.length === 0) return '';
  const colour = { pass: paint.green, fail: paint.red, undecided: paint.yellow };
  const rows = judged.map(({ variant, objective, estimate, ciLow, ciHigh, verdict, method }) => [
    variant,
    objective.text,
    ciLow === null ? digits(estimate) : `${digits(ciLow)} to ${digits(ciHigh)}`,
    colour[verdict](verdict),
    ciLow === null ? method : '',
  ]);
  const head = ['objectives', '', 'interval', '', ''];
  return (isMarkdown ? markdown : grid)(head, rows);
}
