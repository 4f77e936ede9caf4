import { describe, expect, it } from 'vitest';
import { inThisThread, runExperiment, Stopped, type Task, tasksOf } from '../../src/experiment/run-experiment.js';
import { experimentOf } from './scenarios.js';

const SPEC = experimentOf(`
version: 1
name: pair
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
load: {open: {rate: 50/s}}
run: {requests: 300, replications: 3, seed: 5}
variants:
  one: {server: {unicorn: {worker_processes: 1}}}
  two: {server: {unicorn: {worker_processes: 2}}}
`);

describe('an experiment', () => {
  it('gives the same however many tasks run at once and in whatever order they end', async () => {
    const plain = await runExperiment(SPEC);
    const inThread = inThisThread(SPEC);
    let started = 0;
    const shuffled = await runExperiment(SPEC, {
      concurrency: 4,
      execute: async (task) => {
        const delayMs = (17 * ++started) % 11;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        return inThread(task);
      },
    });
    expect(shuffled).toEqual(plain);
    expect(plain.complete).toBe(true);
    expect(plain.replications.map(({ variant, replication }) => `${variant}/${replication}`)).toEqual([
      'one/0',
      'one/1',
      'one/2',
      'two/0',
      'two/1',
      'two/2',
    ]);
  });

  it('takes the variants of a replication together, so that a broken-off run has pairs', () => {
    expect(tasksOf(SPEC).map(({ configuration, replication }) => [configuration, replication])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  it('keeps what was finished when it is stopped', async () => {
    let finished = 0;
    const { complete, replications } = await runExperiment(SPEC, {
      isStopped: () => finished >= 3,
      finished: () => {
        finished++;
      },
    });
    expect(complete).toBe(false);
    expect(replications.map(({ variant, replication }) => `${variant}/${replication}`)).toEqual([
      'one/0',
      'one/1',
      'two/0',
    ]);
  });

  it('leaves out what an executor had not begun when it was stopped, and waits for the rest', async () => {
    const begun: Task[] = [];
    const inPlace = inThisThread(SPEC);
    const { complete, replications } = await runExperiment(SPEC, {
      concurrency: 100,
      isStopped: () => begun.length >= 2,
      execute: async (task) => {
        await Promise.resolve(); // everybody is in the queue
        if (begun.length >= 2) throw new Stopped();
        begun.push(task);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return inPlace(task);
      },
    });
    expect(complete).toBe(false);
    expect(replications).toHaveLength(2);
  });

  it('is not complete where it was stopped before its replications were repeated with a longer warm-up', async () => {
    const settling = { ...SPEC, run: { ...SPEC.run, warmup: { kind: 'auto' as const } } };
    const execute = async (task: Task) => {
      const result = await inThisThread(SPEC)(task);
      // It settles at three tenths of the run.
      const steady = result.course.departures.map(() => 10);
      const settlingNs = steady.map((_, k) => (k < 0.3 * steady.length ? 1e9 : 1e6));
      return {
        ...result,
        course: { departures: steady, sojournNs: settlingNs, lengthNs: steady, inSystemNs: settlingNs },
      };
    };
    let finished = 0;
    const count = { finished: () => finished++ };
    expect((await runExperiment(settling, { execute, ...count })).complete).toBe(true);
    expect(finished).toBe(12);
    finished = 0;
    const { complete } = await runExperiment(settling, { execute, ...count, isStopped: () => finished >= 6 });
    expect([finished, complete]).toEqual([6, false]);
  });

  it('starts nothing more after an error', async () => {
    let started = 0;
    const broken = runExperiment(SPEC, {
      execute: async () => {
        started++;
        throw new Error('no');
      },
    });
    await expect(broken).rejects.toThrow('no');
    expect(started).toBe(1);
  });
});
