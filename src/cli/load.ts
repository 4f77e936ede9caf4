import { joinExperiments } from '../experiment/join-experiments.js';
import {
  type Loaded,
  type LoadedSearch,
  type LoadedSensitivity,
  type LoadedSweep,
  type LoadOptions,
  loadScenario,
  loadSearch,
  loadSensitivity,
  loadSweep,
  type OpenScenario,
  openScenario,
  type PlainOverrides,
} from '../scenario/index.js';
import { CliError } from './cli-error.js';
import { readText, type Source } from './files/read-source.js';

/** Everything that decides what is simulated: plain data, so that a worker thread can load the same. */
export interface ScenarioRequest {
  readonly source: Source;
  /** Other scenarios whose configurations are compared with those of the first. */
  readonly others?: readonly Source[];
  readonly set: readonly string[];
  readonly overrides: PlainOverrides;
}

/** @throws CliError if there are several scenarios that cannot be compared */
export function loadExperiment({ source, others = [], set, overrides }: ScenarioRequest): Loaded {
  const load = (one: Source): Loaded => loadScenario(one, { readText, set, overrides });
  return others.length === 0 ? load(source) : together([source, ...others].map(load));
}

function together(loaded: readonly Loaded[]): Loaded {
  const problems = loaded.flatMap((one) => one.problems);
  const warnings = loaded.flatMap((one) => one.warnings);
  const experiments = loaded.flatMap(({ experiment }) => (experiment === null ? [] : [experiment]));
  if (experiments.length < loaded.length) return { experiment: null, problems, warnings };
  const joined = joinExperiments(experiments);
  if ('fault' in joined) throw new CliError(joined.fault);
  return { experiment: joined.experiment, problems, warnings };
}

/** The same, for experiments that differ in a few fields. */
export function openExperiment({ source, set, overrides }: ScenarioRequest): OpenScenario {
  return openScenario(source, { readText, set, overrides });
}

/** A scenario with its grid, and the texts of the files that it names, by path. */
export function openSweep(request: ScenarioRequest): LoadedSweep & Files {
  return withFiles(request, loadSweep);
}

/** A scenario with what is searched, likewise. */
export function openSearch(request: ScenarioRequest): LoadedSearch & Files {
  return withFiles(request, loadSearch);
}

/** A scenario with what is uncertain in it, likewise. */
export function openSensitivity(request: ScenarioRequest): LoadedSensitivity & Files {
  return withFiles(request, loadSensitivity);
}

interface Files {
  /** Texts of the files that the scenario names, by path. */
  readonly files: ReadonlyMap<string, string>;
}

function withFiles<T>(
  { source, set, overrides }: ScenarioRequest,
  load: (source: Source, options: LoadOptions) => T,
): T & Files {
  const files = new Map<string, string>();
  const reading = (path: string): string => {
    const text = readText(path);
    files.set(path, text);
    return text;
  };
  return { ...load(source, { readText: reading, set, overrides }), files };
}
