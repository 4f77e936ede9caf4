import { describe, expect, it } from 'vitest';
import { summarise } from '../../../src/experiment/estimates/summarise.js';
import { BLOCK_ROWS, ROW_LENGTH } from '../../../src/experiment/recording/block.js';
import { LongRun, longRunInterval } from '../../../src/experiment/recording/long-run.js';
import { runExperiment } from '../../../src/experiment/run-experiment.js';
import { mm1MeanSojourn } from '../../../src/statistics/formulas/mm1.js';
import { normals } from '../../statistics/normals.js';
import { exponentialServer } from '../scenarios.js';

/** Rows of a block all of whose metrics are `column`. */
const rowsOf = (column: Float64Array) =>
  Float64Array.from({ length: column.length * ROW_LENGTH }, (_, k) => column[Math.floor(k / ROW_LENGTH)]!);

describe('the parts of one long run', () => {
  it('are means of as many requests each, whatever the blocks', () => {
    const run = new LongRun(['only']);
    const column = Float64Array.from({ length: 100_000 }, (_, k) => (k % 97) * 1e6);
    for (let from = 0; from < column.length; from += BLOCK_ROWS - 1) {
      const part = column.subarray(from, from + BLOCK_ROWS - 1);
      run.consume({ values: rowsOf(part), classOf: new Uint16Array(0), occupied: -1, hasGaps: false }, part.length);
    }
    const { means } = run.means().find(({ metric }) => metric === 'latency_ms')!;
    const size = Math.floor(column.length / means.length / 16) * 16;
    expect(means.length).toBeGreaterThan(1000);
    expect(means[3]).toBeCloseTo(column.subarray(3 * size, 4 * size).reduce((a, b) => a + b, 0) / size / 1e6, 9);
  });

  it('are those of a class if they are asked for by class', () => {
    const run = new LongRun(['even', 'odd']);
    const column = Float64Array.from({ length: 16 * BLOCK_ROWS }, (_, k) => k * 1e6);
    for (let from = 0; from < column.length; from += BLOCK_ROWS) {
      const part = column.subarray(from, from + BLOCK_ROWS);
      const classOf = Uint16Array.from(part, (_, k) => (from + k) % 2);
      run.consume({ values: rowsOf(part), classOf, occupied: -1, hasGaps: false }, part.length);
    }
    const parts = run.means().filter(({ metric }) => metric === 'latency_ms');
    expect(parts.map(({ className }) => className)).toEqual(['all', 'even', 'odd']);
    expect([...parts[0]!.means.subarray(0, 2)]).toEqual([7.5, 23.5]);
    expect([...parts[1]!.means.subarray(0, 2)]).toEqual([15, 47]);
    expect([...parts[2]!.means.subarray(0, 2)]).toEqual([16, 48]);
  });
});

describe('the interval of one long run', () => {
  const stable = exponentialServer({ load: '{open: {rate: 50/s}}', run: '{requests: 200000, replications: 1}' });

  it('holds what is known of M/M/1, by batch means that pass for independent', async () => {
    const summary = summarise(await runExperiment(stable));
    const truths = {
      latency_ms: 1000 * mm1MeanSojourn(50, 100),
      run_ms: 10,
      in_system_count: 50 * mm1MeanSojourn(50, 100),
      throughput_per_s: 50,
      arrivals_per_s: 50,
      gvl_utilisation_ratio: 0.5,
    };
    for (const [name, truth] of Object.entries(truths)) {
      const row = summary.find(({ metric, statistic }) => metric === name && statistic === 'mean')!;
      expect(row.method, name).toMatch(/^batch means: (40|20) batches/);
      // One seed, so that nothing is gained by a level that it happens to meet: twice the half width of 95 % is 99.99 %.
      const halfWidth = (row.ciHigh! - row.ciLow!) / 2;
      expect(Math.abs(row.estimate! - truth), name).toBeLessThan(2 * halfWidth);
    }
    const reasonFor = (metric: string, statistic: string): string =>
      summary.find((row) => row.metric === metric && row.statistic === statistic)!.method;
    expect(reasonFor('latency_ms', 'p95')).toMatch(/^one replication: no interval/);
    expect(reasonFor('error_ratio', 'mean')).toMatch(/^one replication: no interval/);
  });

  it('is given for each class', async () => {
    const spec = exponentialServer({
      load: '{open: {rate: 50/s}}',
      run: '{requests: 100000, replications: 1}',
      classes: '[{name: a, weight: 3, cpu: {exponential: {mean: 4ms}}}, {name: b, cpu: {exponential: {mean: 16ms}}}]',
    });
    const summary = summarise(await runExperiment(spec));
    const mean = (of: string) =>
      summary.find((row) => row.className === of && row.metric === 'run_ms' && row.statistic === 'mean')!;
    for (const [name, truth] of [
      ['a', 4],
      ['b', 16],
      ['all', 7],
    ] as const) {
      const { estimate, ciLow, ciHigh, method } = mean(name);
      expect(method, name).toMatch(/^batch means/);
      expect(Math.abs(estimate! - truth), name).toBeLessThan(ciHigh! - ciLow!);
    }
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
