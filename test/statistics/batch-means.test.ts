import { describe, expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';
import { batchMeans, vonNeumannCorrelation } from '../../src/statistics/batch-means.js';
import { normalQuantile } from '../../src/statistics/student.js';

/** Standard normal values with x_k = phi x_{k-1} + noise. */
function autoregressive(phi: number, length: number, replication: number): Float64Array {
  const stream = createStreams(5, replication).open('noise');
  let x = normalQuantile(stream.uniform());
  return Float64Array.from(
    { length },
    () => (x = phi * x + Math.sqrt(1 - phi * phi) * normalQuantile(stream.uniform())),
  );
}

describe('batch means', () => {
  it('by hand: batches (1 3) (2 4) (3 5) after one value left out at the start', () => {
    const { mean } = batchMeans([99, 1, 3, 2, 4, 3, 5], 3, 0.95);
    expect(mean).toMatchObject({ n: 3, estimate: 3, method: 't over 3 batches of 2' });
    expect(mean.interval!.halfWidth).toBeCloseTo(4.302652729749462 / Math.sqrt(3), 6);
  });

  it('von Neumann: 1 2 3 has steps 1 1 and squared deviations 2, correlation 1 - 2 / 4; alternation is negative', () => {
    expect(vonNeumannCorrelation([1, 2, 3])).toBeCloseTo(0.5, 14);
    expect(vonNeumannCorrelation([1, -1, 1, -1])).toBeCloseTo(1 - 12 / 8, 14);
    expect(vonNeumannCorrelation([4, 4, 4])).toBe(0);
  });

  it('rejects independent batches as often as the level says', () => {
    const runs = 1500;
    let rejected = 0;
    for (let k = 0; k < runs; k++) if (batchMeans(autoregressive(0, 30, k), 30, 0.95).pValue < 0.05) rejected++;
    // Binomial at 99.99 %; the normal approximation of the statistic is good to 0.5 % at 30 batches (von Neumann's moments).
    expect(Math.abs(rejected / runs - 0.05)).toBeLessThan(3.8906 * Math.sqrt((0.05 * 0.95) / runs) + 0.005);
  });

  it('finds the correlation of short batches and its absence in long ones', () => {
    const series = autoregressive(0.95, 60_000, 3);
    expect(batchMeans(series.subarray(0, 150), 30, 0.95).pValue).toBeLessThan(0.001);
    expect(batchMeans(series, 30, 0.95).pValue).toBeGreaterThan(0.01);
    expect(batchMeans(series, 30, 0.999).mean.interval!.low).toBeLessThan(0);
    expect(batchMeans(series, 30, 0.999).mean.interval!.high).toBeGreaterThan(0);
  });

  it('needs at least 3 batches, and a value for each', () => {
    expect(() => batchMeans([1, 2, 3, 4], 2, 0.95)).toThrow(RangeError);
    expect(() => batchMeans([1, 2], 3, 0.95)).toThrow(RangeError);
  });
});
