import { loadOf } from '../experiment/load/offered-load.js';
import type { ExperimentSpec } from '../experiment/spec.js';
import { type Nanos, SECOND } from '../kernel/time.js';
import { SWEEP_RESERVED } from '../report/outputs/sweep.js';
import { formatDuration, type Problem, sortProblems, withoutRepeats } from '../schema/index.js';
import { assemble } from './assemble.js';
import { checkFile } from './checks.js';
import { type BuiltConfiguration, buildConfiguration } from './configuration.js';
import { overrideAll, splitVariants, textAt } from './configurations.js';
import { createTables, type Tables } from './csv/tables.js';
import { Findings } from './findings.js';
import { readGrid } from './grid/grid.js';
import { FILE_NAME, FILE_NAME_IN_WORDS, scenarioSchema } from './schema/index.js';
import { readExtended } from './source/extend.js';
import { applyOverride, type Override, plainOverride, readOverride, setProblem } from './source/override.js';
import { stemOf } from './source/paths.js';
import { get, type Mapping } from './source/tree.js';

export interface ScenarioSource {
  /** Path as given by the user; `-` for standard input. */
  readonly file: string;
  readonly text: string;
}

export interface LoadOptions {
  /**
   * Text of a file that the scenario names (unzipped), by its path relative to where the scenario's own path is
   * relative to. Throws when it cannot be read.
   */
  readText(path: string): string;
  /** `path=value` overrides, the value being YAML. */
  readonly set?: readonly string[];
  readonly overrides?: PlainOverrides;
}

/** Values of command-line flags of their own. */
export interface PlainOverrides {
  readonly seed?: number;
  readonly replications?: number;
  readonly requests?: number;
  readonly durationText?: string;
  readonly warmupText?: string;
}

export interface Loaded {
  /** Null when there are problems. */
  readonly experiment: ExperimentSpec | null;
  readonly problems: readonly Problem[];
  /** Doubtful, but no reason not to run. */
  readonly warnings: readonly Problem[];
}

/** Reads, checks and builds a scenario. Never throws for what the user wrote: every problem is in the result. */
export function loadScenario(source: ScenarioSource, options: LoadOptions): Loaded {
  return openScenario(source, options).build();
}

/** A scenario that has been read, from which experiments that differ in a few fields can be built. */
export interface OpenScenario {
  /** Of the scenario; empty if it has none. */
  readonly name: string;
  /** The file on top of those it extends, `--set` and the like applied; null when it cannot be read. */
  readonly root: Mapping | null;
  /** @param more applied after those of the options */
  build(more?: readonly Override[]): Loaded;
}

/** Reads a scenario and its overrides; files that it names are read when first needed, and once. */
export function openScenario(source: ScenarioSource, options: LoadOptions): OpenScenario {
  const problems: Problem[] = [];
  const extended = readExtended(source, scenarioSchema(), options.readText);
  problems.push(...extended.problems);
  const overrides = readOverrides(options, problems);
  const root = extended.tree === null ? null : overrideFile(extended.tree, overrides, problems);
  const name = root === null ? '' : nameOf(root, source.file, problems);
  const sweep = get(root ?? undefined, 'sweep');
  if (sweep !== undefined) readGrid(sweep, SWEEP_RESERVED, problems);
  const tables = createTables(options.readText);
  return {
    name,
    root,
    build: (more = []) =>
      root === null ? refused(problems, []) : build(source.file, root, name, tables, overrides, more, problems),
  };
}

function build(
  file: string,
  read: Mapping,
  name: string,
  tables: Tables,
  first: readonly Override[],
  more: readonly Override[],
  found: readonly Problem[],
): Loaded {
  const problems = [...found];
  const warnings: Problem[] = [];
  const root = more.length === 0 ? read : overrideFile(read, more, problems);
  const split = splitVariants(scenarioSchema(), root, name);
  problems.push(...split.problems);
  let { configurations } = split;
  for (const override of [...first, ...more].filter((o) => !o.isFileLevel)) {
    const changed = overrideAll(scenarioSchema(), configurations, override);
    configurations = changed.configurations;
    problems.push(...changed.problems);
    warnings.push(...changed.warnings);
  }
  const built: BuiltConfiguration[] = [];
  for (const configuration of configurations) {
    const findings = new Findings(configuration.tree);
    const result = buildConfiguration(configuration, file, tables, findings);
    if (result !== null) {
      built.push(result);
      warnIfUnstable(result, findings);
      warnIfTooLate(result, findings);
    }
    problems.push(...findings.problems);
    warnings.push(...findings.warnings);
  }
  const variants = configurations.map((c) => c.variant);
  problems.push(...checkFile(root, variants, built));
  if (problems.length > 0 || built.length === 0) return refused(problems, warnings);
  return { experiment: assemble(root, name, built), problems: [], warnings: tidy(warnings) };
}

