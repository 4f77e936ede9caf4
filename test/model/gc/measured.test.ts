import { describe, expect, it } from 'vitest';
import { measured, type Row } from './measured-tables.js';
import { type Replayed, replayServer, replayStream } from './replay.js';

/** What the model may be off: numbers of collections, and the length of the stops. */
const LIMITS = { minor: 0.15, major: 0.15, minorStopMs: 0.25, majorMarkMs: 0.25 } as const;
type Quantity = keyof typeof LIMITS;

/**
 * Where it is off by more, and by how much. Counts of up to four are left out: one collection is 25 %. The causes as far as
 * they are known are in docs/background/garbage-collection.md.
 */
const KNOWN_MISSES: Readonly<Record<string, Partial<Record<Quantity, number>>>> = {
  'unicorn-2': { major: -0.17, minorStopMs: -0.5 },
  gcA_live50k: { major: 0.39 },
  gcA_live500k: { minorStopMs: -0.34 },
  gcA_live1000k: { minorStopMs: -0.41 },
  gcA_live4000k: { minorStopMs: -0.42 },
  gcA_flat200k: { minorStopMs: 0.48 },
  gcA_flat4000k: { minorStopMs: 0.52 },
  gcC_alloc1000_mib1: { major: 0.5 },
  gcC_alloc5000_mib5: { major: 1.2 },
};

/** Driven by the malloc limit: the end of a major collection and the minor one it runs into are one stop here, two there. */
const HAS_MERGED_STOPS = ['gcC_alloc1000_mib1', 'gcC_alloc5000_mib5'];

function check(name: string, replayed: Replayed, expected: Partial<Record<Quantity, number>>): void {
  for (const quantity of Object.keys(expected) as Quantity[]) {
    const error = replayed[quantity] / expected[quantity]! - 1;
    const miss = KNOWN_MISSES[name]?.[quantity];
    if (miss === undefined) expect(Math.abs(error), `${name} ${quantity}`).toBeLessThanOrEqual(LIMITS[quantity]);
    else expect(error, `${name} ${quantity}: known miss`).toBeCloseTo(miss, 1);
  }
}

const majorOf = (row: Row) => (Number(row.major_gcs) > 4 ? { major: Number(row.major_gcs) } : {});

describe('collections of measured servers', () => {
  it.each(measured('gc_servers.csv'))('$case, run $run: numbers and stops', (row) => {
    const requests = measured(`gc_server_${row.case}.csv`);
    const replayed = replayServer(row.ruby!, Number(row.processes), Number(row.threads), requests);
    const name = row.run === '1' ? row.case! : `${row.case}/${row.run}`;
    const stops = { minorStopMs: Number(row.minor_stop_ms), majorMarkMs: Number(row.major_mark_ms) };
    check(name, replayed, { minor: Number(row.minor_gcs), ...majorOf(row), ...stops });
  });

  it.each(measured('gc_servers.csv').filter((row) => row.case!.startsWith('puma')))(
    '$case, run $run: CPU time of all collections, sweeping included, within 15 %',
    (row) => {
      const requests = measured(`gc_server_${row.case}.csv`);
      const { gcMs } = replayServer(row.ruby!, Number(row.processes), Number(row.threads), requests);
      expect(Math.abs(gcMs / Number(row.gc_ms_total) - 1)).toBeLessThan(0.15);
    },
  );
});

describe('collections of measured allocation streams', () => {
  const stops = new Map(
    measured('gc_pauses.csv')
      .filter((row) => row.kind === 'start+mark' && row.major === '0')
      .map((row) => [row.case!, Number(row.mean_ms)]),
  );

  it.each(measured('gc_streams.csv'))('$case: numbers and stops', (row) => {
    const stop = HAS_MERGED_STOPS.includes(row.case!) ? {} : { minorStopMs: stops.get(row.case!)! };
    check(row.case!, replayStream(row), { minor: Number(row.minor_gcs), ...majorOf(row), ...stop });
  });
});
