import { describe, expect, it } from 'vitest';
import { createStreams, type Stream } from '../../src/random/streams.js';

const draw = (stream: Stream, count: number): number[] => Array.from({ length: count }, () => stream.uniform());

/** Two-sided standard normal quantile at 99.99 %. */
const Z = 3.8906;

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (a: readonly number[]) => a.reduce((s, v) => s + v, 0) / a.length;
  const [mx, my] = [mean(x), mean(y)];
  const cov = x.reduce((s, v, k) => s + (v - mx) * (y[k]! - my), 0);
  return cov / Math.sqrt(x.reduce((s, v) => s + (v - mx) ** 2, 0) * y.reduce((s, v) => s + (v - my) ** 2, 0));
}

describe('streams', () => {
  // Expected values from a separate implementation of Baagøe's algorithm (in Python), not from this library.
  it.each([
    [
      1,
      0,
      'arrivals',
      [0.07958051400757149, 0.27695320726070094, 0.6457331192514782, 0.17228540512176682, 0.03710119143879642],
    ],
    [
      1,
      0,
      'web/demand',
      [0.7851132567878341, 0.43543080857663574, 0.9436176782616055, 0.4547480711567119, 0.9871239030735041],
    ],
    [
      42,
      7,
      'arrivals',
      [0.5558355097213787, 0.259456654132733, 0.08986079871109298, 0.30631630806041577, 0.3979766054862234],
    ],
  ])('seed %i, replication %i, %s always starts the same', (seed, replication, name, expected) => {
    expect(draw(createStreams(seed, replication).open(name), 5)).toEqual(expected);
  });

  it('do not depend on what else is opened or drawn, nor in which order', () => {
    const alone = draw(createStreams(9, 2).open('think'), 600);
    const streams = createStreams(9, 2);
    const [before, think, after] = [streams.open('arrivals'), streams.open('think'), streams.open('z')];
    const mixed = alone.map(() => {
      before.uniform();
      const u = think.uniform();
      after.uniform();
      return u;
    });
    expect(mixed).toEqual(alone);
  });

  it('lie in [0, 1) with more than 32 random bits', () => {
    const draws = draw(createStreams(3, 0).open('bits'), 10_000);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(draws.filter((u) => Number.isInteger(u * 2 ** 32))).toHaveLength(0);
    expect(draws.every((u) => Number.isInteger(u * 2 ** 53))).toBe(true);
  });

  it('are uniform: 100 cells, chi-square below its 99.99 % point for 99 degrees of freedom (161.3)', () => {
    const cells = new Array<number>(100).fill(0);
    for (const u of draw(createStreams(11, 0).open('cells'), 200_000)) cells[Math.floor(u * 100)]!++;
    const chiSquare = cells.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquare).toBeLessThan(161.3);
  });

  it.each([
    ['replications', (k: number) => createStreams(1, k).open('arrivals')],
    ['master seeds', (k: number) => createStreams(k, 0).open('arrivals')],
    ['names', (k: number) => createStreams(1, 0).open(`thread-${k}`)],
  ])('of neighbouring %s are uncorrelated, from the first draw on', (_what, open) => {
    const count = 4000;
    const streams = Array.from({ length: count + 1 }, (_, k) => open(k));
    for (let round = 0; round < 3; round++) {
      const draws = streams.map((stream) => stream.uniform());
      // Under independence the correlation is normal with standard deviation 1 / sqrt(n).
      expect(Math.abs(correlation(draws.slice(0, count), draws.slice(1)))).toBeLessThan(Z / Math.sqrt(count));
    }
  });
});
