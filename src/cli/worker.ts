/** Entry of a worker thread: runs one task after the other. */
import type { ExperimentSpec } from '../experiment/spec.js';
import { CliError } from './cli-error.js';
import { loadExperiment, type ScenarioRequest } from './load.js';
import { taskSteps } from './task.js';
import type { WorkerAnswer, WorkerJob } from './worker-pool.js';

let loaded: { readonly key: string; readonly experiment: ExperimentSpec } | null = null;

export default function runJob({ scenario, task, shares, index }: WorkerJob): WorkerAnswer {
  try {
    const steps = taskSteps(experimentOf(scenario), task);
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

function experimentOf(scenario: ScenarioRequest): ExperimentSpec {
  const key = JSON.stringify(scenario);
  if (loaded?.key === key) return loaded.experiment;
  const { experiment } = loadExperiment(scenario);
  if (experiment === null) throw new CliError(`${scenario.source.file} changed while it was being simulated`);
  loaded = { key, experiment };
  return experiment;
}
