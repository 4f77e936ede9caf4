import { describe, expect, it } from 'vitest';
import { percentileText } from '../../src/statistics/hgrm.js';

interface Row {
  readonly valueMs: number;
  readonly percentile: number;
  readonly total: number;
}

function rows(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => /^\s*[\d.]+\s+[\d.]+\s+\d+/.test(line));
  return lines.map((line) => {
    const [valueMs, percentile, total] = line.trim().split(/\s+/).map(Number);
    return { valueMs: valueMs!, percentile: percentile!, total: total! };
  });
}

const MS = 1e6;

describe('percentile text', () => {
  const pairs = Array.from({ length: 1000 }, (_, k) => ({ value: (k + 1) * MS, count: 3 }));
  const text = percentileText(pairs);

  it('has the header, the columns and the footer that HdrHistogram tools read', () => {
    expect(text).toMatch(/^ +Value +Percentile TotalCount 1\/\(1-Percentile\)\n\n/);
    expect(text).toMatch(
      /#\[Mean {4}= +\d+\.\d+, StdDeviation {3}= +\d+\.\d+\]\n#\[Max {5}= +\d+\.\d+, Total count {4}= +3000\]/,
    );
  });

  it('values are in ms and ascend with the percentile up to the last', () => {
    const table = rows(text);
    expect(table.length).toBeGreaterThan(20);
    table.slice(1).forEach((row, k) => {
      expect(row.valueMs).toBeGreaterThanOrEqual(table[k]!.valueMs);
      expect(row.percentile).toBeGreaterThanOrEqual(table[k]!.percentile);
    });
    expect(table[table.length - 1]).toMatchObject({ percentile: 1, total: 3000 });
  });

  it('each row counts the values up to it, within the 0.1 % of its digits', () => {
    for (const { valueMs, total } of rows(text)) {
      expect(total).toBeLessThanOrEqual(3 * Math.floor(valueMs + 1e-9));
      expect(total).toBeGreaterThanOrEqual(3 * Math.floor(valueMs / 1.001 - 1e-9));
    }
  });

  it('does not depend on the order of the pairs', () => {
    expect(percentileText([...pairs].reverse())).toBe(text);
  });

  it('takes zeros, hours, and nothing', () => {
    const table = rows(
      percentileText([
        { value: 0, count: 5 },
        { value: 3600e9, count: 1 },
      ]),
    );
    expect(table[0]!.valueMs).toBe(0);
    expect(Math.abs(table[table.length - 1]!.valueMs / 3.6e6 - 1)).toBeLessThan(0.001);
    expect(percentileText([])).toContain('Total count    =            0');
  });
});
