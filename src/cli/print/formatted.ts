import type { Table } from '../../report/columns.js';
import { csvChunks, type Row } from '../../report/csv.js';
import { ndjsonChunks } from '../../report/json.js';
import type { Format } from '../arguments/options.js';

/** A result in every form that stdout may get it in. */
export interface Printable {
  /** Its main table, for `csv` and `ndjson`. */
  readonly table: Table;
  readonly rows: () => Iterable<Row>;
  /** The object of `json`. */
  readonly json: () => object;
  /** For people: `md`, or `table`. */
  readonly text: (isMarkdown: boolean) => string;
}

/** What stdout gets. */
export function formatted(format: Format, { table, rows, json, text }: Printable): string {
  switch (format) {
    case 'csv':
      return [...csvChunks(table, rows())].join('');
    case 'ndjson':
      return [...ndjsonChunks(table, rows())].join('');
    case 'json':
      return `${JSON.stringify(json(), null, 2)}\n`;
    default:
      return text(format === 'md');
  }
}
