export { formatProblems, type Problem } from '../schema/index.js';
export { explainDefaults, explainScenario } from './explain.js';
export { scenarioJsonSchema } from './json-schema.js';
export { type Loaded, type LoadOptions, loadScenario, type PlainOverrides, type ScenarioSource } from './load.js';
export { loadMeasurement, type Measurement } from './measurement.js';
export { scenarioReference } from './reference.js';
export { readObjective } from './slo.js';
export { starterScenario } from './template.js';
export { type LoadedUntestedClaims, loadUntestedClaims } from './untested-claims.js';
