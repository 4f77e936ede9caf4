import { describe, expect, it } from 'vitest';
import { fitting } from '../../src/cli/print/fitting.js';

const CELLS = { head: ['id', 'mean', 'cores'], rows: [['puma', '\u001b[31m12.5\u001b[39m', '40 %']] };

describe('a table on a terminal', () => {
  it('keeps every column that there is room for; colours take none', () => {
    // puma, two blanks, 12.5, two blanks, cores
    expect(fitting(CELLS, [2, 1], 17)).toEqual({ ...CELLS, leftOut: [] });
  });

  it('goes without those that may be left out, one after the other', () => {
    expect(fitting(CELLS, [2, 1], 16).head).toEqual(['id', 'mean']);
    expect(fitting(CELLS, [2, 1], 9)).toEqual({ head: ['id'], rows: [['puma']], leftOut: ['mean', 'cores'] });
  });

  it('is too wide rather than empty', () => {
    expect(fitting(CELLS, [2], 3).head).toEqual(['id', 'mean']);
  });
});
