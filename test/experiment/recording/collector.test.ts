import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS } from '../../../src/experiment/recording/block.js';
import { Collector } from '../../../src/experiment/recording/collector.js';
import { MetricStore } from '../../../src/experiment/recording/metric-store.js';
import type { Bench } from '../../../src/model/bench.js';
import { PARTS, Part } from '../../../src/model/observations.js';

const MS = 1e6;

/** Means [ms] after requests that spent 7 ms in one part each and nothing anywhere else, their answer 2 ms after the application. */
function meansOf(...parts: number[]): Map<string, number> {
  const store = new MetricStore(['only']);
  const collector = new Collector({
    warmUp: { untilNs: 0, arrivals: 0 },
    expectedArrivals: parts.length,
    classes: 1,
    consumer: store,
    window: { opened: () => {}, closed: () => {} },
    rows: null,
  });
  const partsNs = new Float64Array(PARTS);
  const departures = {
    arrivedNs: Float64Array.of(100 * MS),
    partsNs,
    classOf: new Uint16Array(1),
    ordinal: new Float64Array(1),
    row: new Int32Array(1),
    process: new Int32Array(1),
    thread: new Int32Array(1),
    status: new Uint8Array(1),
    appStartNs: Float64Array.of(101 * MS),
    appEndNs: Float64Array.of(105 * MS),
    attempt: new Uint8Array(1),
  };
  const bench = { departures, arrivals: () => parts.length };
  collector.attach(bench as unknown as Bench);
  for (const part of parts) {
    partsNs.fill(0);
    partsNs[part] = 7 * MS;
    collector.departed(0, 107 * MS);
  }
  collector.finish();
  return new Map(store.summaries().map(({ metric, mean }) => [metric, mean]));
}

describe('the times of a request', () => {
  it.each([
    ['backlog_ms', Part.Backlog],
    ['queue_ms', Part.Queue],
    ['run_ms', Part.Run],
    ['io_ms', Part.Io],
    ['gvl_wait_ms', Part.GvlWait],
    ['gc_own_ms', Part.GcOwn],
    ['gc_other_ms', Part.GcOther],
    ['cpu_wait_ms', Part.CpuWait],
    ['pool_wait_ms', Part.PoolWait],
  ])('%s is in its own metric, and in those that contain it', (name, part) => {
    const means = meansOf(part);
    const isGc = part === Part.GcOwn || part === Part.GcOther;
    const isBefore = part === Part.Backlog || part === Part.Queue;
    const expected = new Map<string, number>([
      [name, 7],
      ['latency_ms', 7],
      ['service_ms', isBefore ? 0 : 7],
      ['gc_ms', isGc ? 7 : 0],
    ]);
    for (const [metric, mean] of expected) expect(means.get(metric), metric).toBe(mean);
    const others = [...means].filter(([metric]) =>
      /^(backlog|queue|run|io|gvl_wait|gc_own|gc_other|cpu_wait|pool_wait)_ms$/.test(metric),
    );
    for (const [metric, mean] of others) if (metric !== name) expect(mean, metric).toBe(0);
    const sinceApp = [...means.values()].filter((mean) => mean === 4 || mean === 1 || mean === 2).sort();
    expect(sinceApp).toEqual([1, 2, 4]);
  });

  it('are not left to who takes the row in the next block', () => {
    const seldom = [Part.Backlog, Part.GcOwn, Part.GcOther, Part.CpuWait, Part.PoolWait];
    const block = Array.from({ length: BLOCK_ROWS }, (_, k) => seldom[k % seldom.length]!);
    const next = block.map((_, k) => (k < seldom.length ? block[k]! : Part.Run));
    const means = meansOf(...block, ...next);
    const names = ['backlog_ms', 'gc_own_ms', 'gc_other_ms', 'cpu_wait_ms', 'pool_wait_ms'];
    names.forEach((name, nth) => {
      const requests = block.filter((part) => part === seldom[nth]).length + 1;
      expect(means.get(name), name).toBe((7 * requests) / (2 * BLOCK_ROWS));
    });
  });
});
