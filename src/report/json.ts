import type { Table } from './columns.js';
import type { Row } from './csv.js';

export type JsonValue = string | number | boolean | null;

/** A row as an object with the types of its columns; a missing value is null. */
export function rowAsObject(table: Table, row: Row): Record<string, JsonValue> {
  return Object.fromEntries(table.columns.map(({ name, type }, k) => [name, cellValue(row[k]!, type)]));
}

function cellValue(cell: string, type: string): JsonValue {
  if (cell === '') return null;
  if (type === 'boolean') return cell === 'true';
  return type === 'string' ? cell : Number(cell);
}

/** A table as lines, one JSON object a row. */
export function* ndjsonChunks(table: Table, rows: Iterable<Row>): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(rowAsObject(table, row))}\n`;
}
