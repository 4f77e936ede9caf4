import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnOf } from '../../src/statistics/column.js';
import { ValueList } from '../../src/statistics/value-list.js';

const step = fc.oneof(
  fc.record({ zeros: fc.integer({ min: 0, max: 9000 }) }),
  fc.record({ first: fc.integer({ min: 1, max: 1e6 }), count: fc.integer({ min: 0, max: 9000 }) }),
);

test('gives back what was added, in order, however it was portioned', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const list = new ValueList();
      const expected: number[] = [];
      for (const one of steps) {
        if ('zeros' in one) {
          list.addZeros(one.zeros);
          expected.push(...Array<number>(one.zeros).fill(0));
          continue;
        }
        const added = Float64Array.from({ length: one.count }, (_, k) => one.first + k);
        list.add(columnOf(added));
        expected.push(...added);
      }
      const target = new Float64Array(expected.length + 2).fill(-1);
      list.copyTo(target, 1);
      expect(list.length).toBe(expected.length);
      expect([...target]).toEqual([-1, ...expected, -1]);
      expect(list.pieces().flatMap((piece) => [...piece])).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('takes every step-th value of a column', () => {
  const list = new ValueList();
  list.add({ values: Float64Array.of(9, 1, 9, 9, 2, 9, 9, 3), first: 1, step: 3, count: 3 });
  expect([...list.pieces()[0]!]).toEqual([1, 2, 3]);
});
