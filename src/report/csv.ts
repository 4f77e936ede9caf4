import { stringify } from 'csv-stringify/browser/esm/sync';
import type { Table } from './columns.js';

/** Cells of a row, in the order of the columns; an empty text is a missing value. */
export type Row = readonly string[];

/** Rows that are turned into text at a time: large enough to be quick, small enough to keep memory flat. */
const BATCH_ROWS = 1024;

/** RFC 4180 with `\n`, UTF-8, quotes only where they are needed. */
export function csvLines(rows: readonly Row[]): string {
  return rows.length === 0 ? '' : stringify(rows as string[][], { record_delimiter: 'unix' });
}

export function csvHeader(table: Table): string {
  return csvLines([table.columns.map((column) => column.name)]);
}

/** A whole table as chunks of text, the header first. */
export function* csvChunks(table: Table, rows: Iterable<Row>): Generator<string> {
  yield csvHeader(table);
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH_ROWS) {
      yield csvLines(batch);
      batch = [];
    }
  }
  yield csvLines(batch);
}
