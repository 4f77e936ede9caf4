import { measured, type Row } from './measured-tables.js';
import { PAUSE_KINDS, type PauseKind } from './pauses.js';
import { replayServer } from './servers.js';
import { replayStream } from './streams.js';

/** What replays of measured collections are compared by: their numbers, the mean stop by kind, and the sum. */
export type Quantity = 'minor' | 'major' | 'marking of a major' | 'all collections' | PauseKind;

/** What the model may be off: numbers of collections per 1000 requests, and mean lengths. */
export const LIMITS: Readonly<Record<Quantity, number>> = {
  minor: 0.15,
  major: 0.15,
  'minor stop': 0.25,
  'major start': 0.25,
  'mark step': 0.25,
  'mark end': 0.25,
  'sweep step': 0.25,
  'marking of a major': 0.25,
  'all collections': 0.15,
};

/**
 * Where it is off by more, and by how much (simulated over measured, less one). The causes as far as they are known are
 * in docs/background/garbage-collection.md.
 */
export const KNOWN_MISSES: Readonly<Record<string, Partial<Record<Quantity, number>>>> = {
  'puma7-t5': { minor: -0.23 },
  // A third of these stops contain time of the other worker on the core: see `serverRuns`.
  'unicorn-2': { 'minor stop': -0.31 },
  // Growth is all or nothing: with other shares of 40-byte slots 34 to 44, measured 42 and 44 (test/support/gc/servers.ts).
  'puma66-t5': { major: -0.2 },
  'puma66-t5/2': { major: -0.23 },
  gcA_live50k: { 'mark end': -0.29 },
  // One array of strings, which the model takes for an application's objects: see `streamCollector`.
  gcA_flat200k: { 'minor stop': 0.81, 'major start': 1.32, 'mark end': 30, 'sweep step': 0.94 },
  gcA_flat4000k: { 'minor stop': 1.98, 'mark step': 2.2, 'sweep step': 0.77 },
  gcC_alloc5000_mib5: { major: 0.2 },
};

/**
 * The same of servers that start with the one share of free slots that scenarios start with (`BOOT_FREE_RATIO`), which is what users get;
 * those above are means over ten such shares.
 */
export const KNOWN_MISSES_AT_DEFAULT_START: typeof KNOWN_MISSES = {
  'puma7-t5': { minor: -0.24 },
  'unicorn-2': { 'minor stop': -0.26 },
};

/** Fewer than this many of a kind were measured: their mean, or their number, says too little. */
const LEAST_COUNT = 5;

/** Errors of a stream's replay, of what was measured often enough. */
export function errorsOfStream(row: Row): Map<Quantity, number> {
  const replayed = replayStream(row);
  const errors = new Map<Quantity, number>([['minor', replayed.minor / Number(row.minor_gcs) - 1]]);
  if (Number(row.major_gcs) >= LEAST_COUNT) errors.set('major', replayed.major / Number(row.major_gcs) - 1);
  for (const kind of PAUSE_KINDS) {
    const { count, meanMs } = measuredPauses(row.case!, kind);
    if (count >= LEAST_COUNT) errors.set(kind, replayed.meanMs[kind] / meanMs - 1);
  }
  return errors;
}

/** Errors of a server's replay. @param bootFreeRatios see `replayServer` */
export function errorsOfServer(row: Row, bootFreeRatios?: readonly number[]): Map<Quantity, number> {
  const replayed = replayServer(
    row.ruby!,
    Number(row.processes),
    Number(row.threads),
    measured(`gc_server_${row.case}.csv`),
    bootFreeRatios,
  );
  const errors = new Map<Quantity, number>([
    ['minor', replayed.minor / Number(row.minor_gcs) - 1],
    ['major', replayed.major / Number(row.major_gcs) - 1],
    ['minor stop', replayed.minorStopMs / Number(row.minor_stop_ms) - 1],
    ['marking of a major', replayed.majorMarkMs / Number(row.major_mark_ms) - 1],
  ]);
  errors.set('all collections', replayed.gcMs / Number(row.gc_ms_total) - 1);
  return errors;
}

/** Mean of the stops of a kind in gc_pauses.csv, over the kinds of collection they belonged to. */
export function measuredPauses(name: string, kind: PauseKind): { readonly count: number; readonly meanMs: number } {
  const rows = measured('gc_pauses.csv').filter((row) => row.case === name && IN_TABLE[kind](row));
  const count = rows.reduce((sum, row) => sum + Number(row.count), 0);
  return { count, meanMs: rows.reduce((sum, row) => sum + Number(row.total_ms), 0) / count };
}

const IN_TABLE: Readonly<Record<PauseKind, (row: Row) => boolean>> = {
  'minor stop': ({ kind, major }) => kind === 'start+mark' && major === '0',
  'major start': ({ kind }) => kind === 'start',
  'mark step': ({ kind }) => kind === 'mark_step',
  'mark end': ({ kind }) => kind === 'mark_end',
  'sweep step': ({ kind }) => kind === 'sweep_step',
};
