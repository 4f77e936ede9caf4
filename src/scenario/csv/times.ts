import { requireColumn } from './recorded.js';
import { fromRows, type Table, TableError } from './table.js';

const UNIT_NS: Readonly<Record<string, number>> = { _ns: 1, _us: 1e3, _ms: 1e6, _s: 1e9 };

/** Nanoseconds in the unit that a column name ends in; null when it ends in none. */
export function unitOfColumn(name: string): number | null {
  const suffix = /_(ns|us|ms|s)$/.exec(name)?.[0];
  return suffix === undefined ? null : UNIT_NS[suffix]!;
}

/**
 * A column of times as whole nanoseconds; its name ends in the unit.
 *
 * @throws TableError
 */
export function readTimes(table: Table, column: string): Float64Array {
  const index = requireColumn(table, column);
  const unitNs = unitOfColumn(column);
  if (unitNs === null) {
    throw new TableError('the name of the column must end in its unit: _ms, _s, _us or _ns', table.placeOf(-1, index));
  }
  if (table.rows.length === 0) throw new TableError('no rows below the header', table.placeOf(-1, 0));
  const times = fromRows(table, (row, r) => {
    const text = row[index]!;
    const ns = /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Math.round(Number(text) * unitNs) : Number.NaN;
    if (Number.isSafeInteger(ns)) return ns;
    throw new TableError(`expected a number >= 0, received "${text.slice(0, 40)}"`, table.placeOf(r, index));
  });
  return Float64Array.from(times);
}

/**
 * Arrival times: never decreasing.
 *
 * @throws TableError
 */
export function readArrivals(table: Table, column: string): Float64Array {
  const times = readTimes(table, column);
  for (let r = 1; r < times.length; r++) {
    if (times[r]! >= times[r - 1]!) continue;
    throw new TableError('arrival times must not decrease', table.placeOf(r, table.columns.indexOf(column)));
  }
  return times;
}
