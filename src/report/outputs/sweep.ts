import type { CellRecord } from '../../experiment/estimates/cell-record.js';
import type { SummaryRow } from '../../experiment/experiment-result.js';
import { type Column, column, SCENARIO, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { plainCell } from '../numbers.js';
import { SUMMARY, summaryRows } from './summary.js';

const CELL = column('cell', 'integer', '', 'Cell', 'Number of the cell, from 1; the last factor changes fastest.');

/** Columns after those of the factors. */
const SUMMARY_COLUMNS = SUMMARY.columns.filter(({ name }) => name !== SCENARIO.name);
const CELLS_COLUMNS: readonly Column[] = [
  VARIANT,
  column('replications', 'integer', '', 'Replications', 'Independent runs of the cell.'),
  column('requests', 'integer', '', 'Requests', 'Requests of all replications, warm-up included.'),
  column('offered_per_s', 'number', '1/s', 'Offered load', 'Mean rate of arrivals asked for; empty for closed load.'),
  column(
    'unstable',
    'boolean',
    '',
    'Unstable',
    'More is offered than can be served, by hand formula or by what was seen in the run.',
  ),
  column('notes', 'string', '', 'Notes', 'Codes of the reasons not to rely on the cell, separated by blanks.'),
  column('fingerprint', 'string', '', 'Fingerprint', 'Hash of every event of all replications, 16 hex digits.'),
];

/** Names that no column of a factor may have. */
export const SWEEP_RESERVED: ReadonlySet<string> = new Set(
  [SCENARIO, CELL, ...SUMMARY_COLUMNS, ...CELLS_COLUMNS].map(({ name }) => name),
);

/** A factor of a sweep, as a column. */
export function factorColumn(name: string, type: 'number' | 'string', unit: string, path: string): Column {
  return column(name, type, unit, `\`${path}\``, `Value of \`${path}\` in the cell.`);
}

/** sweep.csv with these factors. */
export function sweepTable(factors: readonly Column[]): Table {
  return {
    name: 'sweep',
    title: 'Sweep',
    description:
      'Written by `gvlsim sweep`: one row for each cell of the grid, variant, class, metric and statistic. After `cell` there is one column for each factor, named after its field and unit, e.g. `workers`, `rate_per_s`.',
    primaryKey: ['scenario', 'cell', 'variant', 'class', 'metric', 'statistic'],
    columns: [SCENARIO, CELL, ...factors, ...SUMMARY_COLUMNS],
  };
}

/** cells.csv with these factors. */
export function cellsTable(factors: readonly Column[]): Table {
  return {
    name: 'cells',
    title: 'Cells of a sweep',
    description:
      'Written by `gvlsim sweep`: one row for each cell and variant: what was run, and what speaks against its result. After `cell` there is one column for each factor.',
    primaryKey: ['scenario', 'cell', 'variant'],
    columns: [SCENARIO, CELL, ...factors, ...CELLS_COLUMNS],
  };
}

export const SWEEP: Table = sweepTable([]);
export const CELLS: Table = cellsTable([]);

/** A cell, as both tables name it. */
export interface CellName {
  readonly scenario: string;
  /** From 0. */
  readonly cell: number;
  /** One for each factor. */
  readonly factors: readonly string[];
}

export function* sweepRows(name: CellName, rows: readonly SummaryRow[]): Generator<Row> {
  const head = headOf(name);
  for (const [, ...rest] of summaryRows(name.scenario, rows)) yield [...head, ...rest];
}

export function cellRow(name: CellName, record: CellRecord): Row {
  return [
    ...headOf(name),
    record.variant,
    String(record.replications),
    String(record.requests),
    plainCell(record.offeredPerSec),
    String(record.isUnstable),
    record.notes.join(' '),
    record.fingerprint,
  ];
}

function headOf({ scenario, cell, factors }: CellName): string[] {
  return [scenario, String(cell + 1), ...factors];
}
