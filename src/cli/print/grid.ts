import Table from 'cli-table3';
import { type Cells, fitting } from './fitting.js';

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

/** A table as it is wanted; on a terminal without the columns that do not fit. @param mayGo see `fitting` */
export function tableText(cells: Cells, { isMarkdown, width }: TableForm, mayGo: readonly number[] = []): string {
  if (isMarkdown) return markdown(cells.head, cells.rows);
  const { head, rows } = fitting(cells, mayGo, width);
  return grid(head, rows);
}

/** A table in Markdown. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `| ${head.map((_, k) => (k === 0 ? '---' : '---:')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
