import { loadOf } from '../experiment/load/offered-load.js';
import type { Goal } from '../experiment/search/goal.js';
import { factorColumn, SEARCH_RESERVED } from '../report/outputs/search.js';
import type { Column } from '../report/tables.js';
import { findings as findingsOf, type Problem, sortProblems, withoutRepeats } from '../schema/index.js';
import { Findings } from './findings.js';
import { cellsOf, type Grid, overridesOf, readGrid, yamlOf } from './grid/grid.js';
import { problem } from './grid/values.js';
import { type Loaded, type LoadOptions, type OpenScenario, openScenario, type ScenarioSource } from './load.js';
import { type SearchText, searchSchema } from './schema/search.js';
import { type Override, readOverride } from './source/override.js';
import { get, type Mapping, type Tree, toPlain } from './source/tree.js';

/** A configuration among which the best is searched. */
export interface Candidate {
  /** Values of the factors, as they stand in the results; empty where its grid lacks one. */
  readonly cells: readonly string[];
  /** `path=value`, as for `--set`. */
  readonly settings: readonly string[];
  readonly experiment: Loaded;
}

export interface BestPlan {
  readonly factors: readonly Column[];
  readonly candidates: readonly Candidate[];
  /** One, or those of the Pareto front. */
  readonly goals: readonly Goal[];
  /** Share of the best value below which differences do not matter. */
  readonly indifference: number;
  readonly probability: number;
  readonly maxReplications: number;
}

export interface MaxRatePlan {
  readonly fromPerSec: number | null;
  readonly toPerSec: number | null;
  readonly precision: number;
  readonly confidence: number;
  readonly maxReplications: number;
  /** The scenario with its variants at some rate. */
  at(ratePerSec: number): { readonly settings: readonly string[]; readonly experiment: Loaded };
}

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

/** A rate to see whether the load follows it. */
const TRIED_PER_SEC = 1.25;

/** More are no search any more; a sweep shows them all. */
const MOST_CANDIDATES = 500;

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
    const missing = problem(
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
    problems.push(problem(tree.place, 'SCN_REQUIRED', 'expected max_rate, best, or both'));
  }
  const plan: SearchPlan = {
    name: scenario.name,
    base,
    maxRate: maxRate === undefined ? null : maxRatePlan(scenario, tree, maxRate, problems),
    best: best === undefined ? null : bestPlan(scenario, get(tree, 'best') as Mapping, best, problems),
  };
  return problems.length > 0 ? refuse(problems) : { plan, problems: [], warnings: base.warnings };
}

function maxRatePlan(
  scenario: OpenScenario,
  tree: Tree,
  { from, to, precision, confidence, max_replications }: NonNullable<SearchText['max_rate']>,
  problems: Problem[],
): MaxRatePlan | null {
  const place = get(tree, 'max_rate')!.place;
  const root = scenario.root!;
  if (get(root, 'slo') === undefined) {
    problems.push(problem(place, 'SCN_REQUIRED', 'max_rate needs objectives', 'e.g. slo: ["latency_ms p95 < 300ms"]'));
  }
  if (from !== undefined && to !== undefined && from >= to) {
    problems.push(problem(place, 'SCN_RANGE', 'expected from below to'));
  }
  const at = (ratePerSec: number) => {
    const setting = `load.open.rate=${plainRate(ratePerSec)}/s`;
    const override = readOverride(setting, 1) as Override;
    return { settings: [setting], experiment: scenario.build([override]) };
  };
  const tried = at(TRIED_PER_SEC).experiment.experiment;
  const isRaised = tried?.configurations.every(
    (one) => Math.abs((loadOf(one, tried.run).offeredPerSec ?? 0) / TRIED_PER_SEC - 1) < 1e-6,
  );
  if (!isRaised) {
    const message = 'max_rate needs a load whose rate can be raised';
    problems.push(
      problem(root.entries.get('load')?.key ?? place, 'SCN_COMBINATION', message, 'load: {open: {rate: 50/s}}'),
    );
    return null;
  }
  return {
    fromPerSec: from ?? null,
    toPerSec: to ?? null,
    precision,
    confidence,
    maxReplications: max_replications,
    at,
  };
}

