export type { ServerFile } from '../model/servers/server.js';
export { formatProblems, type Problem } from '../schema/index.js';
export { readTable } from './csv/table.js';
export { explainDefaults, explainScenario } from './explain.js';
export { scenarioJsonSchema } from './json-schema.js';
export {
  type Loaded,
  type LoadOptions,
  loadScenario,
  type OpenScenario,
  openScenario,
  type PlainOverrides,
  type ScenarioSource,
} from './load.js';
export { loadMeasurement, type Measurement } from './measurement.js';
export { scenarioReference } from './reference.js';
export {
  type BestPlan,
  type Candidate,
  type LoadedSearch,
  loadSearch,
  type MaxRatePlan,
  type SearchPlan,
} from './search.js';
export { type LoadedSensitivity, loadSensitivity, type SensitivityPlan, type UncertainInput } from './sensitivity.js';
export { serverFile } from './server-file.js';
export { readObjective } from './slo.js';
export { type Override, readOverride } from './source/override.js';
export { type LoadedSweep, loadSweep, type SweepPlan } from './sweep.js';
export { starterScenario } from './template.js';
export { type LoadedUntestedClaims, loadUntestedClaims } from './untested-claims.js';
