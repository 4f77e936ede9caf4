import { describe, expect, it } from 'vitest';
import { measured, type Row } from '../../support/gc/measured-tables.js';
import { errorsOfServer, errorsOfStream, KNOWN_MISSES, LIMITS, type Quantity } from '../../support/gc/misses.js';

function check(name: string, errors: ReadonlyMap<Quantity, number>): void {
  expect(errors.size).toBeGreaterThan(0);
  for (const [quantity, error] of errors) {
    const miss = KNOWN_MISSES[name]?.[quantity];
    if (miss === undefined) expect(Math.abs(error), `${name} ${quantity}`).toBeLessThanOrEqual(LIMITS[quantity]);
    else expect(error, `${name} ${quantity}: known miss`).toBeCloseTo(miss, 1);
  }
}

describe('collections of measured servers', () => {
  const nameOf = (row: Row) => (row.run === '1' ? row.case! : `${row.case}/${row.run}`);

  it.each(measured('gc_servers.csv'))('$case, run $run: numbers and stops', (row) => {
    check(nameOf(row), errorsOfServer(row));
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
    expect(Object.keys(KNOWN_MISSES).filter((name) => !names.includes(name))).toEqual([]);
  });
});
