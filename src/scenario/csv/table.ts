import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import type { Place } from '../../schema/index.js';

/** A CSV file as text cells. */
export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  /** Rows below the header, each as long as the header. */
  readonly rows: readonly (readonly string[])[];
  /** Place of a cell; row -1 is the header. Slow: reads the text again. */
  placeOf(row: number, column: number): Place;
}

/** What keeps a text from being a table. */
export class TableError extends Error {
  readonly place: Place;
  /** What is wrong in other rows. */
  readonly others: readonly TableError[];

  constructor(message: string, place: Place, others: readonly TableError[] = []) {
    super(message);
    this.name = 'TableError';
    this.place = place;
    this.others = others;
  }
}

/** More rows than that are wrong for one reason. */
const MOST_ROWS_TOLD = 5;

/**
 * Reads something from every row.
 *
 * @throws TableError for the first five rows that `read` throws one for
 */
export function fromRows<T>({ rows }: Table, read: (row: readonly string[], index: number) => T): T[] {
  const errors: TableError[] = [];
  const values: T[] = [];
  for (let r = 0; r < rows.length && errors.length < MOST_ROWS_TOLD; r++) {
    try {
      values.push(read(rows[r]!, r));
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      errors.push(error);
    }
  }
  const [first, ...others] = errors;
  if (first !== undefined) throw new TableError(first.message, first.place, others);
  return values;
}

const OPTIONS = { bom: true, skip_empty_lines: true, trim: true } as const;

/**
 * Reads RFC 4180 text with a header row; blank lines are skipped.
 *
 * @throws TableError with the place of the first malformed row
 */
export function readTable(file: string, text: string): Table {
  const lines = (): string[] => text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const place = (line: number, column: number, length: number): Place => {
    const excerpt = lines()[line - 1] ?? '';
    return { file, line, column, length: Math.max(1, length), excerpt };
  };
  let records: string[][];
  try {
    records = parse(text, OPTIONS) as string[][];
  } catch (error) {
    const line = error instanceof CsvError && typeof error.lines === 'number' ? error.lines : 1;
    throw new TableError(error instanceof CsvError ? plainReason(error) : String(error), place(line, 1, 1));
  }
  const [columns, ...rows] = records;
  if (columns === undefined) {
    throw new TableError('the file is empty; its first line must name the columns', place(1, 1, 1));
  }
  const repeated = columns.findIndex((name, k) => columns.indexOf(name) !== k);
  const placeOf = (row: number, column: number): Place => {
    const line = lineOfRecord(text, row + 1);
    const { from, length } = cell(lines()[line - 1] ?? '', column);
    return place(line, from + 1, length);
  };
  if (repeated >= 0) throw new TableError(`two columns are called ${columns[repeated]}`, placeOf(-1, repeated));
  return { file, columns, rows, placeOf };
}

function plainReason(error: CsvError): string {
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    return 'this row has another number of cells than the first line';
  }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed';
  return error.message;
}

/** Line on which a record begins, from 1. */
function lineOfRecord(text: string, record: number): number {
  const options = { ...OPTIONS, info: true, raw: true, from: record + 1, to: record + 1 };
  const [found] = parse(text, options) as unknown as { info: { lines: number }; raw: string }[];
  if (found === undefined) return 1;
  return found.info.lines - (found.raw.trim().match(/\r\n|\n|\r/g)?.length ?? 0);
}

/** Offset and length of a cell in its line. */
function cell(line: string, column: number): { from: number; length: number } {
  let from = 0;
  let index = 0;
  let quoted = false;
  for (let k = 0; k <= line.length; k++) {
    const letter = line[k];
    if (letter === '"') quoted = !quoted;
    if (letter !== undefined && (letter !== ',' || quoted)) continue;
    if (index === column) return { from, length: k - from };
    index++;
    from = k + 1;
  }
  return { from: 0, length: line.length };
}