function readOverrides({ set = [], overrides = {} }: LoadOptions, problems: Problem[]): Override[] {
  const plain: Override[] = [];
  const flag = (name: string, key: string, value: string | number | undefined) => {
    if (value !== undefined) plain.push(plainOverride(name, ['run', key], value));
  };
  flag('--seed', 'seed', overrides.seed);
  flag('--replications', 'replications', overrides.replications);
  flag('--requests', 'requests', overrides.requests);
  flag('--duration', 'duration', overrides.durationText);
  flag('--warmup', 'warmup', warmupValue(overrides.warmupText));
  const sets = set.map((argument, k) => readOverride(argument, k + 1));
  problems.push(...sets.filter((s): s is Problem => 'code' in s));
  return [...sets.filter((s): s is Override => 'keys' in s), ...plain];
}

/** `0.2` is a share of the run, `30s` a duration. */
function warmupValue(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : text;
}

function overrideFile(root: Mapping, overrides: readonly Override[], problems: Problem[]): Mapping {
  let tree = root;
  for (const override of overrides.filter((o) => o.isFileLevel)) {
    const applied = applyOverride(scenarioSchema(), tree, override);
    if ('tree' in applied) tree = applied.tree as Mapping;
    else if ('problem' in applied) problems.push(applied.problem);
    else problems.push(setProblem(override.place, `${applied.otherChoice} is not what the variant states`));
  }
  return tree;
}

function nameOf(root: Mapping, file: string, problems: Problem[]): string {
  if (get(root, 'name') !== undefined) return textAt(root, 'name') ?? '';
  const stem = stemOf(file);
  if (FILE_NAME.test(stem)) return stem;
  problems.push({
    ...root.place,
    path: 'name',
    length: 1,
    code: 'SCN_NAME',
    message: `required: ${FILE_NAME_IN_WORDS}`,
    expected: FILE_NAME_IN_WORDS,
    received: '',
    hint: '',
  });
  return '';
}

function warnIfUnstable({ spec, run }: BuiltConfiguration, findings: Findings): void {
  const load = loadOf(spec, run);
  if (!load.isUnstable) return;
  findings.warning(['load'], {
    code: 'SCN_UNSTABLE',
    at: 'key',
    message: `${spec.variant}: offered load ${(load.offeredPerSec! / load.capacityPerSec).toPrecision(3)} of capacity: queues grow for the whole run`,
  });
}

/** What is done to the system when nobody comes any more shows in no figure of requests. */
function warnIfTooLate(built: BuiltConfiguration, findings: Findings): void {
  const { spec, run } = built;
  const tell = (k: number, atNs: Nanos, end: string): void => {
    const message = `begins at ${formatDuration(atNs)}, when the last request has come: ${end}`;
    findings.warning(['operations', k], { code: 'SCN_TOO_LATE', message });
  };
  const { lastNs, lastText } = lastArrival(built);
  for (const [k, { atNs }] of (spec.system.operations ?? []).entries()) {
    if (atNs >= run.durationNs) tell(k, atNs, `the load ends at ${formatDuration(run.durationNs)}`);
    else if (atNs > lastNs) tell(k, atNs, lastText);
  }
}

/**
 * When the last request comes, where the scenario states a number of requests instead of a time: exactly with a recording, on
 * average with a rate that stays; never where it depends on the answers, and in a backlog, which is drained afterwards.
 */
function lastArrival({ spec, run }: BuiltConfiguration): { readonly lastNs: Nanos; readonly lastText: string } {
  const { load } = spec.system;
  if (load.kind === 'recorded') {
    const lastNs = load.arrivalNs[Math.min(run.requests, load.arrivalNs.length) - 1] ?? 0;
    return { lastNs, lastText: `the last request of the recording comes at ${formatDuration(lastNs)}` };
  }
  const { offeredPerSec } = loadOf(spec, run);
  if (load.kind !== 'renewal' || offeredPerSec === null || !Number.isFinite(run.requests)) {
    return { lastNs: Number.POSITIVE_INFINITY, lastText: '' };
  }
  const lastNs = (run.requests / offeredPerSec) * SECOND;
  const count = `${run.requests} requests at ${Number(offeredPerSec.toPrecision(3))}/s`;
  return { lastNs, lastText: `${count} have come after about ${formatDuration(Number(lastNs.toPrecision(2)))}` };
}

function refused(problems: readonly Problem[], warnings: readonly Problem[]): Loaded {
  return { experiment: null, problems: tidy(problems), warnings: tidy(warnings) };
}

function tidy(problems: readonly Problem[]): Problem[] {
  return sortProblems(withoutRepeats(problems));
}
