import { availableParallelism } from 'node:os';
import type { PrecisionStatus } from '../../experiment/estimates/precision.js';
import type { ExperimentResult } from '../../experiment/experiment-result.js';
import { type Executor, runExperiment, type Task } from '../../experiment/run-experiment.js';
import type { ExperimentSpec, RunSpec } from '../../experiment/spec.js';
import type { SimulationArgs } from '../arguments/options.js';
import { CliError } from '../cli-error.js';
import { catchInterrupt } from '../interrupt.js';
import type { ScenarioRequest } from '../load.js';
import { progressFor } from '../progress.js';
import { runInProcess } from './in-process.js';
import { openWorkerPool, type WorkerPool } from './worker-pool.js';

export interface Simulation {
  readonly result: ExperimentResult;
  /** Exit code if it was stopped by Ctrl-C or SIGTERM, else null. */
  readonly interruptedBy: number | null;
  readonly wallTimeSec: number;
}

/** Number of a task, by configuration, then replication. */
export function taskIndex({ run }: ExperimentSpec, { configuration, replication }: Task): number {
  return configuration * mostReplications(run) + replication;
}

function mostReplications({ replications, precision }: RunSpec): number {
  return precision?.maxReplications ?? replications;
}

/**
 * Runs the experiment, in this thread or in several, shows progress and heeds Ctrl-C and SIGTERM.
 *
 * @param partFile where the request rows of a task go; null if they are not wanted
 */
export async function simulate(
  spec: ExperimentSpec,
  request: ScenarioRequest,
  args: SimulationArgs,
  partFile: ((index: number) => string) | null,
): Promise<Simulation> {
  const most = spec.configurations.length * mostReplications(spec.run);
  let total = 0;
  let precision: PrecisionStatus | null = null;
  const threads = Math.min(threadsWanted(args), most);
  const shares = new Float64Array(new SharedArrayBuffer(8 * most));
  let finished = 0;
  let repeated = 0;
  let requests = 0;
  const startMs = performance.now();
  const progress = progressFor(args, () => ({
    finished,
    total,
    done: repeated + shares.reduce((a, b) => a + b, 0),
    requests,
    precision,
  }));
  const interrupt = catchInterrupt();
  let pool: WorkerPool | null = null;
  try {
    pool = threads > 1 ? await openWorkerPool(threads) : null;
    const result = await runExperiment(spec, {
      execute: executor(spec, request, pool, shares, partFile),
      concurrency: threads,
      isStopped: interrupt.isRequested,
      started: (round) => {
        if (round.isRepeated) {
          repeated += round.tasks.length;
          shares.fill(0);
        }
        total += round.tasks.length;
        precision = round.precision;
      },
      finished: (task, { requests: simulated }) => {
        finished++;
        requests += simulated;
        shares[taskIndex(spec, task)] = 1;
      },
    });
    return {
      result,
      interruptedBy: interrupt.isRequested() ? interrupt.exitCode() : null,
      wallTimeSec: (performance.now() - startMs) / 1000,
    };
  } finally {
    progress.stop();
    interrupt.release();
    await pool?.close();
  }
}

function executor(
  spec: ExperimentSpec,
  request: ScenarioRequest,
  pool: WorkerPool | null,
  shares: Float64Array,
  partFile: ((index: number) => string) | null,
): Executor {
  return (task) => {
    const index = taskIndex(spec, task);
    const cliTask = { ...task, partFile: partFile?.(index) ?? null };
    if (pool !== null) return pool.run({ scenario: request, task: cliTask, shares, index });
    return runInProcess(spec, cliTask, (share) => {
      shares[index] = share;
    });
  };
}

/** A slip of the finger must not start more threads than a machine can hold. */
const MOST_JOBS = 1024;

export function threadsWanted({ jobs }: { readonly jobs?: number }): number {
  if (jobs === undefined) return availableParallelism();
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS) {
    throw new CliError(`--jobs needs a whole number from 1 to ${MOST_JOBS}, not ${jobs}`);
  }
  return jobs;
}
