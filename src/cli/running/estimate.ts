import { expectedArrivals } from '../../experiment/load/expected-arrivals.js';
import { loadOf } from '../../experiment/load/offered-load.js';
import { replicationSteps } from '../../experiment/replicate.js';
import type { ConfigurationSpec, ExperimentSpec, RunSpec } from '../../experiment/spec.js';
import { grouped } from '../print/numbers.js';
import { spanText } from '../progress.js';

/** What is ahead, before it is begun. */
export interface WorkEstimate {
  readonly runs: number;
  /** Requests of all runs; null where the load does not say. */
  readonly requests: number | null;
  /** Wall-clock time [s]; null where there is too little to do for it to matter. */
  readonly sec: number | null;
  readonly jobs: number;
}

/** Less work than this is done before an estimate of it is read. */
const WORTH_TIMING = 1_000_000;
/** A trial of fewer requests says nothing, unless it takes this many times as long. */
const FEWEST = 4000;
const LONGEST = 10;
/** How long each sample is tried [ms]. */
const TRIAL_MS = 60;

/**
 * Runs, requests and time of experiments of which some are given as a sample. The time is that of the first
 * milliseconds of the samples, scaled up: the code is cold then, so it is rather too long.
 */
export function estimateOf(sample: readonly ExperimentSpec[], experiments: number, jobs: number): WorkEstimate {
  const scale = experiments / sample.length;
  const runs = scale * sum(sample.map(({ configurations, run }) => configurations.length * run.replications));
  const perSample = sample.map(({ configurations, run }) =>
    configurations.map((configuration) => requestsOf(configuration, run)),
  );
  const isKnown = perSample.flat().every((requests) => requests !== null);
  const requests = isKnown
    ? scale * sum(sample.map(({ run }, k) => run.replications * sum(perSample[k] as number[])))
    : null;
  const isSmall = requests !== null && requests < WORTH_TIMING;
  const sec = isSmall
    ? null
    : (scale *
        sum(
          sample.map(
            ({ configurations, run }) =>
              run.replications *
              configurations.length *
              trialSec(configurations[configurations.length >> 1]!, run, TRIAL_MS / Math.max(1, sample.length / 3)),
          ),
        )) /
      jobs;
  return { runs: Math.round(runs), requests: requests === null ? null : Math.round(requests), sec, jobs };
}

/** Fewer requests than this are simulated before anybody wonders how long it takes. */
const HUGE = 20_000_000;

/** The estimate of an experiment that is worth a warning before it is begun; null for ordinary ones. */
export function hugeEstimate(experiment: ExperimentSpec, jobs: number): WorkEstimate | null {
  const { configurations, run } = experiment;
  const requests = sum(configurations.map((one) => requestsOf(one, run) ?? 0)) * run.replications;
  return requests < HUGE ? null : estimateOf([experiment], 1, jobs);
}

/** E.g. `240 runs, about 4 800 000 requests; about 12 s with 2 jobs`. */
export function estimateText({ runs, requests, sec, jobs }: WorkEstimate): string {
  const many = requests === null ? '' : `, about ${grouped(Number(requests.toPrecision(3)))} requests`;
  const time = sec === null ? '' : `; about ${spanText(sec)} with ${jobs} job${jobs === 1 ? '' : 's'}`;
  return `${grouped(runs)} runs${many}${time}`;
}

/** Requests of one run; null if the load does not say. */
function requestsOf(configuration: ConfigurationSpec, run: RunSpec): number | null {
  const expected = expectedArrivals(configuration.system, run);
  if (Number.isFinite(expected)) return expected;
  const { offeredPerSec, closedBoundPerSec } = loadOf(configuration, run);
  const perSec = offeredPerSec ?? closedBoundPerSec;
  return perSec === null || !Number.isFinite(run.durationNs) ? null : (perSec * run.durationNs) / 1e9;
}

/** Wall-clock time of one run, from its first milliseconds [s]. */
function trialSec(configuration: ConfigurationSpec, run: RunSpec, trialMs: number): number {
  const steps = replicationSteps(configuration, run, 0);
  const startMs = performance.now();
  const requests = requestsOf(configuration, run) ?? Number.POSITIVE_INFINITY;
  // The first requests pay for building the system and compiling the code.
  let from: { readonly atMs: number; readonly share: number } | null = null;
  for (;;) {
    const step = steps.next();
    const atMs = performance.now() - startMs;
    if (step.done) return atMs / 1000;
    const share = step.value;
    if (from === null && share * requests >= FEWEST / 4) from = { atMs, share };
    const isEnough = atMs >= trialMs && share * requests >= FEWEST;
    if (from !== null && share > from.share && (isEnough || atMs >= LONGEST * trialMs)) {
      return (atMs - from.atMs) / 1000 / (share - from.share);
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
