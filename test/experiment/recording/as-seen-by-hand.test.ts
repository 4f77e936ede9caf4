import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';
import { formatProblems } from '../../../src/scenario/index.js';
import { load } from '../../scenario/load-text.js';

/** One replication of a recorded load, without the work of server and host. */
function run(lines: readonly string[], trace: string, settings = 'warmup: 0s, replications: 1'): ReplicationResult {
  const text = [
    'version: 1',
    'name: by-hand',
    'overheads: none',
    ...lines,
    'app: {recorded: {file: trace.csv}}',
    'load: {recorded: {file: trace.csv}}',
    `run: {${settings}}`,
    '',
  ].join('\n');
  const { experiment, problems } = load(text, { 'trace.csv': `arrival_ms,id,phases\n${trace}\n` });
  if (experiment === null) throw new Error(formatProblems(problems));
  return runReplication(experiment.configurations[0]!, experiment.run, 0);
}

const figure = ({ runValues }: ReplicationResult, metric: string): number =>
  runValues.find((value) => value.metric === metric && value.statistic === 'mean' && value.className === 'all')!.value;

/**
 * Two threads, one GVL [ms]:
 * ```
 *        0         10        20        30   40   45        55        65
 * A at 0 |run------|io------------------|run-----|
 * B at 5     gvl---|run------|io------------|gvl-|run------|
 * C at 12            queue (both threads busy)---|gvl------|run------|
 * ```
 */
const THREE = '0,A,c10;i20;c15\n5,B,c10;i20;c10\n12,C,c10';
const TWO_THREADS = ['host: {cores: 2}', 'ruby: {version: "3.3", gc: "off"}', 'server: {ideal: {threads: 2}}'];

describe('three requests whose times are known', () => {
  const result = run(TWO_THREADS, THREE);

  it.each([
    ['io_ratio', 40 / 95], // I/O 20 + 20 + 0, run 25 + 20 + 10
    ['apparent_io_ratio', 60 / 115], // in a thread for 45, 50 and 20
    ['apparent_io_ms', 60 / 3],
    ['request_queueing_ms', (0 + 5 + 43) / 3], // to the first instruction of the application
    ['perfm_run_ms', 55 / 3],
    ['perfm_idle_ms', 40 / 3],
    ['perfm_stall_ms', (0 + 10 + 10) / 3],
    ['perfm_io_ratio', 40 / 95],
    ['gvltools_global_timer_ms_per_s', 20 / 0.065], // in all of a run of 65 ms
  ])('%s is %d', (metric, byHand) => expect(figure(result, metric)).toBeCloseTo(byHand, 9));
});

describe('a collection', () => {
  // Of 5 ms after 20 ms of Ruby code: A runs 0-20, collects, runs 25-35; B, which asks at 0 too, has the GVL at 35, sleeps to 45, runs to 50.
  const gc = TWO_THREADS.map((line) => line.replace('gc: "off"', 'gc: {every: 20ms, pause: 5ms}'));
  const result = run(gc, '0,A,c30\n0,B,i10;c5');

  it.each([
    ['perfm_run_ms', (35 + 5) / 2], // whose it is: the thread has the GVL
    ['perfm_stall_ms', (0 + 30 + 5) / 2], // of somebody else: the thread waits for the GVL
    ['perfm_idle_ms', (0 + 10) / 2],
    ['io_ratio', 10 / (10 + 35 + 5)],
    ['apparent_io_ratio', (85 - 35) / 85],
  ])('%s is %d', (metric, byHand) => expect(figure(result, metric)).toBeCloseTo(byHand, 9));
});

describe('a call that waits for a connection', () => {
  it('is idle time for perfm, which sees no pools', () => {
    // Both ask for the only connection at 0; one has it for 10 ms, the other waits for as long and has it then.
    const app =
      'app: {services: {db: {pool: {size: 1}}}, classes: [{name: page, phases: [call: {to: db, takes: 10ms}]}]}';
    const { experiment, problems } = load(
      [
        'version: 1',
        'name: pool',
        'overheads: none',
        ...TWO_THREADS,
        app,
        'load: {closed: {users: 2}}',
        'run: {requests: 2, warmup: 0s, replications: 1}',
        '',
      ].join('\n'),
    );
    if (experiment === null) throw new Error(formatProblems(problems));
    const result = runReplication(experiment.configurations[0]!, experiment.run, 0);
    expect(figure(result, 'perfm_idle_ms')).toBeCloseTo(15, 9);
    expect(figure(result, 'perfm_stall_ms')).toBe(0);
    expect(figure(result, 'apparent_io_ms')).toBeCloseTo(15, 9);
  });
});

/** Signals at a time [ms], polled every 10 ms. */
function polled({ timeSeries }: ReplicationResult, atMs: number, names: readonly string[]): Record<string, number> {
  const k = timeSeries.timesNs.indexOf(atMs * 1e6);
  return Object.fromEntries(
    names.map((name) => [name, timeSeries.signals.find((signal) => signal.name === name)!.values[k]!]),
  );
}

describe('what is polled', () => {
  const POLL = 'warmup: 0s, replications: 1, sample_every: 10ms';

  /** Five requests that wait 100 ms each, one to two threads: backlog, running, busy_threads, pool_capacity; the listen queue. */
  const stats = (version: string) => {
    const server = `server: {puma: {version: "${version}", threads: [1, 2]}}`;
    const trace = Array.from({ length: 5 }, (_, k) => `15,${k},i100`).join('\n');
    const result = run(['host: {cores: 2}', 'ruby: {version: "3.3", gc: "off"}', server], trace, POLL);
    const names = ['backlog', 'running', 'busy_threads', 'pool_capacity'].map((name) => `puma_${name}_count`);
    return [10, 50, 150, 250].map((atMs) => Object.values(polled(result, atMs, [...names, 'backlog_count'])));
  };

  it('Puma.stats up to Puma 6: the backlog is where Puma does not look', () => {
    expect(stats('6.6')).toEqual([
      [0, 1, 0, 2, 0],
      [0, 2, 2, 0, 3],
      [0, 2, 2, 0, 1],
      [0, 2, 1, 1, 0],
    ]);
  });

  it('Puma.stats from Puma 7 on: it accepts what it has no threads for', () => {
    expect(stats('7.2')).toEqual([
      [0, 1, 0, 2, 0],
      [3, 2, 5, 0, 0],
      [1, 2, 3, 0, 0],
      [0, 2, 1, 1, 0],
    ]);
  });

  it('WaitingThreads.count of gvltools: threads that could run if they had the GVL', () => {
    const result = run(TWO_THREADS, THREE, POLL);
    const waiting = (atMs: number) => polled(result, atMs, ['gvl_waiting_count']).gvl_waiting_count;
    expect([20, 30, 50, 60].map(waiting)).toEqual([0, 0, 1, 0]);
  });
});
