/**
 * gvlsim without Node: everything but the command line and files. Runs in browsers and web workers.
 *
 * @packageDocumentation
 */

export { type CellRecord, cellRecords } from './experiment/estimates/cell-record.js';
export { compareWithBaseline } from './experiment/estimates/compare.js';
export { type Doubt, doubtsAbout } from './experiment/estimates/doubts.js';
export { summarise } from './experiment/estimates/summarise.js';
export type { ComparisonRow, ExperimentResult, SummaryRow, Verdict } from './experiment/experiment-result.js';
export { type ConfigurationLoad, loadOf } from './experiment/load/offered-load.js';
export {
  QUANTILE_LABELS,
  QUANTILES,
  REQUEST_METRICS,
  type RequestMetric,
  RUN_METRICS,
  type RunMetric,
} from './experiment/metrics/metrics.js';
export { type ObservedRequests, type ReplayedRequests, replayRequests } from './experiment/replay/observed-requests.js';
export {
  checkReplay,
  type ReplayCheck,
  type ReplayCheckOptions,
  type ReplayFigure,
  type ReplayVerdict,
} from './experiment/replay/replay-check.js';
export { type LifeStep, type RequestLife, requestLife } from './experiment/replay/request-life.js';
export { type ReplicationHooks, replicationSteps, runReplication } from './experiment/replicate.js';
export {
  ALL_CLASSES,
  type LittlesLaw,
  type MetricSummary,
  type ReplicationResult,
  type RunValue,
  type Signal,
  type TimeSeries,
} from './experiment/result.js';
export {
  type Executor,
  type ExperimentOptions,
  inThisThread,
  runExperiment,
  type Task,
} from './experiment/run-experiment.js';
export { type Goal, goalText } from './experiment/search/goal.js';
export { type MaxRate, type MaxRateOptions, type RateTrial, searchMaxRate } from './experiment/search/max-rate.js';
export {
  type BestOptions,
  type BestResult,
  type RankedCandidate,
  searchBest,
} from './experiment/search/search-best.js';
export {
  type Fate,
  type Selection,
  type SelectionOptions,
  type Showing,
  selectBest,
} from './experiment/search/select.js';
export { type InputEffect, type OutputSensitivity, sensitivityOf } from './experiment/sensitivity.js';
export type { ConfigurationSpec, ExperimentSpec, RunSpec } from './experiment/spec.js';
export { MICROSECOND, MILLISECOND, type Nanos, SECOND } from './kernel/time.js';
export { type Bench, compile, type LoadLimits } from './model/bench.js';
export {
  type Departures,
  type Gauge,
  type Observer,
  PARTS,
  Part,
  type RequestId,
  STATUS_NAMES,
  Status,
} from './model/observations.js';
export { PhaseKind } from './model/phases.js';
export type * from './model/spec.js';
export type { Distribution } from './random/distribution.js';
export { createStreams, type Stream, type Streams } from './random/streams.js';
export { type ResultFile, type ResultFileOptions, resultFiles } from './report/result-files.js';
export { type Column, type ColumnType, TABLES, type Table } from './report/tables.js';
export {
  explainDefaults,
  explainScenario,
  formatProblems,
  type Loaded,
  type LoadedSearch,
  type LoadedSensitivity,
  type LoadedSweep,
  type LoadOptions,
  loadMeasurement,
  loadScenario,
  loadSearch,
  loadSensitivity,
  loadSweep,
  type Measurement,
  type Problem,
  type SearchPlan,
  type SensitivityPlan,
  type SweepPlan,
  scenarioJsonSchema,
  starterScenario,
} from './scenario/index.js';
