import { closeSync, openSync, readSync } from 'node:fs';
import { CliError, fileError } from '../cli-error.js';

const READ_BYTES = 1 << 16;

/**
 * The rows of several CSV files of which the first has the cells 1, 1 + n, 1 + 2n ..., the second 2, 2 + n ..., in the
 * order of the cells and without the headers. The second column is the number of the cell. Holds a block of each file.
 */
export function* cellRowsOf(paths: readonly string[], cells: number): Generator<Uint8Array> {
  const readers = paths.map((path) => new CellReader(path));
  try {
    for (let cell = 0; cell < cells; cell++) yield* readers[cell % readers.length]!.rowsOf(cell + 1);
    for (const reader of readers) reader.requireEnd();
  } finally {
    for (const reader of readers) reader.close();
  }
}

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const QUOTE = 0x22;

class CellReader {
  private readonly path: string;
  private readonly file: number;
  /** Read, but not used; starts with a row. */
  private rest: Buffer;
  private isAtEnd: boolean;

  constructor(path: string) {
    this.path = path;
    try {
      this.file = openSync(path, 'r');
    } catch (error) {
      throw fileError(error, `read ${path}`);
    }
    this.rest = Buffer.alloc(0);
    this.isAtEnd = false;
    this.nextRow(); // the header
  }

  *rowsOf(cell: number): Generator<Uint8Array> {
    let rows = 0;
    for (let row = this.peekRow(); row !== null && cellOf(row) === cell; row = this.peekRow()) {
      yield row;
      this.rest = this.rest.subarray(row.length);
      rows++;
    }
    if (rows === 0) throw new CliError(`${this.path} lacks cell ${cell}`, 'it is damaged: simulate this part again');
  }

  requireEnd(): void {
    if (this.peekRow() !== null) throw new CliError(`${this.path} has more cells than it should have`);
  }

  close(): void {
    closeSync(this.file);
  }

  private nextRow(): void {
    const row = this.peekRow();
    if (row !== null) this.rest = this.rest.subarray(row.length);
  }

  private peekRow(): Buffer | null {
    for (;;) {
      const end = endOfRow(this.rest);
      if (end >= 0) return this.rest.subarray(0, end);
      if (this.isAtEnd) return null;
      this.readMore();
    }
  }

  private readMore(): void {
    const block = Buffer.allocUnsafe(READ_BYTES);
    const count = readSync(this.file, block, 0, READ_BYTES, null);
    if (count === 0) this.isAtEnd = true;
    else this.rest = Buffer.concat([this.rest, block.subarray(0, count)]);
  }
}

/** One past the line feed that ends the first row; -1 if it is not there. A line feed within quotes ends nothing. */
function endOfRow(text: Buffer): number {
  let isQuoted = false;
  for (let k = 0; k < text.length; k++) {
    const byte = text[k];
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === NEWLINE && !isQuoted) return k + 1;
  }
  return -1;
}

/** The number in the second column; the name of a scenario (the first) has no comma and no quotes. */
function cellOf(row: Buffer): number {
  const from = row.indexOf(COMMA) + 1;
  return Number(row.toString('latin1', from, row.indexOf(COMMA, from)));
}
