import type { Goal } from '../../experiment/search/goal.js';
import { findings as findingsOf, type Problem, sortProblems, withoutRepeats } from '../../schema/index.js';
import type { Loaded, LoadOptions, OpenScenario, ScenarioSource } from '../loading/contract.js';
import { openScenario } from '../loading/load.js';
import { sensitivitySchema } from '../schema/sensitivity.js';
import { Findings } from '../source/findings.js';
import { type Override, readOverride } from '../source/override.js';
import { problemAt } from '../source/problem-at.js';
import { get, toPlain } from '../source/tree.js';
import { amountOf, defaultPaths, indexed, type Quantity, quantitiesOf } from './quantities.js';

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
      problems.push(problemAt(place, 'SCN_COMBINATION', `${path}: expected low and high, or neither`));
      return [];
    }
    if (low === undefined && value === undefined) {
      const hint = 'state low and high, or a field that holds a number or a quantity';
      problems.push(problemAt(place, 'SCN_SET', `${path} is not a quantity of this scenario`, hint));
      return [];
    }
    const at = low !== undefined ? endOf(scenario, path, low) : movedEnd(scenario, path, value!, -own);
    const to = high !== undefined ? endOf(scenario, path, high) : movedEnd(scenario, path, value!, own);
    problems.push(...at.experiment.problems, ...to.experiment.problems);
    return [{ path, value: String(value ?? ''), low: at, high: to }];
  });
  if (problems.length > 0) return refuse(problems);
  if (found.length === 0)
    return refuse([problemAt(place, 'SCN_REQUIRED', 'there is nothing to vary', 'state sensitivity.inputs')]);
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
