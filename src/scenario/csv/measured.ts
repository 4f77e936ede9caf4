import { ANSWERED, type ObservedRequests } from '../../experiment/replay/observed-requests.js';
import { requireColumn } from './recorded.js';
import { fromRows, type Table, TableError } from './table.js';

/** What a line of an answered request says in the column `status`. */
const ANSWERED_WORDS: ReadonlySet<string> = new Set(['200', ANSWERED]);

/**
 * Requests as a server was seen to handle them: `id`, and `latency_ms` or else `send_ms` and `done_ms`. Where there are
 * any, `queue_ms` or else `app_start_ms`, `status` (a line counts as answered with 200 or ok; without the column all do),
 * and `worker` or else `pid`. Other columns are ignored.
 *
 * @param ids those of the trace
 * @throws TableError
 */
export function readMeasured(table: Table, ids: ReadonlySet<string>): ObservedRequests {
  const idColumn = requireColumn(table, 'id');
  if (table.rows.length === 0) throw new TableError('no rows below the header', table.placeOf(-1, 0));
  const status = readStatus(table);
  const measured = {
    ids: table.rows.map((row) => row[idColumn]!),
    latencyMs: readLatency(table, status),
    queueMs: readQueue(table, status),
    worker: readWorker(table),
    status,
  };
  requireKnownIds(table, idColumn, ids);
  return measured;
}

function readStatus({ columns, rows }: Table): string[] {
  const column = columns.indexOf('status');
  return rows.map((row) => {
    const text = column < 0 ? ANSWERED : row[column]!.toLowerCase();
    return ANSWERED_WORDS.has(text) ? ANSWERED : text === '' ? 'none' : text;
  });
}

function readLatency(table: Table, status: readonly string[]): Float64Array {
  const { columns } = table;
  if (columns.includes('latency_ms')) return readMilliseconds(table, 'latency_ms', status);
  const missing = ['send_ms', 'done_ms'].filter((name) => !columns.includes(name));
  if (missing.length === 0) return differences(table, 'done_ms', 'send_ms', status);
  const message = `expected a column latency_ms, or send_ms and done_ms; there are ${columns.join(', ')}`;
  throw new TableError(message, table.placeOf(-1, 0));
}

function readQueue(table: Table, status: readonly string[]): Float64Array | null {
  const { columns } = table;
  if (columns.includes('queue_ms')) return readMilliseconds(table, 'queue_ms', status, true);
  if (!columns.includes('app_start_ms') || !columns.includes('send_ms')) return null;
  return differences(table, 'app_start_ms', 'send_ms', status, true);
}

function readWorker({ columns, rows }: Table): string[] | null {
  const column = columns.includes('worker') ? columns.indexOf('worker') : columns.indexOf('pid');
  return column < 0 ? null : rows.map((row) => row[column]!);
}

/** A column of times of answered requests; NaN for the others. */
function readMilliseconds(table: Table, name: string, status: readonly string[], mayLack = false): Float64Array {
  const column = requireColumn(table, name);
  const times = fromRows(table, (row, r) => {
    const text = row[column]!;
    if (status[r] !== ANSWERED || (mayLack && text === '')) return Number.NaN;
    const value = /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw new TableError(`expected milliseconds >= 0, received "${text.slice(0, 40)}"`, table.placeOf(r, column));
  });
  return Float64Array.from(times);
}

function differences(
  table: Table,
  later: string,
  earlier: string,
  status: readonly string[],
  mayLack = false,
): Float64Array {
  const from = readMilliseconds(table, earlier, status);
  const to = readMilliseconds(table, later, status, mayLack);
  return to.map((end, r) => {
    if (end < from[r]!)
      throw new TableError(`${later} is before ${earlier}`, table.placeOf(r, table.columns.indexOf(later)));
    return end - from[r]!;
  });
}

function requireKnownIds(table: Table, column: number, ids: ReadonlySet<string>): void {
  const cells = table.rows.map((row) => row[column]!);
  const seen = new Set<string>();
  cells.forEach((id, r) => {
    if (seen.has(id)) throw new TableError(`a second line with the id ${id}`, table.placeOf(r, column));
    seen.add(id);
  });
  const strangers = cells.flatMap((id, r) => (ids.has(id) ? [] : [r]));
  if (strangers.length === 0) return;
  const some = strangers.length === 1 ? 'this id is not' : `${strangers.length} ids, this one first, are not`;
  const which = strangers.length === cells.length ? 'no id of this file is' : some;
  throw new TableError(`${which} in the trace`, table.placeOf(strangers[0]!, column));
}
