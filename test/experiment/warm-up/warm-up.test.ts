import { describe, expect, it } from 'vitest';
import { doubtsAbout } from '../../../src/experiment/estimates/doubts.js';
import { standingsOf } from '../../../src/experiment/estimates/standing.js';
import { summarise } from '../../../src/experiment/estimates/summarise.js';
import type { ExperimentResult } from '../../../src/experiment/experiment-result.js';
import { runReplication } from '../../../src/experiment/replicate.js';
import { inThisThread, runExperiment, type Task } from '../../../src/experiment/run-experiment.js';
import type { ExperimentSpec } from '../../../src/experiment/spec.js';
import { SLOTS } from '../../../src/experiment/warm-up/course.js';
import { commonWarmUp, findWarmUp } from '../../../src/experiment/warm-up/find-warm-up.js';
import { exponentialServer } from '../scenarios.js';
import { level } from '../summaries.js';

const queue = (rate: string, run: string): ExperimentSpec =>
  exponentialServer({ load: `{open: {rate: ${rate}}}`, run });

describe('the course of a replication', () => {
  it.each(['{requests: 3000}', '{duration: 40s}'])('adds up to the whole of it: %s', (run) => {
    const result = runReplication(queue('80/s', run).configurations[0]!, queue('80/s', run).run, 0);
    const total = (column: Float64Array): number => column.reduce((a, b) => a + b, 0);
    expect(result.course.lengthNs).toHaveLength(SLOTS);
    // What happens after the last arrival, or after the clock has ended the load, is left out.
    expect(total(result.course.departures)).toBeGreaterThan(0.98 * result.requests);
    expect(total(result.course.departures)).toBeLessThanOrEqual(result.requests);
    const { inSystemIntegral } = result.littlesLaw;
    expect(Math.abs(total(result.course.inSystemNs) / inSystemIntegral - 1)).toBeLessThan(0.02);
  });

  it('has slots of equal length where the clock ends the run', () => {
    const spec = queue('80/s', '{duration: 40s}');
    const { course } = runReplication(spec.configurations[0]!, spec.run, 0);
    expect(new Set(course.lengthNs)).toEqual(new Set([200_000_000]));
  });
});

describe('the warm-up found from courses', () => {
  const settling = (slots: number) => Array.from({ length: SLOTS }, (_, k) => (k < slots ? 50 : 10 + (k % 3)));

  it('is where the start is forgotten', () => {
    const { share } = findWarmUp('a', [level(...settling(30)), level(...settling(30))]);
    expect(share).toBe(30 / SLOTS);
  });

  it('does not exist if the start takes more than half of the run', () => {
    const found = findWarmUp('a', [level(...settling(120))]);
    expect(found.share).toBeNull();
    expect(found.text).toContain('too short');
  });

  it('cannot be found among too few requests', () => {
    const few = { ...level(5), departures: new Float64Array(SLOTS).fill(0.4) };
    expect(findWarmUp('a', [few]).text).toContain('too few requests');
  });

  it('is the longest of those that settle, and at least a tenth', () => {
    const one = (share: number | null) => ({ variant: 'a', share, text: '' });
    expect(commonWarmUp([one(0.02), one(0.2), one(null)]).share).toBe(0.2);
    expect(commonWarmUp([one(0.02), one(null)]).share).toBe(0.1);
  });
});

describe('an experiment with an automatic warm-up', () => {
  it('cuts a tenth where the start is forgotten sooner, as if a tenth had been asked for', async () => {
    const auto = await runExperiment(queue('50/s', '{requests: 4000, replications: 3}'));
    const given = await runExperiment(queue('50/s', '{requests: 4000, replications: 3, warmup: 0.1}'));
    expect(auto.warmUp).toMatchObject({ share: 0.1, variants: [{ variant: 'test' }] });
    expect(auto.replications).toEqual(given.replications);
    expect(summarise(auto)).toEqual(summarise(given));
  });

  // 400 requests wait at first, and at half load 50 a second are worked off: 8 s of 40 s.
  const late = exponentialServer({
    load: '{open: {rate: 50/s, at_start: 400}}',
    run: '{duration: 40s, replications: 6}',
    server: '{ideal: {processes: 1, threads: 1}}',
  });

  it('runs once more with a longer cut where the start lasts longer, and keeps the events', async () => {
    const tasks: Task[] = [];
    const execute = inThisThread(late);
    const result = await runExperiment(late, {
      execute: (task) => {
        tasks.push(task);
        return execute(task);
      },
    });
    expect(tasks).toHaveLength(12);
    expect(result.warmUp!.share).toBeGreaterThan(0.1);
    expect(result.warmUp!.share).toBeLessThan(0.5);
    const cut = {
      ...late,
      run: { ...late.run, warmup: { kind: 'fraction', fraction: result.warmUp!.share } as const },
    };
    expect(result.replications).toEqual((await runExperiment(cut)).replications);
    expect(standingsOf(result).get('test')).toEqual({ kind: 'steady', text: '' });
  });

  it('comes to the same with several tasks at a time that end in any order', async () => {
    const execute = inThisThread(late);
    const result = await runExperiment(late, {
      concurrency: 4,
      execute: async (task) => {
        for (let k = (task.replication * 7) % 5; k > 0; k--) await Promise.resolve();
        return execute(task);
      },
    });
    expect(result).toEqual(await runExperiment(late));
  });

  it('has no steady-state mean where the runs are too short, and says why', async () => {
    const hurried = exponentialServer({
      load: '{open: {rate: 50/s, at_start: 200}}',
      run: '{duration: 6s, replications: 6}',
    });
    const result = await runExperiment(hurried);
    expect(standingsOf(result).get('test')!.kind).toBe('unsettled');
    const summary = summarise(result);
    const mean = summary.find(({ metric, statistic }) => metric === 'latency_ms' && statistic === 'mean')!;
    expect(mean).toMatchObject({ estimate: null, ciLow: null, ciHigh: null });
    expect(mean.method).toMatch(/^NOT_SETTLED/);
    expect(doubtsAbout(result, summary).map(({ code }) => code)).toContain('NOT_SETTLED');
  });

  it('calls a system that grows unstable, and has averages of these runs without intervals', async () => {
    const result = await runExperiment(queue('110/s', '{duration: 60s, replications: 6}'));
    const standing = standingsOf(result).get('test')!;
    expect(standing.kind).toBe('unstable');
    const latency = summarise(result).find(({ metric, statistic }) => metric === 'latency_ms' && statistic === 'p95')!;
    expect(latency.ciLow).toBeNull();
    expect(latency.estimate).not.toBeNull();
    expect(latency.method).toMatch(/^UNSTABLE/);
  });
});

describe('a transient run', () => {
  it('is not judged by a steady state, whatever grows in it', async () => {
    const result: ExperimentResult = await runExperiment(
      queue('90/s', '{kind: transient, duration: 20s, replications: 6}'),
    );
    expect(result.warmUp).toBeUndefined();
    expect(result.replications[0]!.window.fromNs).toBe(0);
    expect(standingsOf(result).get('test')!.kind).toBe('finite');
  });

  it('is what a load in steps is by default', () => {
    const steps = exponentialServer({
      load: '{open: {rate: [{from: 0s, rate: 10/s}, {from: 1min, rate: 20/s}]}}',
      run: '{duration: 2min}',
    });
    expect(steps.run).toMatchObject({ kind: 'transient', warmup: { kind: 'time', ns: 0 } });
  });
});
