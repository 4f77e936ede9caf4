import { loadOf } from '../../experiment/load/offered-load.js';
import type { Executor } from '../../experiment/run-experiment.js';
import { excessOf, valueOfExcess } from '../../experiment/search/excess.js';
import { type MaxRate, searchMaxRate } from '../../experiment/search/max-rate.js';
import { type BestResult, searchBest } from '../../experiment/search/search-best.js';
import { Stage } from '../../experiment/search/stage.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import type { SearchRecord, TrialRecord } from '../../report/outputs/search.js';
import type { BestPlan, MaxRatePlan } from '../../scenario/index.js';
import { formatProblems } from '../../schema/index.js';
import { CliError } from '../cli-error.js';
import type { CellExecutor } from '../running/cell-executor.js';
import { candidateName } from './candidate-name.js';

export interface SearchRun {
  readonly executor: CellExecutor;
  readonly isStopped: () => boolean;
  readonly simulated: () => void;
}

/** A variant and the highest rate it can take. */
export interface VariantRate {
  readonly variant: string;
  readonly found: MaxRate;
}

/** Searches the highest rate for each variant of a file. */
export async function runMaxRate(plan: MaxRatePlan, base: ExperimentSpec, run: SearchRun): Promise<VariantRate[]> {
  const rates: VariantRate[] = [];
  for (const [k, { variant }] of base.configurations.entries()) {
    if (run.isStopped()) break;
    rates.push({ variant, found: await maxRateOf(plan, base, k, run) });
  }
  return rates;
}

function maxRateOf(plan: MaxRatePlan, base: ExperimentSpec, index: number, run: SearchRun): Promise<MaxRate> {
  const stages = new Map<number, Stage>();
  const first = Math.max(5, base.run.replications);
  const stageAt = (rate: number): Stage => {
    let stage = stages.get(rate);
    if (stage === undefined) {
      const { settings, experiment } = plan.at(rate);
      const spec = experiment.experiment;
      if (spec === null) throw new CliError(`${rate}/s is not possible\n${formatProblems(experiment.problems)}`);
      stage = new Stage(alone(spec, index), first, executorOf(run, spec, settings, index), run.isStopped);
      stages.set(rate, stage);
    }
    return stage;
  };
  const { capacityPerSec } = loadOf(base.configurations[index]!, base.run);
  const isBounded = plan.toPerSec === null || plan.toPerSec >= capacityPerSec;
  const to = isBounded ? capacityPerSec : plan.toPerSec!;
  if (!Number.isFinite(to)) {
    throw new CliError('the capacity has no bound, so the search has no end', 'state search.max_rate.to');
  }
  return searchMaxRate({
    from: plan.fromPerSec ?? 0,
    to,
    isToOpen: !isBounded,
    confidence: plan.confidence,
    precision: plan.precision,
    first,
    budget: plan.maxReplications,
    isStopped: run.isStopped,
    show: async (rate, replication) => {
      const stage = stageAt(rate);
      const result = await stage.replication(replication);
      const isUnstable = stage.standingOf?.kind === 'unstable';
      return { excesses: base.slo.map((objective) => excessOf(result, objective)), isUnstable };
    },
  });
}

/** Searches the best candidate. */
export function runBest(plan: BestPlan, run: SearchRun): Promise<BestResult> {
  const specs = plan.candidates.map(({ experiment }) => experiment.experiment!);
  return searchBest({
    candidates: specs,
    name: (candidate) => candidateName(specs[candidate]!),
    goals: plan.goals,
    indifference: plan.indifference,
    probability: plan.probability,
    maxReplications: plan.maxReplications,
    execute: (candidate) => executorOf(run, specs[candidate]!, plan.candidates[candidate]!.settings, 0),
    isStopped: run.isStopped,
  });
}

/** The same experiment with one of its configurations. */
function alone(spec: ExperimentSpec, index: number): ExperimentSpec {
  const configuration = spec.configurations[index]!;
  return { ...spec, configurations: [configuration], baseline: configuration.variant };
}

function executorOf(
  { executor, isStopped, simulated }: SearchRun,
  spec: ExperimentSpec,
  settings: readonly string[],
  configuration: number,
): Executor {
  return async (task) => {
    const result = await executor.run({ spec, settings }, { ...task, configuration }, isStopped);
    simulated();
    return result;
  };
}

/** Rows of search.csv on the highest rates, the highest first. */
export function rateRecords(
  rates: readonly VariantRate[],
  plan: MaxRatePlan,
  blanks: readonly string[],
): SearchRecord[] {
  const height = ({ found }: VariantRate): number => found.estimate ?? found.holdsUpTo ?? 0;
  return [...rates]
    .sort((a, b) => height(b) - height(a))
    .map(({ variant, found }, k) => {
      const { holdsUpTo, failsFrom, estimate, isPrecise } = found;
      const verdict = holdsUpTo === null ? 'none' : failsFrom === null ? 'all' : isPrecise ? 'found' : 'wide';
      return {
        search: 'max_rate',
        rank: k + 1,
        candidate: variant,
        factors: blanks,
        verdict,
        reason: REASONS[verdict],
        replications: found.replications,
        metric: 'rate_per_s',
        statistic: 'max',
        estimate: verdict === 'found' || verdict === 'wide' ? estimate : null,
        ciLow: holdsUpTo,
        ciHigh: failsFrom,
        ciLevel: plan.confidence,
        method: 'stochastic bisection: shown to hold at the lower end, broken at the upper one',
      };
    });
}

const REASONS = {
  none: 'the objectives hold at no rate that was tried',
  all: 'the objectives hold at the highest rate of interest',
  found: 'the interval is as narrow as was asked for',
  wide: 'the replications were used up before the interval was as narrow as was asked for',
} as const;

export function trialRecords(rates: readonly VariantRate[], { slo }: ExperimentSpec): TrialRecord[] {
  return rates.flatMap(({ variant, found }) =>
    found.trials.flatMap(({ ratePerSec, replications, excesses, verdict }) =>
      slo.map((objective, c) => ({
        variant,
        ratePerSec,
        objective: objective.text,
        metric: objective.metric,
        replications,
        estimate: excesses[c] === undefined ? null : valueOfExcess(excesses[c], objective),
        verdict,
      })),
    ),
  );
}

/** Rows of search.csv on the candidates, the best first. */
export function bestRecords(result: BestResult, plan: BestPlan): SearchRecord[] {
  return result.ranking.flatMap(({ candidate, rank, verdict, reason, replications, goals }) => {
    const { cells, experiment } = plan.candidates[candidate]!;
    return goals.map(({ goal, estimate, ciLow, ciHigh, method }) => ({
      search: 'best' as const,
      rank,
      candidate: candidateName(experiment.experiment!),
      factors: cells,
      verdict,
      reason,
      replications,
      metric: goal.metric,
      statistic: goal.statistic,
      estimate,
      ciLow,
      ciHigh,
      ciLevel: ciLow === null ? null : experiment.experiment!.run.confidence,
      method,
    }));
  });
}
