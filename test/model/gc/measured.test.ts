import { describe, expect, it } from 'vitest';
import { BOOT_FREE_RATIO } from '../../../src/model/gc/policies.js';
import { measured, type Row } from '../../support/gc/measured-tables.js';
import {
  errorsOfServer,
  errorsOfStream,
  KNOWN_MISSES,
  KNOWN_MISSES_AT_DEFAULT_START,
  LIMITS,
  type Quantity,
} from '../../support/gc/misses.js';
import { entriesOf, lengths, serverRuns } from '../../support/gc/undisturbed.js';

function check(name: string, errors: ReadonlyMap<Quantity, number>, misses = KNOWN_MISSES): void {
  expect(errors.size).toBeGreaterThan(0);
  for (const [quantity, error] of errors) {
    const miss = misses[name]?.[quantity];
    if (miss === undefined) expect(Math.abs(error), `${name} ${quantity}`).toBeLessThanOrEqual(LIMITS[quantity]);
    else expect(error, `${name} ${quantity}: known miss`).toBeCloseTo(miss, 1);
  }
}

const nameOf = (row: Row) => (row.run === '1' ? row.case! : `${row.case}/${row.run}`);

describe('collections of measured servers', () => {
  it('entries of workers that share a core: all of them come to the means in the table, a third of the minor ones were disturbed', () => {
    const entries = entriesOf('unicorn-2');
    const row = measured('gc_servers.csv').find((each) => each.case === 'unicorn-2')!;
    expect(row).toMatchObject(lengths(entries, false));
    const minor = entries.filter(({ kind }) => kind === 'minor');
    expect([minor.length, minor.filter(({ isDisturbed }) => isDisturbed).length]).toEqual([143, 50]);
  });

  it.each(serverRuns())('$case, run $run: numbers and stops', (row) => {
    check(nameOf(row), errorsOfServer(row));
  });

  it.each(serverRuns())('$case, run $run, from the heap that scenarios start with', (row) => {
    check(nameOf(row), errorsOfServer(row, [BOOT_FREE_RATIO]), KNOWN_MISSES_AT_DEFAULT_START);
  });
});

describe('collections of measured allocation streams', () => {
  it.each(measured('gc_streams.csv'))('$case: numbers and stops', (row) => {
    check(row.case!, errorsOfStream(row));
  });

  it('there are no misses of cases or quantities that do not exist', () => {
    const names = [...measured('gc_streams.csv').map((row) => row.case!), ...serverRuns().map(nameOf)];
    const missed = [...Object.keys(KNOWN_MISSES), ...Object.keys(KNOWN_MISSES_AT_DEFAULT_START)];
    expect(missed.filter((name) => !names.includes(name))).toEqual([]);
  });
});
