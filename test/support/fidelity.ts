/** How close replays come to what was measured. */
import { busiestShare, figuresOf } from '../../src/experiment/replay/observed-requests.js';
import { experimentOf, type MeasuredCase, type Requests, readRun, replay } from './measured.js';

/** What is compared of a run; milliseconds. */
export interface Summary {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** From sending to the start of the application. */
  readonly queueMs: number;
  /** Inside the application, what is not demand. NaN where the demand is not known. */
  readonly inAppWaitMs: number;
  readonly afterAppMs: number;
  readonly answered: number;
  readonly failed: number;
  /** Largest share of the requests that one worker served, times the number of workers; 1 = all alike. */
  readonly imbalance: number;
}

/** What fidelity is stated for. */
export const LATENCY_METRICS = ['meanMs', 'p50Ms', 'p95Ms', 'p99Ms'] as const;
export type LatencyMetric = (typeof LATENCY_METRICS)[number];

export interface Comparison {
  readonly measured: MeasuredCase;
  /** One a measured run. */
  readonly real: readonly Summary[];
  readonly simulated: readonly Summary[];
  /** Simulated over measured, each the mean over the runs. */
  readonly ratio: Readonly<Record<LatencyMetric, number>>;
  /** Latencies of the last run, ascending: for quantile-quantile plots. */
  readonly realLatencyMs: Float64Array;
  readonly simulatedLatencyMs: Float64Array;
}

/** Replications of a case with several processes: who wins a connection is drawn. */
const REPLICATIONS = 5;

export function compareCase(measured: MeasuredCase): Comparison {
  const real: Summary[] = [];
  const simulated: Summary[] = [];
  let realMs: Float64Array = new Float64Array(0);
  let simulatedMs: Float64Array = new Float64Array(0);
  for (const run of measured.runs) {
    const requests = readRun(measured, run);
    const experiment = experimentOf(measured, run);
    const replications = measured.processes > 1 ? REPLICATIONS : 1;
    const replays = Array.from({ length: replications }, (_, k) => replay(experiment, k));
    real.push(summarise([requests], measured));
    simulated.push(summarise(replays, measured));
    realMs = answered([requests], measured).latencyMs.sort();
    simulatedMs = answered(replays, measured).latencyMs.sort();
  }
  const ratio = (metric: LatencyMetric): number => meanOf(simulated, metric) / meanOf(real, metric);
  return {
    measured,
    real,
    simulated,
    ratio: { meanMs: ratio('meanMs'), p50Ms: ratio('p50Ms'), p95Ms: ratio('p95Ms'), p99Ms: ratio('p99Ms') },
    realLatencyMs: realMs,
    simulatedLatencyMs: simulatedMs,
  };
}

export function meanOf(summaries: readonly Summary[], metric: keyof Summary): number {
  return summaries.reduce((sum, summary) => sum + summary[metric], 0) / summaries.length;
}

/** Largest difference between two measured runs, as a share of their mean; NaN with one run. */
export function spreadOf(summaries: readonly Summary[], metric: keyof Summary): number {
  if (summaries.length < 2) return Number.NaN;
  const values = summaries.map((summary) => summary[metric]);
  return (Math.max(...values) - Math.min(...values)) / meanOf(summaries, metric);
}

interface Columns {
  readonly latencyMs: Float64Array;
  readonly queueMs: Float64Array;
  readonly inAppWaitMs: Float64Array;
  readonly afterAppMs: Float64Array;
  readonly worker: readonly string[];
}

/** The requests that were answered; of a closed loop those answered within its duration. */
function answered(runs: readonly Requests[], { users, durationSec }: MeasuredCase): Columns {
  const endMs = users > 0 ? durationSec * 1000 : Number.POSITIVE_INFINITY;
  const chosen = runs.flatMap((run) =>
    run.ids.flatMap((_, k) =>
      run.status[k] === 'ok' && run.sentMs[k]! + run.latencyMs[k]! <= endMs ? [{ run, k }] : [],
    ),
  );
  const column = (name: 'latencyMs' | 'queueMs' | 'inAppWaitMs' | 'afterAppMs'): Float64Array =>
    Float64Array.from(chosen, ({ run, k }) => run[name][k]!);
  return {
    latencyMs: column('latencyMs'),
    queueMs: column('queueMs'),
    inAppWaitMs: column('inAppWaitMs'),
    afterAppMs: column('afterAppMs'),
    worker: chosen.map(({ run, k }) => run.worker[k]!),
  };
}

function summarise(runs: readonly Requests[], measured: MeasuredCase): Summary {
  const columns = answered(runs, measured);
  const [meanMs, p50Ms, , p95Ms, p99Ms] = figuresOf(columns.latencyMs);
  const sent = runs.reduce((sum, { ids }) => sum + ids.length, 0);
  return {
    meanMs: meanMs!,
    p50Ms: p50Ms!,
    p95Ms: p95Ms!,
    p99Ms: p99Ms!,
    queueMs: average(columns.queueMs),
    inAppWaitMs: average(columns.inAppWaitMs),
    afterAppMs: average(columns.afterAppMs),
    answered: columns.worker.length / runs.length,
    failed: (sent - columns.worker.length) / runs.length,
    imbalance: busiestShare(columns.worker) * measured.processes,
  };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
