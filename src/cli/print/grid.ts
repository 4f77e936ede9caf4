import Table from 'cli-table3';
import { type Cells, type Fitted, fitting } from './fitting.js';
import { folded } from './fold.js';

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns without lines between them: the first to the left, the others to the right. */
export function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: head.map((_, k) => (k === 0 ? 'left' : 'right')),
  });
  table.push([...head], ...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

export interface TableForm {
  readonly isMarkdown: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** What a table may go without on a narrow terminal. */
export interface Spare {
  /** See `fitting`. */
  readonly mayGo: readonly number[];
  /** The result file that has it. */
  readonly file: string;
}

/** A table as it is wanted; on a terminal without the columns that do not fit, and a line that names these. */
export function tableText(cells: Cells, form: TableForm, spare: Spare = { mayGo: [], file: '' }): string {
  return fittedText(fitted(cells, form, spare), form, spare);
}

/** The part of a table that is shown. */
export function fitted(cells: Cells, { isMarkdown, width }: TableForm, { mayGo }: Spare): Fitted {
  return isMarkdown ? { ...cells, leftOut: [] } : fitting(cells, mayGo, width);
}

/** It as text. */
export function fittedText({ head, rows, leftOut }: Fitted, { isMarkdown, width }: TableForm, { file }: Spare): string {
  if (isMarkdown) return markdown(head, rows);
  if (leftOut.length === 0) return grid(head, rows);
  const note = `left out, too wide: ${leftOut.join(', ')} (${file} has ${leftOut.length === 1 ? 'it' : 'them'})`;
  return `${grid(head, rows)}\n${folded(note, width)}`;
}

/** A table in Markdown. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `| ${head.map((_, k) => (k === 0 ? '---' : '---:')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
