import { bandsOf, type TimeBand } from '../../experiment/estimates/time-bands.js';
import type { ReplicationResult } from '../../experiment/result.js';
import { tableText } from './grid.js';
import { digits, digitsLike, percent } from './numbers.js';
import type { TableOptions } from './table-options.js';

/** Rows of the table; the whole curve is in timeseries-bands.csv. */
const ROWS = 12;

const COLUMNS: readonly (readonly [head: string, signal: string])[] = [
  ['in system', 'in_system_count'],
  ['latency ms', 'latency_ms'],
  ['arrivals/s', 'arrivals_per_s'],
  ['answered/s', 'departures_per_s'],
  ['GVL', 'gvl_utilisation_ratio'],
  ['cores', 'core_utilisation_ratio'],
];

/** How a variant fares over time, on average over its replications: some dozen moments, at equal distances. */
export function timeTable(
  variant: string,
  replications: readonly ReplicationResult[],
  level: number,
  options: TableOptions,
): string {
  const byTime = new Map<number, Map<string, TimeBand>>();
  for (const band of bandsOf(variant, replications, level)) {
    const at = byTime.get(band.atNs) ?? new Map<string, TimeBand>();
    byTime.set(band.atNs, at.set(band.signal, band));
  }
  const times = [...byTime.keys()];
  const step = Math.max(1, Math.ceil(times.length / ROWS));
  const shown = times.filter((_, k) => (k + 1) % step === 0);
  const rows = shown.map((atNs) => [
    `${Number((atNs / 1e9).toFixed(3))} s`,
    ...COLUMNS.map(([, signal]) => withHalfWidth(byTime.get(atNs)!.get(signal), options)),
  ]);
  return tableText({ head: ['at', ...COLUMNS.map(([head]) => head)], rows }, options, {
    mayGo: [6, 5, 4, 3],
    file: 'timeseries-bands.csv',
  });
}

function withHalfWidth(band: TimeBand | undefined, { symbols }: TableOptions): string {
  if (band === undefined || band.mean === null) return '';
  if (band.signal.endsWith('_ratio')) return percent(band.mean);
  if (band.ciHigh === null) return digits(band.mean);
  return `${digits(band.mean)} ${symbols.plusMinus} ${digitsLike(band.ciHigh - band.mean, band.mean)}`;
}
