import { describe, expect, it } from 'vitest';
import { ROW_LENGTH } from '../../src/experiment/block.js';
import { LongRun, longRunInterval } from '../../src/experiment/long-run.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { summarise } from '../../src/experiment/summarise.js';
import { mm1MeanSojourn } from '../../src/statistics/formulas/mm1.js';
import { normals } from '../statistics/normals.js';
import { exponentialServer } from './scenarios.js';

const latency = async (rate: number, requests: number) => {
  const spec = exponentialServer({
    load: `{open: {rate: ${rate}/s}}`,
    run: `{requests: ${requests}, replications: 1}`,
  });
  const summary = summarise(await runExperiment(spec));
  return summary.find(({ metric, statistic }) => metric === 'latency_ms' && statistic === 'mean')!;
};

/** Rows of a block all of whose metrics are `column`. */
const rowsOf = (column: Float64Array) =>
  Float64Array.from({ length: column.length * ROW_LENGTH }, (_, k) => column[Math.floor(k / ROW_LENGTH)]!);

describe('the parts of one long run', () => {
  it('are means of as many requests each, whatever the blocks', () => {
    const run = new LongRun();
    const column = Float64Array.from({ length: 100_000 }, (_, k) => (k % 97) * 1e6);
    for (let from = 0; from < column.length; from += 777) {
      const part = column.subarray(from, from + 777);
      run.consume({ values: rowsOf(part), classOf: new Uint16Array(0), occupied: -1 }, part.length);
    }
    const { means } = run.means().find(({ metric }) => metric === 'latency_ms')!;
    const size = Math.floor(column.length / means.length / 16) * 16;
    expect(means.length).toBeGreaterThan(1000);
    expect(means[3]).toBeCloseTo(column.subarray(3 * size, 4 * size).reduce((a, b) => a + b, 0) / size / 1e6, 9);
  });
});

describe('the interval of one long run', () => {
  it('holds the mean of M/M/1, by batch means that pass for independent', async () => {
    const row = await latency(50, 200_000);
    expect(row.method).toMatch(/^batch means: (40|20) batches/);
    const truth = 1000 * mm1MeanSojourn(50, 100);
    expect(row.ciLow!).toBeLessThan(truth);
    expect(row.ciHigh!).toBeGreaterThan(truth);
  });

  it('is refused where batches depend on each other', () => {
    const draw = normals(3);
    let level = 0;
    const walk = Float64Array.from({ length: 1000 }, () => {
      level += draw();
      return level;
    });
    const { interval, method } = longRunInterval(0, walk, 0.95);
    expect(interval).toBeNull();
    expect(method).toContain('depend on each other');
  });

  it('is refused where the run is too short', () => {
    const { interval, method } = longRunInterval(0, new Float64Array(79), 0.95);
    expect([interval, method]).toEqual([null, 'one replication, too short for batch means: no interval']);
  });
});
