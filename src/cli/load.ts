import type { ExperimentSpec } from '../experiment/spec.js';
import { loadScenario } from '../scenario/index.js';
import type { Problem } from '../schema/index.js';
import { readText, type Source } from './read-source.js';

/** Everything that decides what is simulated: plain data, so that a worker thread can load the same. */
export interface ScenarioRequest {
  readonly source: Source;
  readonly set: readonly string[];
  readonly overrides: {
    readonly seed?: number;
    readonly replications?: number;
    readonly durationText?: string;
    readonly warmupText?: string;
  };
}

export interface LoadedExperiment {
  /** null if there are problems. */
  readonly experiment: ExperimentSpec | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export function loadExperiment({ source, set, overrides }: ScenarioRequest): LoadedExperiment {
  return loadScenario(source, { readText, set, overrides });
}
