/**
 * `npm run validate:selection`: how often a search selects rightly, and what it costs. Writes docs/validation/selection.md.
 * Two minutes.
 */
import { writeFileSync } from 'node:fs';
import { selectBest } from '../src/experiment/search/select.js';
import { createStreams } from '../src/random/streams.js';
import { normalQuantile } from '../src/statistics/index.js';
import { QUEUES, selectAmongQueues } from './selection/queues.js';

const REPETITIONS = 500;

interface Case {
  readonly name: string;
  readonly candidates: number;
  readonly correlation: number;
  readonly probability: number;
  /** Of a replication of a candidate, from a uniform number; mean 0, standard deviation 1. */
  readonly noise: (uniform: number) => number;
}

const normal = (uniform: number): number => normalQuantile(uniform);
/** The mean of 20 skewed times is still skewed; here a gamma-like shift of an exponential. */
const exponential = (uniform: number): number => -Math.log(1 - uniform) - 1;

const CASES: readonly Case[] = [
  { name: 'normal, independent', candidates: 5, correlation: 0, probability: 0.95, noise: normal },
  { name: 'normal, independent', candidates: 20, correlation: 0, probability: 0.95, noise: normal },
  { name: 'normal, independent', candidates: 20, correlation: 0, probability: 0.8, noise: normal },
  {
    name: 'normal, common random numbers (correlation 0.8)',
    candidates: 20,
    correlation: 0.8,
    probability: 0.95,
    noise: normal,
  },
  { name: 'exponential, independent', candidates: 20, correlation: 0, probability: 0.95, noise: exponential },
];

/** Candidate 0 is the best, all others are worse by exactly the indifference: the slippage configuration. */
async function repetition({ candidates, correlation, probability, noise }: Case, seed: number) {
  const indifference = 0.5;
  const { fates, replications } = await selectBest({
    candidates,
    show: async (candidate, replication) => {
      const streams = createStreams(seed + 1, replication);
      const draw = (name: string): number => noise(streams.open(name).uniform());
      const value = Math.sqrt(correlation) * draw('common') + Math.sqrt(1 - correlation) * draw(`own/${candidate}`);
      return { goals: [value + (candidate === 0 ? 0 : indifference)], excesses: [] };
    },
    indifference: () => [indifference],
    tolerances: [],
    probability,
    most: 100_000,
  });
  return { isRight: fates[0]!.kind === 'selected', spent: replications.reduce((a, b) => a + b, 0) / candidates };
}

const rows: string[] = [];
for (const one of CASES) rows.push(await row(one.name, one.candidates, one.probability, (k) => repetition(one, k)));
for (const probability of [0.95, 0.8]) {
  const name = 'mean sojourn times of 450 requests, M/M/1 against M/M/1 to M/M/4, common random numbers';
  rows.push(await row(name, QUEUES.length, probability, (k) => selectAmongQueues(k, probability)));
}

async function row(
  name: string,
  candidates: number,
  probability: number,
  select: (seed: number) => Promise<{ isRight: boolean; spent: number }>,
): Promise<string> {
  let right = 0;
  let spent = 0;
  for (let k = 0; k < REPETITIONS; k++) {
    const { isRight, spent: cost } = await select(k);
    if (isRight) right++;
    spent += cost / REPETITIONS;
  }
  const share = right / REPETITIONS;
  const text = `| ${name} | ${candidates} | ${probability} | ${share.toFixed(3)} | ${spent.toFixed(0)} |`;
  console.log(text);
  return text;
}

writeFileSync(
  new URL('../docs/validation/selection.md', import.meta.url),
  `# How often a search selects rightly

Written by \`npm run validate:selection\`.

${REPETITIONS} searches each on the slippage configuration, the hardest that the procedure promises anything about: one candidate is the best,
all others are worse by exactly the indifference: half a standard deviation of a replication in the first rows, whose values are drawn;
a twenty-fifth of the best mean, by the formulas of M/M/c, in the last ones, where the simulator runs every replication. The share of
searches that selected the best must not be below the probability that was asked for.

| replications are | candidates | asked for | selected rightly | replications a candidate |
|---|---:|---:|---:|---:|
${rows.join('\n')}
`,
);
