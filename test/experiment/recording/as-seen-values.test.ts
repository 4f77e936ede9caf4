import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';
import { loadScenario } from '../../../src/scenario/index.js';
import { meanInterval } from '../../../src/statistics/intervals.js';

/**
 * Two users without think time, pieces of Ruby code and waits of 10 ms each, exponential: the closed network of one
 * server and one delay. With N = 2 and equal means the GVL is held 4/5 of the time (L. Kleinrock 1975, Queueing Systems I,
 * section 3.8), so 0.8 users are in I/O, 0.8 hold the GVL and 0.4 wait for it.
 */
const TEXT = `version: 1
name: two
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
server: {ideal: {processes: 1, threads: 2}}
overheads: none
app: {classes: [{name: page, phases: [cpu: {exponential: {mean: 10ms}}, io: {exponential: {mean: 10ms}}]}]}
load: {closed: {users: 2}}
run: {requests: 20000, replications: 12, warmup: 0.1, seed: 5}
`;

const { experiment } = loadScenario({ file: 'two.yml', text: TEXT }, { readText: () => '' });
const runs = Array.from({ length: 12 }, (_, k) => runReplication(experiment!.configurations[0]!, experiment!.run, k));
const of = (run: ReplicationResult, metric: string): number =>
  run.runValues.find((value) => value.metric === metric && value.statistic === 'mean')!.value;

describe('what tools would have shown', () => {
  it.each([
    ['io_ratio', 0.5],
    ['perfm_io_ratio', 0.5],
    ['apparent_io_ratio', 0.6],
    ['apparent_io_ms', 15],
    ['perfm_run_ms', 10],
    ['perfm_idle_ms', 10],
    ['perfm_stall_ms', 5],
    ['gvltools_global_timer_ms_per_s', 400],
  ])('%s of the closed network is %d', (metric, theory) => {
    const { interval } = meanInterval(
      runs.map((run) => of(run, metric)),
      0.999,
    );
    expect(interval!.low).toBeLessThanOrEqual(theory);
    expect(interval!.high).toBeGreaterThanOrEqual(theory);
  });
});

describe('Puma.stats', () => {
  const puma = TEXT.replace(
    'server: {ideal: {processes: 1, threads: 2}}',
    'server: {puma: {version: "7.2", threads: [1, 4], workers: 2}}',
  )
    .replace('closed: {users: 2}', 'closed: {users: 12}')
    .replace('requests: 20000', 'requests: 2000');
  const loaded = loadScenario({ file: 'puma.yml', text: puma }, { readText: () => '' });
  const run = runReplication(loaded.experiment!.configurations[0]!, loaded.experiment!.run, 0);

  it('has as many free places as threads are missing: running, busy and capacity fit together at every sample', () => {
    const signal = (name: string) => run.timeSeries.signals.find((one) => one.name === `puma_${name}_count`)!.values;
    const [running, busy, backlog, capacity] = ['running', 'busy_threads', 'backlog', 'pool_capacity'].map(signal);
    expect(running!.length).toBeGreaterThan(50);
    running!.forEach((threads, k) => {
      expect(threads).toBeLessThanOrEqual(8);
      // threads at work = busy - backlog; all others, started or not, are capacity
      expect(capacity![k]).toBe(8 - (busy![k]! - backlog![k]!));
    });
    expect(Math.max(...busy!)).toBeGreaterThan(4);
  });
});
