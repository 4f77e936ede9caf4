import { describe, expect, it } from 'vitest';
import { folded } from '../../src/cli/print/fold.js';

describe('prose under a table', () => {
  const text = 'Latency and GVL wait in ms (GVL wait: mean); GVL, cores: share of time busy.\nA second line.';

  it('is broken at blanks on narrow terminals, and keeps its lines', () => {
    const lines = folded(text, 60).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.at(-1)).toBe('A second line.');
    expect(lines.join(' ')).toBe(text.replace('\n', ' '));
  });

  it('stays as it is on wide ones', () => {
    expect(folded(text, 80)).toBe(text);
  });
});
