import type { Goal } from '../experiment/search/goal.js';
import { findings as findingsOf, type Problem, readDuration, sortProblems, withoutRepeats } from '../schema/index.js';
import { Findings } from './findings.js';
import { problem } from './grid/values.js';
import { type Loaded, type LoadOptions, type OpenScenario, openScenario, type ScenarioSource } from './load.js';
import { sensitivitySchema } from './schema/sensitivity.js';
import { type Override, readOverride, splitPath } from './source/override.js';
import { get, toPlain } from './source/tree.js';

/** An input at one of its two ends. */
export interface InputEnd {
  /** As written. */
  readonly value: string;
  /** `path=value`, as for `--set`. */
  readonly settings: readonly string[];
  readonly experiment: Loaded;
}

export interface UncertainInput {
  /** E.g. `app.classes.page.cpu.exponential.mean`. */
  readonly path: string;
  /** As it stands in the scenario; empty where it does not. */
  readonly value: string;
  readonly low: InputEnd;
  readonly high: InputEnd;
}

export interface SensitivityPlan {
  readonly name: string;
  readonly base: Loaded;
  readonly inputs: readonly UncertainInput[];
  readonly outputs: readonly Goal[];
}

export interface LoadedSensitivity {
  /** null if there are problems. */
  readonly plan: SensitivityPlan | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const OUTPUTS: readonly Goal[] = [
  { metric: 'latency_ms', className: 'all', statistic: 'p95', isMore: false },
  { metric: 'throughput_per_s', className: 'all', statistic: 'mean', isMore: true },
];

/** Where the inputs are that nobody knows exactly. Switches, versions and limits are choices, not inputs. */
const UNCERTAIN = [
  /^app\.classes\.\d+\.(cpu|io|phases|allocations|malloc|weight)(\.|$)/,
  /^load\.(open|closed)\./,
  /^host\.(wake_latency|sleep_overshoot|io_call)$/,
];

/** Reads a scenario and what is uncertain in it. Never throws for what the user wrote. */
export function loadSensitivity(source: ScenarioSource, options: LoadOptions): LoadedSensitivity {
  const scenario = openScenario(source, options);
  const base = scenario.build();
  const refuse = (problems: readonly Problem[]): LoadedSensitivity => {
    return { plan: null, problems: sortProblems(withoutRepeats(problems)), warnings: [] };
  };
  if (scenario.root === null || base.experiment === null) return refuse(base.problems);
  const tree = get(scenario.root, 'sensitivity');
  const written = tree === undefined ? {} : toPlain(tree);
  const parsed = sensitivitySchema.safeParse(written);
  if (!parsed.success) {
    const found = new Findings(tree!);
    for (const finding of findingsOf(sensitivitySchema, parsed.error, written)) found.add(finding);
    return refuse(found.problems);
  }
  const { by, inputs, outputs } = parsed.data;
  const { resolved } = base.experiment;
  const known = quantitiesOf(resolved);
  const wanted = inputs?.map((one) => (typeof one === 'string' ? { path: one } : one)) ?? defaultPaths(known, resolved);
  const problems: Problem[] = [];
  const place = tree?.place ?? scenario.root.place;
  const found = wanted.flatMap((one): UncertainInput[] => {
    const { path, by: own = by, low, high } = { by: undefined, low: undefined, high: undefined, ...one };
    const value = known.get(indexed(path, resolved));
    if ((low === undefined) !== (high === undefined)) {
      problems.push(problem(place, 'SCN_COMBINATION', `${path}: expected low and high, or neither`));
      return [];
    }
    if (low === undefined && value === undefined) {
      const hint = 'state low and high, or a field that holds a number or a quantity';
      problems.push(problem(place, 'SCN_SET', `${path} is not a quantity of this scenario`, hint));
      return [];
    }
    const at = low !== undefined ? endOf(scenario, path, low) : movedEnd(scenario, path, value!, -own);
    const to = high !== undefined ? endOf(scenario, path, high) : movedEnd(scenario, path, value!, own);
    problems.push(...at.experiment.problems, ...to.experiment.problems);
    return [{ path, value: String(value ?? ''), low: at, high: to }];
  });
  if (problems.length > 0) return refuse(problems);
  if (found.length === 0)
    return refuse([problem(place, 'SCN_REQUIRED', 'there is nothing to vary', 'state sensitivity.inputs')]);
  const plan = { name: scenario.name, base, inputs: found, outputs: outputs ?? OUTPUTS };
  return { plan, problems: [], warnings: base.warnings };
}

function endOf(scenario: OpenScenario, path: string, value: string): InputEnd {
  const setting = `${path}=${value}`;
  const override = readOverride(setting, 1);
  if (!('keys' in override)) {
    return { value, settings: [setting], experiment: { experiment: null, problems: [override], warnings: [] } };
  }
  return { value, settings: [setting], experiment: scenario.build([override as Override]) };
}

type Quantity = number | string;

/** Every number and every text that is a number with a unit, by its path with list items numbered. */
function quantitiesOf(resolved: unknown): Map<string, Quantity> {
  const found = new Map<string, Quantity>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'number' && Number.isFinite(value)) found.set(path, value);
    else if (typeof value === 'string' && amountOf(value) !== null) found.set(path, value);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, path === '' ? quoted(key) : `${path}.${quoted(key)}`);
      }
    }
  };
  const { variants, ...rest } = resolved as Record<string, unknown>;
  visit(rest, '');
  // What the variants have in common is not written apart in a resolved file: the first one stands for all.
  if (variants !== undefined) visit(Object.values(variants as Record<string, unknown>)[0], '');
  return found;
}

