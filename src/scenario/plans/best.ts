import type { Goal } from '../../experiment/search/goal.js';
import { factorColumn, SEARCH_RESERVED } from '../../report/outputs/search.js';
import type { Column } from '../../report/tables.js';
import type { Problem } from '../../schema/index.js';
import { cellsOf, type Grid, overridesOf, readGrid, yamlOf } from '../grid/grid.js';
import type { Loaded, OpenScenario } from '../loading/contract.js';
import type { SearchText } from '../schema/search.js';
import { type Override, quotedKey } from '../source/override.js';
import { problemAt } from '../source/problem-at.js';
import { get, type Mapping } from '../source/tree.js';

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

/** More are no search any more; a sweep shows them all. */
const MOST_CANDIDATES = 500;

/** What is wrong with `search.best` goes to `problems`; then there is no plan. */
export function bestPlan(
  scenario: OpenScenario,
  tree: Mapping,
  { minimise, maximise, pareto, indifference, probability, max_replications }: NonNullable<SearchText['best']>,
  problems: Problem[],
): BestPlan | null {
  const goals = goalsOf(minimise, maximise, pareto);
  if (goals.length === 0) {
    problems.push(problemAt(tree.place, 'SCN_REQUIRED', 'best of what? state minimise, maximise or pareto'));
  }
  if (get(scenario.root ?? undefined, 'variants') !== undefined) {
    const message = 'a search for the best has candidates, not variants';
    problems.push(problemAt(tree.place, 'SCN_COMBINATION', message, 'gvlsim compare compares variants'));
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
    problems.push(problemAt(over.place, 'SCN_RANGE', message, 'gvlsim sweep simulates larger grids'));
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
    settings: overrides.map(({ keys, value }) => `${keys.map(quotedKey).join('.')}=${yamlOf(value)}`),
    experiment: scenario.build(overrides),
  };
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
