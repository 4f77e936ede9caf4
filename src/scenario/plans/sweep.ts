import { factorColumn, SWEEP_RESERVED } from '../../report/outputs/sweep.js';
import type { Column } from '../../report/tables.js';
import { type Problem, sortProblems, withoutRepeats } from '../../schema/index.js';
import { cellsOf, type Grid, overridesOf, readGrid, settingsOf } from '../grid/grid.js';
import type { Loaded, LoadOptions, ScenarioSource } from '../loading/contract.js';
import { openScenario } from '../loading/load.js';
import { problemAt } from '../source/problem-at.js';
import { get } from '../source/tree.js';

/** A grid of experiments that differ in the fields that the file lists under `sweep`. */
export interface SweepPlan {
  /** Of the scenario. */
  readonly name: string;
  /** Number of cells. */
  readonly size: number;
  /** Columns of the factors. */
  readonly factors: readonly Column[];
  /** Path of each factor and its values, as YAML. */
  readonly grid: readonly { readonly path: string; readonly values: readonly string[] }[];
  /** Values of the factors in a cell (from 0), as they stand in the results. */
  cells(cell: number): readonly string[];
  /** The fields of a cell as `path=value` texts, as for `--set`. */
  settings(cell: number): readonly string[];
  /** The experiment of a cell. Building it takes a few milliseconds; nothing is kept. */
  experiment(cell: number): Loaded;
}

export interface LoadedSweep {
  /** null if there are problems. */
  readonly plan: SweepPlan | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Up to so many cells all are checked before the first is run; of larger grids, every value of every factor. */
export const CHECKED_CELLS = 1000;

/** Reads a scenario with its `sweep`. Never throws for what the user wrote: every problem is in the result. */
export function loadSweep(source: ScenarioSource, options: LoadOptions): LoadedSweep {
  const scenario = openScenario(source, options);
  const tree = get(scenario.root ?? undefined, 'sweep');
  if (scenario.root === null) return { plan: null, problems: scenario.build().problems, warnings: [] };
  if (tree === undefined) {
    const place = { ...scenario.root.place, path: 'sweep', length: 1 };
    const message = 'sweep is missing: the fields to vary, each with its values';
    const hint = 'e.g. sweep: {server.puma.threads: [1, 3, 5], load.open.rate: {from: 20/s, to: 80/s, step: 20/s}}';
    const problem = problemAt(place, 'SCN_REQUIRED', message, hint);
    return { plan: null, problems: [problem], warnings: [] };
  }
  const problems: Problem[] = [];
  const grid = readGrid(tree, SWEEP_RESERVED, problems);
  if (grid === null) return { plan: null, problems: scenario.build().problems, warnings: [] };
  const warnings: Problem[] = [];
  for (const cell of cellsToCheck(grid)) {
    const loaded = scenario.build(overridesOf(grid, cell));
    problems.push(...loaded.problems);
    warnings.push(...loaded.warnings.filter(({ code }) => code !== 'SCN_UNSTABLE'));
  }
  if (problems.length > 0) return { plan: null, problems: sortProblems(withoutRepeats(problems)), warnings: [] };
  const plan: SweepPlan = {
    name: scenario.name,
    size: grid.size,
    factors: grid.factors.map(({ path, column: { name, type, unit } }) => factorColumn(name, type, unit, path)),
    grid: grid.factors.map(({ path }, k) => ({ path, values: valuesOf(grid, k) })),
    cells: (cell) => cellsOf(grid, cell),
    settings: (cell) => settingsOf(grid, cell),
    experiment: (cell) => scenario.build(overridesOf(grid, cell)),
  };
  return { plan, problems: [], warnings: sortProblems(withoutRepeats(warnings)) };
}

function valuesOf({ factors }: Grid, factor: number): string[] {
  return factors[factor]!.column.cells.slice();
}

/** All cells of a small grid; of a large one those in which all groups but one have their first value. */
function* cellsToCheck(grid: Grid): Generator<number> {
  if (grid.size <= CHECKED_CELLS) {
    for (let cell = 0; cell < grid.size; cell++) yield cell;
    return;
  }
  let stride = grid.size;
  for (const group of grid.groups) {
    const length = grid.factors[group[0]!]!.values.length;
    stride /= length;
    for (let value = 0; value < length; value++) yield value * stride;
  }
}
