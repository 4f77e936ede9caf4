import { selectBest } from '../../src/experiment/search/select.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createExponential } from '../../src/random/distributions/index.js';
import { mmcMeanSojourn } from '../../src/statistics/formulas/index.js';
import { ms } from '../../test/support/phases.js';
import { idealServer, world } from '../../test/support/worlds.js';
import { sample } from '../statistics/sample.js';

/** Mean time between arrivals [ns]; the same for all candidates. */
const INTERARRIVAL_NS = ms(20);
/** Mean sojourn time of the best candidate [ns]: a single worker that is busy half of the time. */
const BEST_NS = ms(20);
/** Requests of a replication; the first tenth is cut. */
const REQUESTS = 500;

/** What does not matter in the selection, and by how much all others are worse: a twenty-fifth of the best mean [ns]. */
export const INDIFFERENCE_NS = BEST_NS / 25;

/** One worker that is the best, and 1 to 4 slower workers whose mean sojourn time is longer by exactly the indifference. */
export const QUEUES: readonly SystemSpec[] = [
  queue(1, BEST_NS),
  ...[1, 2, 3, 4].map((workers) => queue(workers, BEST_NS + INDIFFERENCE_NS)),
];

/** M/M/c with a given mean sojourn time. */
function queue(workers: number, sojournNs: number): SystemSpec {
  return world({
    phases: [[PhaseKind.Cpu, createExponential(serviceFor(workers, sojournNs))]],
    load: { kind: 'renewal', interarrival: createExponential(INTERARRIVAL_NS) },
    server: idealServer(workers, 1),
  });
}

/** The mean service time with which so many workers have a given mean sojourn time, to a nanosecond. */
function serviceFor(workers: number, sojournNs: number): number {
  const lambda = 1 / INTERARRIVAL_NS;
  let [low, high] = [1, Math.min(sojournNs, workers * INTERARRIVAL_NS) - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (mmcMeanSojourn(workers, lambda, 1 / middle) < sojournNs) low = middle;
    else high = middle;
  }
  return low;
}

/** One selection by simulation, on common random numbers. Returns whether it was right, and the replications a candidate. */
export async function selectAmongQueues(
  seed: number,
  probability: number,
): Promise<{ isRight: boolean; spent: number }> {
  const { fates, replications } = await selectBest({
    candidates: QUEUES.length,
    show: async (candidate, replication) => ({
      goals: [sample(QUEUES[candidate]!, REQUESTS, seed + 1, replication).mean],
      excesses: [],
    }),
    indifference: () => [INDIFFERENCE_NS],
    tolerances: [],
    probability,
    most: 100_000,
  });
  return {
    isRight: fates[0]!.kind === 'selected',
    spent: replications.reduce((a, b) => a + b, 0) / QUEUES.length,
  };
}
