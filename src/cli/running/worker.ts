/** Entry of a worker thread: runs one task after the other. */
import type { ExperimentSpec } from '../../experiment/spec.js';
import { type OpenScenario, type Override, readOverride } from '../../scenario/index.js';
import { CliError } from '../cli-error.js';
import { loadExperiment, openExperiment, type ScenarioRequest } from '../load.js';
import { taskSteps } from './task.js';
import type { WorkerAnswer, WorkerJob } from './worker-pool.js';

/** The last scenario and the last experiment of it: most tasks are of the same as the one before. */
let opened: { readonly key: string; readonly scenario: OpenScenario } | null = null;
let built: { readonly key: string; readonly experiment: ExperimentSpec } | null = null;

export default function runJob({ scenario, settings = [], task, shares, index }: WorkerJob): WorkerAnswer {
  try {
    const steps = taskSteps(experimentOf(scenario, settings), task);
    for (;;) {
      const step = steps.next();
      if (step.done) return { result: step.value };
      shares[index] = step.value;
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { message, hint, exitCode } = error;
    return { failure: { message, hint, exitCode } };
  }
}

function experimentOf(request: ScenarioRequest, settings: readonly string[]): ExperimentSpec {
  const key = JSON.stringify(request);
  if (request.others !== undefined) return joinedOf(request, key);
  if (opened?.key !== key) {
    opened = { key, scenario: openExperiment(request) };
    built = null;
  }
  const cell = JSON.stringify(settings);
  if (built?.key === cell) return built.experiment;
  const overrides = settings.map((text, k) => readOverride(text, k + 1) as Override);
  const { experiment } = opened.scenario.build(overrides);
  if (experiment === null) throw new CliError(`${request.source.file} changed while it was being simulated`);
  built = { key: cell, experiment };
  return experiment;
}

/** Several scenarios side by side have no settings of their own. */
function joinedOf(request: ScenarioRequest, key: string): ExperimentSpec {
  if (built?.key === key) return built.experiment;
  const { experiment } = loadExperiment(request);
  if (experiment === null) throw new CliError(`${request.source.file} changed while it was being simulated`);
  built = { key, experiment };
  return experiment;
}
