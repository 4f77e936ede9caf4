/** Runs of systems that others have measured and published. */
import { runReplication } from '../../../src/experiment/replicate.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';
import { PARTS } from '../../../src/model/observations.js';
import { formatProblems, loadScenario } from '../../../src/scenario/index.js';
import { quantile } from '../../../src/statistics/quantile.js';
import { ms } from '../../support/phases.js';
import { cpu, type LoopHost, runLoops } from '../../support/thread-loops.js';

/** Replications of the only configuration of a scenario. */
export function runsOf(text: string, replications: number): ReplicationResult[] {
  const { experiment, problems } = loadScenario({ file: 'public.yml', text }, { readText: () => '' });
  if (experiment === null) throw new Error(formatProblems(problems));
  return Array.from({ length: replications }, (_, k) =>
    runReplication(experiment.configurations[0]!, experiment.run, k),
  );
}

/** Mean over the runs of a statistic of latency [ms]. */
export function latencyMs(
  runs: readonly ReplicationResult[],
  statistic: 'mean' | 'p50' | 'p75' | 'p90' | 'p95' | 'p99',
): number {
  const at = ['p50', 'p75', 'p90', 'p95', 'p99'].indexOf(statistic);
  return meanOf(runs, (run) => {
    const { mean, quantiles } = run.metrics.find((one) => one.metric === 'latency_ms' && one.className === 'all')!;
    return statistic === 'mean' ? mean : quantiles![at]!;
  });
}

/** Share of the requests of one run that are answered within a time, for each of several. */
export function shareWithin(text: string, limitMs: number, replications: number): number[] {
  const { experiment, problems } = loadScenario({ file: 'public.yml', text }, { readText: () => '' });
  if (experiment === null) throw new Error(formatProblems(problems));
  return Array.from({ length: replications }, (_, k) => {
    let [within, all] = [0, 0];
    runReplication(experiment.configurations[0]!, experiment.run, k, {
      rows: () => ({
        row: (table, request) => {
          all++;
          const parts = table.partsNs.subarray(request * PARTS, (request + 1) * PARTS);
          if (parts.reduce((sum, ns) => sum + ns, 0) <= ms(limitMs)) within++;
        },
      }),
    });
    return within / all;
  });
}

/** Mean over the runs of a metric of the whole run. */
export function runValue(runs: readonly ReplicationResult[], metric: string): number {
  return meanOf(runs, (run) => run.runValues.find((one) => one.metric === metric && one.className === 'all')!.value);
}

function meanOf(runs: readonly ReplicationResult[], value: (run: ReplicationResult) => number): number {
  return runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
}

/** Times of operations of `opNs` Ruby code each, of `threads` threads that do nothing else [ms, sorted]. */
export function operationTimes(host: LoopHost, threads: number, opMs: number, seconds: number): number[] {
  const times: number[] = [];
  const loop = {
    script: function* (view: { nowNs(): number }) {
      for (;;) {
        const from = view.nowNs();
        yield cpu(ms(opMs));
        times.push((view.nowNs() - from) / 1e6);
      }
    },
  };
  runLoops(
    host,
    Array.from({ length: threads }, () => loop),
    seconds * 1e9,
  );
  return times.sort((a, b) => a - b);
}

export function quantileOf(times: readonly number[], p: number): number {
  return quantile(Float64Array.from(times), p);
}