function amountOf(text: string): { readonly amount: number; readonly unit: string } | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z/µ]+)$/u.exec(text.trim());
  if (match !== null) return { amount: Number(match[1]), unit: match[2]! };
  const time = readDuration(text);
  return 'value' in time && /\d/.test(text) ? { amount: time.value, unit: 'ns' } : null;
}

/** The input moved by a share of its value. Where only whole numbers are possible it moves by one at least. */
function movedEnd(scenario: OpenScenario, path: string, value: Quantity, by: number): InputEnd {
  if (typeof value === 'string') {
    const { amount, unit } = amountOf(value)!;
    return endOf(scenario, path, `${plain(amount * (1 + by))}${unit}`);
  }
  const end = endOf(scenario, path, plain(value * (1 + by)));
  if (end.experiment.experiment !== null || !Number.isInteger(value)) return end;
  const whole = Math.round(value * (1 + by));
  return endOf(scenario, path, String(whole === value ? value + Math.sign(by) : whole));
}

function plain(value: number): string {
  const text = String(Number(value.toPrecision(9)));
  return text.includes('e') ? value.toFixed(9) : text;
}

function quoted(key: string): string {
  return /^[^.[\]"=\s]+$/.test(key) ? key : `"${key}"`;
}

/** `app.classes.page.cpu` with the number of the class instead of its name. */
function indexed(path: string, resolved: unknown): string {
  const keys = splitPath(path) ?? [];
  let at: unknown = resolved;
  const { variants } = resolved as { variants?: Record<string, unknown> };
  if (variants !== undefined && !(keys[0]! in (resolved as object))) at = Object.values(variants)[0];
  return keys
    .map((key) => {
      const index = Array.isArray(at) && !/^\d+$/.test(key) ? at.findIndex((item) => item?.name === key) : key;
      at = (at as Record<string, unknown> | undefined)?.[index as string];
      return quoted(String(index));
    })
    .join('.');
}

function defaultPaths(known: ReadonlyMap<string, Quantity>, resolved: unknown): { readonly path: string }[] {
  const { app, variants } = resolved as { app?: unknown; variants?: Record<string, { app?: unknown }> };
  const { classes = [] } = (app ?? Object.values(variants ?? {})[0]?.app ?? {}) as { classes?: { name: string }[] };
  return [...known]
    .filter(([path, value]) => UNCERTAIN.some((pattern) => pattern.test(path)) && !isZero(value))
    .filter(([path]) => classes.length > 1 || !path.endsWith('.weight'))
    .map(([path]) => ({
      path: path.replace(/^app\.classes\.(\d+)/, (_, k) => `app.classes.${quoted(classes[Number(k)]!.name)}`),
    }));
}

function isZero(value: Quantity): boolean {
  return typeof value === 'number' ? value === 0 : amountOf(value)!.amount === 0;
}
