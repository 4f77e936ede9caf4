import { standingsOf } from '../../src/experiment/estimates/standing.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import type { ExperimentSpec } from '../../src/experiment/spec.js';
import { mm1MeanSojourn } from '../../src/statistics/formulas/index.js';
import { experimentOf } from '../../test/experiment/scenarios.js';

/** What experiments with an automatic warm-up came to: counts and sums. */
export interface Biased {
  readonly experiments: number;
  /** Experiments in which no steady state was claimed. */
  readonly refused: number;
  /** Sum over the others of mean / truth - 1, and of its square. */
  readonly bias: number;
  readonly squares: number;
  /** Of the same experiments without any cut. */
  readonly uncut: number;
  /** Sum of the shares that were cut. */
  readonly cut: number;
}

export const STARTS = { empty: 0, crowd: 100 } as const;
export const SETTLING = { utilisation: 0.8, requests: 3000, replications: 10 } as const;

function spec(start: keyof typeof STARTS, seed: number, warmup: string): ExperimentSpec {
  const { utilisation, requests, replications } = SETTLING;
  return experimentOf(`
version: 1
name: settling
host: {cores: 1}
ruby: {version: "3.3", gc: "off"}
server: {ideal: {processes: 1, threads: 1}}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
load: {open: {rate: ${100 * utilisation}/s, at_start: ${STARTS[start]}}}
run: {requests: ${requests}, replications: ${replications}, seed: ${seed}, warmup: ${warmup}}
`);
}

/** Experiments `from` to `to` - 1 that start empty or with a crowd waiting, and whose warm-up is found automatically. */
export async function warmUpBias(start: keyof typeof STARTS, from: number, to: number): Promise<Biased> {
  const truth = 1000 * mm1MeanSojourn(100 * SETTLING.utilisation, 100);
  const total = { experiments: 0, refused: 0, bias: 0, squares: 0, uncut: 0, cut: 0 };
  for (let experiment = from; experiment < to; experiment++) {
    const result = await runExperiment(spec(start, 90_000 + experiment, 'auto'));
    total.experiments++;
    if (standingsOf(result).get('settling')!.kind !== 'steady') {
      total.refused++;
      continue;
    }
    const bias = meanLatency(result.replications) / truth - 1;
    total.bias += bias;
    total.squares += bias ** 2;
    total.cut += result.warmUp!.share;
    const uncut = await runExperiment(spec(start, 90_000 + experiment, '0s'));
    total.uncut += meanLatency(uncut.replications) / truth - 1;
  }
  return total;
}

type Replications = Awaited<ReturnType<typeof runExperiment>>['replications'];

function meanLatency(replications: Replications): number {
  const means = replications.map(({ metrics }) => metrics.find(({ metric }) => metric === 'latency_ms')!.mean);
  return means.reduce((a, b) => a + b, 0) / means.length;
}
