export type { ServerFile } from '../model/servers/server.js';
export { formatProblems, type Problem } from '../schema/index.js';
export { readTable } from './csv/table.js';
export { scenarioJsonSchema } from './describe/json-schema.js';
export { scenarioReference } from './describe/reference.js';
export { starterScenario } from './describe/template.js';
export { explainDefaults, explainScenario } from './explain/explain.js';
export { serverFile } from './explain/server-file.js';
export type { Loaded, LoadOptions, OpenScenario, PlainOverrides, ScenarioSource } from './loading/contract.js';
export { loadScenario, openScenario } from './loading/load.js';
export { loadMeasurement, type Measurement } from './loading/measurement.js';
export { type LoadedUntestedClaims, loadUntestedClaims } from './loading/untested-claims.js';
export { readObjective } from './notation/objective.js';
export type { BestPlan, Candidate } from './plans/best.js';
export type { MaxRatePlan } from './plans/max-rate.js';
export { type LoadedSearch, loadSearch, type SearchPlan } from './plans/search.js';
export {
  type LoadedSensitivity,
  loadSensitivity,
  type SensitivityPlan,
  type UncertainInput,
} from './plans/sensitivity.js';
export { type LoadedSweep, loadSweep, type SweepPlan } from './plans/sweep.js';
export { type Override, readOverride } from './source/override.js';
