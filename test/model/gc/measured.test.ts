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

function check(name: string, errors: ReadonlyMap<Quantity, number>, misses = KNOWN_MISSES): void {
  expect(errors.size).toBeGreaterThan(0);
  for (const [quantity, error] of errors) {
    const miss = misses[name]?.[quantity];
    if (miss === undefined) expect(Math.abs(error), `${name} ${quantity}`).toBeLessThanOrEqual(LIMITS[quantity]);
    else expect(error, `${name} ${quantity}: known miss`).toBeCloseTo(miss, 1);
  }
}

describe('collections of measured servers', () => {
  const nameOf = (row: Row) => (row.run === '1' ? row.case! : `${row.case}/${row.run}`);

  it.each(measured('gc_servers.csv'))('$case, run $run: numbers and stops', (row) => {
    check(nameOf(row), errorsOfServer(row));
  });

  it.each(measured('gc_servers.csv'))('$case, run $run, from the heap that scenarios start with', (row) => {
    check(nameOf(row), errorsOfServer(row, [BOOT_FREE_RATIO]), KNOWN_MISSES_AT_DEFAULT_START);
  });
});

describe('collections of measured allocation streams', () => {
  it.each(measured('gc_streams.csv'))('$case: numbers and stops', (row) => {
    check(row.case!, errorsOfStream(row));
  });

  it('there are no misses of cases or quantities that do not exist', () => {
    const names = [
      ...measured('gc_streams.csv').map((row) => row.case!),
      'puma7-t5',
      'unicorn-2',
      'puma66-t5',
      'puma66-t5/2',
    ];
    const missed = [...Object.keys(KNOWN_MISSES), ...Object.keys(KNOWN_MISSES_AT_DEFAULT_START)];
    expect(missed.filter((name) => !names.includes(name))).toEqual([]);
  });
});
