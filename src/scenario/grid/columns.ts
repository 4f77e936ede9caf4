import { convertSize, readDuration, readRate } from '../../schema/index.js';
import { type Tree, toPlain } from '../source/tree.js';

/** How the values of a factor stand in a column: as numbers of one unit, or as text. */
export interface FactorColumn {
  /** E.g. `workers`, `rate_per_s`, `cpu_mean_ms`. */
  readonly name: string;
  readonly type: 'number' | 'string';
  readonly unit: string;
  /** One for each value. */
  readonly cells: readonly string[];
}

type Unit = 'ms' | '1/s' | 'MiB' | '';
const SUFFIX: Readonly<Record<Unit, string>> = { ms: '_ms', '1/s': '_per_s', MiB: '_mib', '': '' };

interface Measure {
  readonly unit: Unit;
  readonly amount: number;
}

/** A value as a number in the unit of its kind: times in ms, rates in 1/s, sizes in MiB; null for anything else. */
function measureOf(tree: Tree): Measure | null {
  if (tree.kind !== 'leaf') return null;
  if (typeof tree.value === 'number') return { unit: '', amount: tree.value };
  if (typeof tree.value !== 'string') return null;
  const text = tree.value.trim();
  const perSec = readRate(text);
  if (perSec !== null) return { unit: '1/s', amount: tidy(perSec) };
  const size = convertSize(text);
  if (size !== null) return { unit: 'MiB', amount: tidy(size / 2 ** 20) };
  const time = readDuration(text);
  return 'value' in time ? { unit: 'ms', amount: tidy(time.value / 1e6) } : null;
}

const tidy = (value: number): number => Number(value.toPrecision(12));

/** Words in a path that say little without the one before them. */
const WEAK = new Set(['mean', 'p50', 'p95', 'cv', 'min', 'max', 'each', 'mode', 'value', 'every', 'slice', 'version']);
/** Words in a path that a column does without. */
const SILENT = new Set([
  'constant',
  'exponential',
  'lognormal',
  'gamma',
  'hyperexponential',
  'pareto',
  'triangular',
  'uniform',
  'weibull',
  'app',
  'classes',
  'time_slices',
  'phases',
]);

/** The columns of all factors, their names as short as they can be while they differ. */
export function columnsOf(
  factors: readonly {
    readonly keys: readonly string[];
    readonly values: readonly Tree[];
    readonly column: string | null;
  }[],
  reserved: ReadonlySet<string>,
): FactorColumn[] {
  const bodies = factors.map(({ values }) => bodyOf(values));
  const words = factors.map(({ keys }) => keys.filter((key, k) => k === keys.length - 1 || !SILENT.has(key)));
  const lengths = words.map((keys) => (WEAK.has(keys.at(-1)!) ? Math.min(2, keys.length) : 1));
  const nameOf = (k: number): string =>
    factors[k]!.column ?? `${words[k]!.slice(-lengths[k]!).map(asWord).join('_')}${SUFFIX[bodies[k]!.unit]}`;
  for (let isClear = false; !isClear; ) {
    isClear = true;
    const names = factors.map((_, k) => nameOf(k));
    names.forEach((name, k) => {
      const isTaken = reserved.has(name) || names.some((other, j) => j !== k && other === name);
      if (!isTaken || factors[k]!.column !== null || lengths[k]! >= words[k]!.length) return;
      lengths[k]!++;
      isClear = false;
    });
  }
  return bodies.map(({ unit, type, cells }, k) => ({ name: nameOf(k), type, unit, cells }));
}

function bodyOf(values: readonly Tree[]): Omit<FactorColumn, 'name' | 'unit'> & { readonly unit: Unit } {
  const measures = values.map(measureOf);
  const unit = measures[0]?.unit;
  if (unit !== undefined && measures.every((measure) => measure?.unit === unit)) {
    return { type: 'number', unit, cells: measures.map((measure) => String(measure!.amount)) };
  }
  return { type: 'string', unit: '', cells: values.map(textOf) };
}

function asWord(key: string): string {
  const word = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return word === '' ? 'x' : word;
}

/** A value in a cell: text as it is, lists and maps as YAML would have them on one line. */
export function textOf(tree: Tree): string {
  return tree.kind === 'leaf' ? String(tree.value ?? '') : flow(toPlain(tree));
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(inner)}`)
      .join(', ')}}`;
  }
  return String(value);
}
