import { findings as findingsOf, type Problem, sortProblems, withoutRepeats } from '../../schema/index.js';
import type { Loaded, LoadOptions, ScenarioSource } from '../loading/contract.js';
import { openScenario } from '../loading/load.js';
import { searchSchema } from '../schema/search.js';
import { Findings } from '../source/findings.js';
import { problemAt } from '../source/problem-at.js';
import { get, type Mapping, toPlain } from '../source/tree.js';
import { type BestPlan, bestPlan } from './best.js';
import { type MaxRatePlan, maxRatePlan } from './max-rate.js';

export interface SearchPlan {
  readonly name: string;
  /** The scenario itself. */
  readonly base: Loaded;
  readonly maxRate: MaxRatePlan | null;
  readonly best: BestPlan | null;
}

export interface LoadedSearch {
  /** null if there are problems. */
  readonly plan: SearchPlan | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads a scenario with its `search`. Never throws for what the user wrote: every problem is in the result. */
export function loadSearch(source: ScenarioSource, options: LoadOptions): LoadedSearch {
  const scenario = openScenario(source, options);
  const base = scenario.build();
  const refuse = (problems: readonly Problem[]): LoadedSearch => {
    return { plan: null, problems: sortProblems(withoutRepeats(problems)), warnings: [] };
  };
  if (scenario.root === null || base.experiment === null) return refuse(base.problems);
  const tree = get(scenario.root, 'search');
  if (tree === undefined) {
    const hint =
      'e.g. search: {max_rate: {}}, or search: {best: {minimise: latency_ms p95, over: {server.puma.threads: [1, 3, 5]}}}';
    const missing = problemAt(
      { ...scenario.root.place, path: 'search', length: 1 },
      'SCN_REQUIRED',
      'search is missing: what to look for',
      hint,
    );
    return refuse([missing]);
  }
  const parsed = searchSchema.safeParse(toPlain(tree));
  if (!parsed.success) {
    const found = new Findings(tree);
    for (const finding of findingsOf(searchSchema, parsed.error, toPlain(tree))) found.add(finding);
    return refuse(found.problems);
  }
  const { max_rate: maxRate, best } = parsed.data;
  const problems: Problem[] = [];
  if (maxRate === undefined && best === undefined) {
    problems.push(problemAt(tree.place, 'SCN_REQUIRED', 'expected max_rate, best, or both'));
  }
  const plan: SearchPlan = {
    name: scenario.name,
    base,
    maxRate: maxRate === undefined ? null : maxRatePlan(scenario, tree, maxRate, problems),
    best: best === undefined ? null : bestPlan(scenario, get(tree, 'best') as Mapping, best, problems),
  };
  return problems.length > 0 ? refuse(problems) : { plan, problems: [], warnings: base.warnings };
}
