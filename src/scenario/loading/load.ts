import { SWEEP_RESERVED } from '../../report/outputs/sweep.js';
import { type Problem, sortProblems, withoutRepeats } from '../../schema/index.js';
import { type BuiltConfiguration, buildConfiguration } from '../build/configuration.js';
import { checkFile } from '../check/file.js';
import { warnIfUnstable } from '../check/load.js';
import { warnOfTimes } from '../check/times.js';
import { createTables, type Tables } from '../csv/tables.js';
import { readGrid } from '../grid/grid.js';
import { FILE_NAME, FILE_NAME_IN_WORDS, scenarioSchema } from '../schema/index.js';
import { readExtended } from '../source/extend.js';
import { Findings } from '../source/findings.js';
import type { Override } from '../source/override.js';
import { stemOf } from '../source/paths.js';
import { get, type Mapping, textAt } from '../source/tree.js';
import { overrideAll, splitVariants } from '../source/variants.js';
import { assemble } from './assemble.js';
import type { Loaded, LoadOptions, OpenScenario, ScenarioSource } from './contract.js';
import { overrideFile, readOverrides } from './overrides.js';

/** Reads, checks and builds a scenario. Never throws for what the user wrote: every problem is in the result. */
export function loadScenario(source: ScenarioSource, options: LoadOptions): Loaded {
  return openScenario(source, options).build();
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
      warnOfTimes(result, findings);
    }
    problems.push(...findings.problems);
    warnings.push(...findings.warnings);
  }
  const variants = configurations.map((c) => c.variant);
  problems.push(...checkFile(root, variants, built));
  if (problems.length > 0 || built.length === 0) return refused(problems, warnings);
  return { experiment: assemble(root, name, built), problems: [], warnings: tidy(warnings) };
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

function refused(problems: readonly Problem[], warnings: readonly Problem[]): Loaded {
  return { experiment: null, problems: tidy(problems), warnings: tidy(warnings) };
}

function tidy(problems: readonly Problem[]): Problem[] {
  return sortProblems(withoutRepeats(problems));
}
