import { meanInterval } from '../../statistics/intervals.js';
import { loadOf } from '../load/offered-load.js';
import type { Objective } from '../objective.js';
import type { Executor } from '../run-experiment.js';
import type { ExperimentSpec } from '../spec.js';
import { excessOf } from './excess.js';
import { type Goal, goalText, valueIn } from './goal.js';
import { type Fate, selectBest } from './select.js';
import { Stage } from './stage.js';

export interface BestOptions {
  /** Experiments of one configuration each, on the same arrivals. */
  readonly candidates: readonly ExperimentSpec[];
  /** What a candidate is called in the reasons. */
  readonly name: (candidate: number) => string;
  readonly goals: readonly Goal[];
  readonly indifference: number;
  readonly probability: number;
  readonly maxReplications: number;
  /** Runs a task of a candidate. */
  readonly execute: (candidate: number) => Executor;
  readonly isStopped?: () => boolean;
}

/** A goal of a candidate as far as it is known. */
export interface GoalEstimate {
  readonly goal: Goal;
  readonly estimate: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly method: string;
}

export interface RankedCandidate {
  /** Index into the candidates. */
  readonly candidate: number;
  /** From 1. */
  readonly rank: number;
  readonly verdict: Fate['kind'];
  readonly reason: string;
  readonly replications: number;
  readonly goals: readonly GoalEstimate[];
}

export interface BestResult {
  /** Best first. */
  readonly ranking: readonly RankedCandidate[];
  /** The selection is right with the stated probability. */
  readonly isDecided: boolean;
}

const ORDER: readonly Fate['kind'][] = ['selected', 'undecided', 'beaten', 'beyond', 'excluded'];

/** The best of the candidates, or their Pareto front, among those that fit the host and keep the objectives. */
export async function searchBest(options: BestOptions): Promise<BestResult> {
  const { candidates, goals } = options;
  const first = Math.max(5, candidates[0]!.run.replications);
  const stages = candidates.map((spec, k) => new Stage(spec, first, options.execute(k), options.isStopped));
  const hopeless = candidates.map(overload);
  const tried = candidates.flatMap((_, k) => (hopeless[k] === null ? [k] : []));
  const { slo } = candidates[0]!;
  const values = new Map<number, number[][]>();
  const show = async (k: number, replication: number) => {
    const candidate = tried[k]!;
    const result = await stages[candidate]!.replication(replication);
    const own = goals.map((goal) => valueIn(result, goal));
    const list = values.get(candidate) ?? [];
    list[replication] = own;
    values.set(candidate, list);
    return {
      goals: own.map((value, g) => (goals[g]!.isMore ? -value : value)),
      excesses: slo.map((objective) => excessOf(result, objective)),
    };
  };
  const selection = await selectBest({
    candidates: tried.length,
    show,
    indifference: (means) =>
      goals.map((_, g) => Math.max(1e-9, options.indifference * Math.abs(Math.min(...means.map((mean) => mean[g]!))))),
    tolerances: slo.map(({ limit }) => Math.max(1e-9, options.indifference * Math.abs(limit))),
    probability: options.probability,
    first,
    most: options.maxReplications,
    excluded: (k) => exclusion(stages[tried[k]!]!),
    isStopped: options.isStopped ?? (() => false),
  });
  const estimates = candidates.map((spec, candidate) =>
    estimatesOf(values.get(candidate) ?? [], goals, spec, selection.replications[tried.indexOf(candidate)] ?? 0),
  );
  const fates = candidates.map((_, candidate): Fate => {
    const why = hopeless[candidate];
    if (why != null) return { kind: 'excluded', why };
    const fate = selection.fates[tried.indexOf(candidate)]!;
    return fate.kind === 'beaten' ? { kind: 'beaten', by: tried[fate.by]! } : fate;
  });
  const sign = goals[0]!.isMore ? -1 : 1;
  const order = candidates
    .map((_, candidate) => candidate)
    .sort(
      (a, b) =>
        ORDER.indexOf(fates[a]!.kind) - ORDER.indexOf(fates[b]!.kind) ||
        sign * ((estimates[a]![0]?.estimate ?? Infinity * sign) - (estimates[b]![0]?.estimate ?? Infinity * sign)) ||
        a - b,
    );
  const ranking = order.map((candidate, k): RankedCandidate => {
    const fate = fates[candidate]!;
    return {
      candidate,
      rank: k + 1,
      verdict: fate.kind,
      reason: reasonOf(fate, options, slo, estimates),
      replications: selection.replications[tried.indexOf(candidate)] ?? 0,
      goals: estimates[candidate]!,
    };
  });
  return { ranking, isDecided: selection.isDecided };
}

/** Known before anything is simulated. */
function overload({ configurations, run }: ExperimentSpec): string | null {
  const { isUnstable, offeredPerSec, capacityPerSec, bottleneck } = loadOf(configurations[0]!, run);
  if (!isUnstable) return null;
  const what = { slots: 'threads', gvl: 'GVLs', cores: 'cores' }[bottleneck as 'slots'] ?? bottleneck;
  return `${text(offeredPerSec!)}/s are offered, its ${what} can serve ${text(capacityPerSec)}/s`;
}

function exclusion(stage: Stage): string | null {
  const lacking = stage.lackingMemory;
  if (lacking !== null) return `needs ${sizeText(lacking.neededMib)} of ${sizeText(lacking.limitMib)}`;
  const standing = stage.standingOf;
  return standing?.kind === 'unstable' ? `UNSTABLE: ${standing.text}` : null;
}

function estimatesOf(
  values: readonly (readonly number[])[],
  goals: readonly Goal[],
  { run }: ExperimentSpec,
  used: number,
): GoalEstimate[] {
  return goals.map((goal, g) => {
    const { estimate, interval, method } = meanInterval(
      values.slice(0, used).map((own) => own[g]!),
      run.confidence,
    );
    const isKnown = Number.isFinite(estimate);
    return {
      goal,
      estimate: isKnown ? estimate : null,
      ciLow: interval?.low ?? null,
      ciHigh: interval?.high ?? null,
      method: isKnown ? method : 'not simulated',
    };
  });
}

function reasonOf(
  fate: Fate,
  { name, goals, probability }: BestOptions,
  slo: readonly Objective[],
  estimates: readonly (readonly GoalEstimate[])[],
): string {
  switch (fate.kind) {
    case 'selected':
      return goals.length === 1 ? `the best, with probability ${text(probability)}` : 'no other beats it';
    case 'undecided':
      return 'not told from its rivals with these replications';
    case 'beaten': {
      const figures = estimates[fate.by]!.map(
        ({ goal, estimate }) => `${goalText(goal)} ${text(estimate ?? Number.NaN)}`,
      );
      return `beaten by ${name(fate.by)} (${figures.join(', ')})`;
    }
    case 'beyond':
      return `does not keep ${slo[fate.limit]!.text}`;
    case 'excluded':
      return fate.why;
  }
}

function text(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function sizeText(mib: number): string {
  return mib >= 1024 ? `${text(mib / 1024)} GiB` : `${text(mib)} MiB`;
}
