import { readTable, type Table } from './table.js';

/** Tables by path; each file is read once. */
export interface Tables {
  /** @throws TableError, or whatever the reader throws for a file it cannot read */
  open(path: string): Table;
}

export function createTables(readText: (path: string) => string): Tables {
  const open = new Map<string, Table>();
  return {
    open(path) {
      const known = open.get(path);
      if (known !== undefined) return known;
      const table = readTable(path, readText(path));
      open.set(path, table);
      return table;
    },
  };
}
