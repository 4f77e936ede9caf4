import { describe, expect, it } from 'vitest';
import { compareWithBaseline, steadyReference } from '../../../src/experiment/estimates/compare.js';
import { compareWithBest } from '../../../src/experiment/estimates/compare-with-best.js';
import { doubtsAbout } from '../../../src/experiment/estimates/doubts.js';
import { summarise } from '../../../src/experiment/estimates/summarise.js';
import { runExperiment } from '../../../src/experiment/run-experiment.js';
import { experimentOf } from '../scenarios.js';

describe('what differences are shown against', () => {
  const offers = (rates: readonly number[]) =>
    runExperiment(
      experimentOf(`
version: 1
name: shown
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
run: {requests: 100, replications: 2, seed: 1, warmup: 0.1}
load: {open: {rate: 50/s}}
server: {unicorn: {worker_processes: 1}}
variants:
${rates.map((rate, k) => `  v${k + 1}: {load: {open: {rate: ${rate}/s}}}`).join('\n')}
`),
    );

  it('is the baseline if that has a steady state', async () => {
    expect(steadyReference(await offers([50, 60, 150]))).toBe('v1');
  });

  it('is the first variant that has one if the baseline has none', async () => {
    const result = await offers([150, 160, 50, 60]);
    expect(steadyReference(result)).toBe('v3');
    const rows = compareWithBaseline(result, 'v3').filter(
      ({ metric, statistic, className }) => metric === 'latency_ms' && statistic === 'mean' && className === 'all',
    );
    expect(rows.map(({ variant }) => variant)).toEqual(['v1', 'v2', 'v4']);
    expect(rows.map(({ ciHigh }) => ciHigh !== null)).toEqual([false, false, true]);
  });

  it('is nothing if fewer than two have one', async () => {
    expect(steadyReference(await offers([150, 50]))).toBeNull();
  });
});

describe('all against the best', () => {
  it('has every metric of which less or more is better, and no others', async () => {
    const base = await runExperiment(
      experimentOf(`
version: 1
name: best
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
run: {requests: 400, replications: 5, seed: 1, warmup: 0.1}
load: {closed: {users: 8, think: 5ms}}
variants:
  one: {server: {unicorn: {worker_processes: 1}}}
  four: {server: {unicorn: {worker_processes: 4}}}
`),
    );
    const rows = compareWithBest(base);
    const verdicts = (metric: string, statistic = 'mean') =>
      rows.filter((row) => row.metric === metric && row.statistic === statistic).map((row) => row.verdict);
    expect(verdicts('latency_ms', 'p95')).toEqual(['worse', 'best']);
    expect(verdicts('throughput_per_s')).toEqual(['worse', 'best']);
    expect(
      rows.find(({ metric, variant }) => metric === 'throughput_per_s' && variant === 'one')!.difference,
    ).toBeLessThan(0);
    expect(verdicts('error_ratio')).toEqual(['undecided', 'undecided']);
    expect(verdicts('run_ms')).toEqual([]);
    expect(verdicts('core_utilisation_ratio')).toEqual([]);
  });
});

describe('an experiment that was stopped before its first round was over', () => {
  it('lacks replications, which is not the same as requests', async () => {
    let tasks = 0;
    const spec = experimentOf(`
version: 1
name: stopped
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
run: {requests: 100, replications: 2, seed: 1, warmup: 0.1}
load: {open: {rate: 50/s}}
variants:
  one: {server: {unicorn: {worker_processes: 1}}}
  four: {server: {unicorn: {worker_processes: 4}}}
`);
    const result = await runExperiment(spec, { isStopped: () => tasks++ > 0 });
    expect(result.replications).toHaveLength(1);
    const codes = (variant: string) =>
      doubtsAbout(result, summarise(result))
        .filter((doubt) => doubt.variant === variant)
        .map(({ code }) => code);
    expect(codes('one')).toContain('INCOMPLETE');
    expect(codes('four')).toEqual(['INCOMPLETE']);
  });
});
