import type { Problem } from '../../schema/index.js';
import { FILE_LEVEL_KEYS } from '../schema/index.js';
import { type Override, splitPath } from '../source/override.js';
import { problemAt } from '../source/problem-at.js';
import { type Entry, type Mapping, type Tree, type TreePlace, toPlain } from '../source/tree.js';
import { columnsOf, type FactorColumn } from './columns.js';
import { readValues } from './values.js';

/** A field that is varied. */
export interface Factor {
  /** As written, e.g. `server.puma.workers`. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly values: readonly Tree[];
  readonly place: TreePlace;
  readonly column: FactorColumn;
}

/** Values for fields of a scenario: every combination of its groups, the last group changing fastest. */
export interface Grid {
  readonly factors: readonly Factor[];
  /** Factors that change together, by their index in `factors`. */
  readonly groups: readonly (readonly number[])[];
  /** Number of cells. */
  readonly size: number;
}

const ZIP = 'zip';
/** More cells than this would not end in a lifetime. */
const MOST_CELLS = 10_000_000;
/** Keys of a file that no cell can change. `run`, `slo` and `variants` it can. */
const FIXED = FILE_LEVEL_KEYS.filter((key) => !['run', 'slo', 'variants'].includes(key));

interface Written {
  readonly path: string;
  readonly keys: readonly string[];
  readonly place: TreePlace;
  readonly values: readonly Tree[];
  readonly column: string | null;
}

/**
 * Reads a grid: a map of paths, each with its values; those under `zip` change together.
 *
 * @param reserved names of columns that the table has besides those of the factors
 */
export function readGrid(tree: Tree, reserved: ReadonlySet<string>, problems: Problem[]): Grid | null {
  if (tree.kind !== 'map' || tree.entries.size === 0) {
    problems.push(problemAt(tree.place, 'SCN_TYPE', 'expected a map of paths with their values'));
    return null;
  }
  const found = problems.length;
  const groups: (readonly Written[])[] = [];
  for (const [path, entry] of tree.entries) {
    if (path !== ZIP) groups.push(readGroup([[path, entry]], problems));
    else for (const group of zips(entry.value, problems)) groups.push(readZip(group, problems));
  }
  const written = groups.flat();
  const paths = written.map(({ keys }) => keys.join('.'));
  written.forEach(({ place, path }, k) => {
    if (paths.indexOf(paths[k]!) < k) problems.push(problemAt(place, 'SCN_COMBINATION', `${path} is varied twice`));
  });
  if (problems.length > found) return null;
  const columns = columnsOf(written, reserved);
  columns.forEach(({ name }, k) => {
    const isTaken = reserved.has(name) || columns.some((other, j) => j < k && other.name === name);
    if (isTaken) {
      const hint = 'name it: {values: [...], column: another_name}';
      problems.push(problemAt(written[k]!.place, 'SCN_NAME', `a column called ${name} is there already`, hint));
    }
  });
  let size = 1;
  for (const group of groups) size *= group[0]?.values.length ?? 1;
  if (size > MOST_CELLS) problems.push(problemAt(tree.place, 'SCN_RANGE', `${size} cells; at most ${MOST_CELLS}`));
  if (problems.length > found) return null;
  let next = 0;
  return {
    factors: written.map(({ path, keys, place, values }, k) => ({ path, keys, place, values, column: columns[k]! })),
    groups: groups.map((group) => group.map(() => next++)),
    size,
  };
}

function zips(tree: Tree, problems: Problem[]): Mapping[] {
  const maps = tree.kind === 'list' ? tree.items : [tree];
  return maps.filter((map): map is Mapping => {
    const isMap = map.kind === 'map' && map.entries.size > 0;
    if (!isMap) problems.push(problemAt(map.place, 'SCN_TYPE', 'expected a map of paths that change together'));
    return isMap;
  });
}

function readZip(group: Mapping, problems: Problem[]): Written[] {
  const written = readGroup([...group.entries], problems);
  const [first] = written;
  for (const { path, values, place } of written) {
    if (values.length === first!.values.length) continue;
    const message = `${path} has ${values.length} values, ${first!.path} ${first!.values.length}: what changes together has as many`;
    problems.push(problemAt(place, 'SCN_COMBINATION', message));
  }
  return written;
}

function readGroup(entries: readonly (readonly [string, Entry])[], problems: Problem[]): Written[] {
  return entries.flatMap(([path, { key, value }]) => {
    const keys = splitPath(path);
    if (keys === null || keys.length === 0) {
      problems.push(problemAt(key, 'SCN_SET', 'expected the path of a field, such as server.puma.threads'));
      return [];
    }
    if (FIXED.includes(keys[0]!)) {
      problems.push(problemAt(key, 'SCN_SET', `${keys[0]} is the same in all cells`));
      return [];
    }
    const values = readValues(value, problems);
    return values === null ? [] : [{ path, keys, place: key, ...values }];
  });
}

/** Which value of each factor the cell `index` has, from 0. */
export function positionsOf({ groups, factors }: Grid, index: number): number[] {
  const positions = new Array<number>(factors.length).fill(0);
  let rest = index;
  for (let g = groups.length - 1; g >= 0; g--) {
    const group = groups[g]!;
    const length = factors[group[0]!]!.values.length;
    for (const factor of group) positions[factor] = rest % length;
    rest = Math.floor(rest / length);
  }
  return positions;
}

/** What the cell says of each factor, as text for its column. */
export function cellsOf(grid: Grid, index: number): string[] {
  return positionsOf(grid, index).map((position, k) => grid.factors[k]!.column.cells[position]!);
}

/** The fields of the cell, to be put into the scenario like those of `--set`. */
export function overridesOf(grid: Grid, index: number): Override[] {
  return positionsOf(grid, index).map((position, k) => {
    const { keys, values, place } = grid.factors[k]!;
    return { keys, value: values[position]!, place, isFileLevel: FILE_LEVEL_KEYS.includes(keys[0]!) };
  });
}

/** The same as `path=value` texts, for whoever loads the scenario anew. */
export function settingsOf(grid: Grid, index: number): string[] {
  return positionsOf(grid, index).map((position, k) => {
    const { path, values } = grid.factors[k]!;
    return `${path}=${yamlOf(values[position]!)}`;
  });
}

/** JSON is YAML; numbers as they were written, since 3.10 is not 3.1. */
export function yamlOf(tree: Tree): string {
  return tree.kind === 'leaf' && typeof tree.value === 'number' ? tree.source : JSON.stringify(toPlain(tree));
}
