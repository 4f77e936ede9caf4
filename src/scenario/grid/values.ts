import { power } from '../../random/special/power.js';
import type { Problem } from '../../schema/index.js';
import { problemAt } from '../source/problem-at.js';
import { get, type Leaf, type Mapping, type Tree, type TreePlace } from '../source/tree.js';

/** Values that a field takes, as written or made from a range. */
export interface FactorValues {
  readonly values: readonly Tree[];
  /** Name of the column if the file states one. */
  readonly column: string | null;
}

const MAP_KEYS = ['from', 'to', 'step', 'steps', 'scale', 'values', 'column'];
/** More values of one field are a slip of the hand. */
const MOST_VALUES = 100_000;

/** The values under a path of a grid: a list, `{values: [...]}` or a range. */
export function readValues(tree: Tree, problems: Problem[]): FactorValues | null {
  if (tree.kind === 'list') return listed(tree, null, problems);
  if (tree.kind !== 'map') {
    problems.push(problemAt(tree.place, 'SCN_TYPE', 'expected a list of values, or a range such as {from: 1, to: 8}'));
    return null;
  }
  const unknown = [...tree.entries].filter(([key]) => !MAP_KEYS.includes(key));
  for (const [key, entry] of unknown) {
    problems.push(problemAt(entry.key, 'SCN_UNKNOWN_KEY', `unknown key ${key}; there are ${MAP_KEYS.join(', ')}`));
  }
  if (unknown.length > 0) return null;
  const column = columnOf(tree, problems);
  const values = get(tree, 'values');
  if (values === undefined) return ranged(tree, column, problems);
  if (values.kind === 'list') return listed(values, column, problems);
  problems.push(problemAt(values.place, 'SCN_TYPE', 'expected a list of values'));
  return null;
}

function listed(tree: Tree & { kind: 'list' }, column: string | null, problems: Problem[]): FactorValues | null {
  if (tree.items.length > 0) return { values: tree.items, column };
  problems.push(problemAt(tree.place, 'SCN_TYPE', 'expected at least one value'));
  return null;
}

function columnOf(tree: Mapping, problems: Problem[]): string | null {
  const column = get(tree, 'column');
  if (column === undefined) return null;
  if (column.kind === 'leaf' && typeof column.value === 'string' && /^[a-z][a-z0-9_]*$/.test(column.value)) {
    return column.value;
  }
  const hint = 'end it in the unit, e.g. rate_per_s';
  problems.push(problemAt(column.place, 'SCN_NAME', 'expected a name of lower-case letters, digits and _', hint));
  return null;
}

/** A number and its unit as written: `20/s` is 20 and `/s`. */
interface Quantity {
  readonly amount: number;
  readonly unit: string;
  readonly tree: Leaf;
}

function quantityAt(tree: Mapping, key: string, problems: Problem[]): Quantity | null {
  const leaf = get(tree, key);
  const match =
    leaf?.kind === 'leaf' && leaf.value !== null && typeof leaf.value !== 'boolean'
      ? /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(\s*[A-Za-z/µ][A-Za-z/]*)?$/u.exec(String(leaf.value).trim())
      : null;
  if (match !== null) return { amount: Number(match[1]), unit: (match[2] ?? '').trim(), tree: leaf as Leaf };
  const place = leaf?.place ?? tree.place;
  problems.push(problemAt(place, 'SCN_TYPE', `${key}: expected a number, with its unit if it has one, such as 20/s`));
  return null;
}

function ranged(tree: Mapping, column: string | null, problems: Problem[]): FactorValues | null {
  const found = problems.length;
  const from = quantityAt(tree, 'from', problems);
  const to = quantityAt(tree, 'to', problems);
  const step = tree.entries.has('step') ? quantityAt(tree, 'step', problems) : null;
  const scale = wordAt(tree, 'scale', ['linear', 'log'], problems) ?? 'linear';
  const steps = stepsAt(tree, problems);
  if (problems.length > found || from === null || to === null) return null;
  const refuse = (at: Tree, message: string, hint = ''): null => {
    problems.push(problemAt(at.place, 'SCN_COMBINATION', message, hint));
    return null;
  };
  for (const other of [to, step]) {
    if (other !== null && other.unit !== from.unit)
      return refuse(other.tree, `expected the unit of from: ${from.unit}`);
  }
  if (step !== null && steps !== null) return refuse(step.tree, 'expected step or steps; received both');
  if (to.amount < from.amount) return refuse(to.tree, 'expected a value not below from');
  const isWhole = from.unit === '' && Number.isInteger(from.amount) && Number.isInteger(to.amount);
  let amounts: number[] | null;
  if (scale === 'log') {
    if (steps === null) return refuse(tree, 'a log scale needs steps, the number of values');
    if (from.amount <= 0) return refuse(from.tree, 'a log scale starts above 0');
    amounts = spread(steps, (share) => from.amount * power(to.amount / from.amount, share));
  } else if (steps !== null) {
    amounts = spread(steps, (share) => from.amount + share * (to.amount - from.amount));
  } else {
    const by = step?.amount ?? (isWhole ? 1 : null);
    if (by === null) return refuse(tree, 'expected step, or steps: the number of values');
    if (by <= 0) return refuse(step?.tree ?? tree, 'expected a step above 0');
    amounts = inSteps(from.amount, to.amount, by);
  }
  if (amounts === null) return refuse(tree, `a range of more than ${MOST_VALUES} values`);
  return { values: amounts.map((amount) => leafOf(amount, from.unit, tree.place)), column };
}

function wordAt<const T extends string>(
  tree: Mapping,
  key: string,
  words: readonly T[],
  problems: Problem[],
): T | null {
  const leaf = get(tree, key);
  if (leaf === undefined) return null;
  const word = words.find((one) => leaf.kind === 'leaf' && leaf.value === one);
  if (word === undefined) problems.push(problemAt(leaf.place, 'SCN_CHOICE', `expected ${words.join(' or ')}`));
  return word ?? null;
}

function stepsAt(tree: Mapping, problems: Problem[]): number | null {
  const leaf = get(tree, 'steps');
  if (leaf === undefined) return null;
  const value = leaf.kind === 'leaf' ? leaf.value : null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 2 && value <= MOST_VALUES) return value;
  problems.push(problemAt(leaf.place, 'SCN_RANGE', `expected a number of values from 2 to ${MOST_VALUES}`));
  return null;
}

/** Twelve digits: enough for every unit, and 0.1 + 0.2 is 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));

function spread(count: number, at: (share: number) => number): number[] {
  return Array.from({ length: count }, (_, k) => tidy(at(k / (count - 1))));
}

/** The last value is `to` where the steps lead there. */
function inSteps(from: number, to: number, by: number): number[] | null {
  const count = Math.floor(tidy((to - from) / by)) + 1;
  return count > MOST_VALUES ? null : Array.from({ length: count }, (_, k) => tidy(from + k * by));
}

function leafOf(amount: number, unit: string, place: TreePlace): Leaf {
  const text = plain(amount);
  return { kind: 'leaf', value: unit === '' ? amount : text + unit, source: text + unit, place };
}

/** Never in scientific notation: no unit of a scenario reads that. */
function plain(amount: number): string {
  const text = String(amount);
  return text.includes('e') ? amount.toFixed(12).replace(/\.?0+$/, '') : text;
}