/** Never in scientific notation. */
function plainRate(ratePerSec: number): string {
  const text = String(Number(ratePerSec.toPrecision(8)));
  return text.includes('e') ? ratePerSec.toFixed(12) : text;
}

function bestPlan(
  scenario: OpenScenario,
  tree: Mapping,
  { minimise, maximise, pareto, indifference, probability, max_replications }: NonNullable<SearchText['best']>,
  problems: Problem[],
): BestPlan | null {
  const goals = goalsOf(minimise, maximise, pareto);
  if (goals.length === 0) {
    problems.push(problem(tree.place, 'SCN_REQUIRED', 'best of what? state minimise, maximise or pareto'));
  }
  if (get(scenario.root ?? undefined, 'variants') !== undefined) {
    const message = 'a search for the best has candidates, not variants';
    problems.push(problem(tree.place, 'SCN_COMBINATION', message, 'gvlsim compare compares variants'));
    return null;
  }
  const over = get(tree, 'over')!;
  const grids: Grid[] = [];
  for (const one of over.kind === 'list' ? over.items : [over]) {
    const grid = readGrid(one, SEARCH_RESERVED, problems);
    if (grid !== null) grids.push(grid);
  }
  if (problems.length > 0) return null;
  const size = grids.reduce((sum, grid) => sum + grid.size, 0);
  if (size > MOST_CANDIDATES) {
    const message = `${size} configurations; at most ${MOST_CANDIDATES}`;
    problems.push(problem(over.place, 'SCN_RANGE', message, 'gvlsim sweep simulates larger grids'));
    return null;
  }
  const factors = new Map<string, Column>();
  for (const grid of grids) {
    for (const { path, column } of grid.factors) {
      const { name, type, unit } = column;
      if (!factors.has(name)) factors.set(name, factorColumn(name, type, unit, path));
    }
  }
  const names = [...factors.keys()];
  const candidates = grids.flatMap((grid) =>
    Array.from({ length: grid.size }, (_, cell) => candidateOf(scenario, grid, cell, names)),
  );
  for (const { experiment } of candidates) problems.push(...experiment.problems);
  return {
    factors: [...factors.values()],
    candidates,
    goals,
    indifference,
    probability,
    maxReplications: max_replications,
  };
}

function goalsOf(minimise: Goal | undefined, maximise: Goal | undefined, pareto: Goal[] | undefined): Goal[] {
  if (minimise !== undefined) return [{ ...minimise, isMore: false }];
  if (maximise !== undefined) return [{ ...maximise, isMore: true }];
  return pareto ?? [];
}

function candidateOf(scenario: OpenScenario, grid: Grid, cell: number, names: readonly string[]): Candidate {
  const values = cellsOf(grid, cell);
  const byName = new Map(grid.factors.map(({ column }, k) => [column.name, values[k]!]));
  const overrides = [...serverSwitch(scenario.root!, grid), ...overridesOf(grid, cell)];
  return {
    cells: names.map((name) => byName.get(name) ?? ''),
    settings: overrides.map(({ keys, value }) => `${keys.map(quoted).join('.')}=${yamlOf(value)}`),
    experiment: scenario.build(overrides),
  };
}

function quoted(key: string): string {
  return /^[^.[\]"=\s]+$/.test(key) ? key : `"${key}"`;
}

/** A grid of `server.puma...` on top of a file with Unicorn means Puma. */
function serverSwitch(root: Mapping, { factors }: Grid): Override[] {
  const named = factors.find(({ keys }) => keys[0] === 'server' && keys.length > 1);
  const kind = named?.keys[1];
  const server = get(root, 'server');
  if (kind === undefined || (server?.kind === 'map' && server.entries.has(kind))) return [];
  const { place } = named!;
  const none: Mapping = { kind: 'map', entries: new Map(), place };
  const value: Mapping = { kind: 'map', entries: new Map([[kind, { key: place, value: none }]]), place };
  return [{ keys: ['server'], value, place, isFileLevel: false }];
}
