import type { RecordedDemands } from '../../model/spec.js';
import { type RecordedPhase, readPhases, readUpload } from './phases.js';
import { fromRows, type Table, TableError } from './table.js';

/** Most classes that a file may name: their index is 16 bits. */
const MAX_CLASSES = 65_535;
/** The class of all requests when the file names none. */
const ONE_CLASS = 'request';

export interface RecordedRequests {
  readonly demands: RecordedDemands;
  readonly classNames: readonly string[];
}

/**
 * Demands of recorded requests: columns `phases`, and where there are any `id`, `class`, `client`. Others are ignored.
 *
 * @throws TableError
 */
export function readDemands(table: Table, order: 'sequential' | 'random', repeat: boolean): RecordedRequests {
  const { rows } = table;
  const phasesColumn = requireColumn(table, 'phases');
  if (rows.length === 0) throw new TableError('no rows below the header', table.placeOf(-1, 0));
  const phases = fromRows(table, (row, r) => phasesOf(row[phasesColumn]!, table, r, phasesColumn));
  const flat = phases.flat();
  const { classOf, classNames } = readClasses(table);
  return {
    classNames,
    demands: {
      count: rows.length,
      ids: readIds(table),
      classOf,
      phaseStart: startsOf(phases),
      phaseKind: Uint8Array.from(flat, (phase) => phase.kind),
      phaseDemand: Float64Array.from(flat, (phase) => phase.demand),
      phaseKept: Float64Array.from(flat, (phase) => phase.kept),
      uploadNs: readUploads(table),
      order,
      repeat,
    },
  };
}

function phasesOf(text: string, table: Table, row: number, column: number): RecordedPhase[] {
  const phases = readPhases(text);
  if (phases !== null) return phases;
  const message = `expected phases such as c12.5;i30;h8;n8;a50000:5000, received "${text.slice(0, 60)}"`;
  throw new TableError(message, table.placeOf(row, column));
}

function startsOf(phases: readonly RecordedPhase[][]): Uint32Array {
  const starts = new Uint32Array(phases.length + 1);
  phases.forEach((list, r) => {
    starts[r + 1] = starts[r]! + list.length;
  });
  return starts;
}

/** As in the file, or the number of the row from 1. */
function readIds({ rows, columns }: Table): string[] {
  const column = columns.indexOf('id');
  return rows.map((row, r) => (column < 0 ? String(r + 1) : row[column]!));
}

function readUploads(table: Table): Float64Array {
  const column = table.columns.indexOf('client');
  const uploads = fromRows(table, (row, r) => {
    const upload = column < 0 ? 0 : readUpload(row[column]!);
    if (upload !== null) return upload;
    throw new TableError('expected slow:<bytes>:<chunks>:<ms> or nothing', table.placeOf(r, column));
  });
  return Float64Array.from(uploads);
}

function readClasses(table: Table): { classOf: Uint16Array; classNames: string[] } {
  const column = table.columns.indexOf('class');
  const index = new Map<string, number>();
  const classOf = Uint16Array.from(table.rows, (row, r) => {
    const name = column < 0 ? ONE_CLASS : row[column]!;
    if (!index.has(name)) {
      const fault = faultOfName(name, index.size);
      if (fault !== null) throw new TableError(fault, table.placeOf(r, column));
      index.set(name, index.size);
    }
    return index.get(name)!;
  });
  return { classOf, classNames: [...index.keys()] };
}

function faultOfName(name: string, known: number): string | null {
  if (name === 'all') return 'the class name all stands for all classes';
  if (name === '' || /[\s,"]/.test(name)) return 'expected a name without blanks, commas and quotes';
  return known >= MAX_CLASSES ? `more than ${MAX_CLASSES} classes` : null;
}

/** @throws TableError when the file has no such column */
export function requireColumn(table: Table, name: string): number {
  const column = table.columns.indexOf(name);
  if (column >= 0) return column;
  throw new TableError(`no column is called ${name}; there are ${table.columns.join(', ')}`, table.placeOf(-1, 0));
}
