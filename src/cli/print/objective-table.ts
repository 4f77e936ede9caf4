import type { JudgedObjective } from '../../experiment/estimates/judge-objectives.js';
import { tableText } from './grid.js';
import { digits } from './numbers.js';
import type { TableOptions } from './table-options.js';

/** What became of the objectives of the scenario; empty if it has none. On narrow terminals without why there is no interval. */
export function objectiveTable(judged: readonly JudgedObjective[], options: TableOptions): string {
  const { paint } = options;
  if (judged.length === 0) return '';
  const colour = { pass: paint.green, fail: paint.red, undecided: paint.yellow };
  const rows = judged.map(({ variant, objective, estimate, ciLow, ciHigh, verdict, method }) => [
    variant,
    objective.text,
    ciLow === null ? digits(estimate) : `${digits(ciLow)} to ${digits(ciHigh)}`,
    colour[verdict](verdict),
    ciLow === null ? method : '',
  ]);
  // The title is not to widen the first column where there is no room.
  const head = [options.width < 60 ? 'slo' : 'objectives', '', 'interval', '', ''];
  return tableText({ head, rows }, options, { mayGo: [4, 2], file: 'slo.csv' });
}
