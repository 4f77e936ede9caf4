import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../report/columns.js';
import { rowAsObject } from '../../report/json.js';
import { readTable } from '../../scenario/index.js';
import type { Format } from '../arguments/options.js';
import { printData, tableWidthOf } from '../terminal.js';
import { formatted } from './formatted.js';
import { tableText } from './grid.js';

/** Columns that are the same in every row. */
const ASIDE: ReadonlySet<string> = new Set(['scenario', 'ci_level', 'method']);

/**
 * Gives stdout a result that was written earlier. The table for people is that of the file, without the sentences.
 *
 * @param directory of the result
 * @param head of the object for `json`; the rows follow under the name of the table
 */
export async function printStored(directory: string, table: Table, head: object, format: Format): Promise<void> {
  const file = join(directory, `${table.name}.csv`);
  const text = readFileSync(file, 'utf8');
  const { rows } = readTable(file, text);
  const kept = table.columns.flatMap(({ name }, k) => (ASIDE.has(name) ? [] : [k]));
  const cells = {
    head: kept.map((k) => table.columns[k]!.name),
    rows: rows.map((row) => kept.map((k) => row[k]!)),
  };
  await printData(
    formatted(format, {
      table,
      rows: () => rows,
      json: () => ({ ...head, [table.name]: rows.map((row) => rowAsObject(table, row)) }),
      text: (isMarkdown) => `${tableText(cells, { isMarkdown, width: tableWidthOf(process.stdout) })}\n`,
    }),
  );
}
