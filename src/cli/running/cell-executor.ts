import type { ReplicationResult } from '../../experiment/result.js';
import { Stopped, type Task } from '../../experiment/run-experiment.js';
import { Slots } from '../../experiment/slots.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { LogHistogram } from '../../statistics/log-histogram.js';
import type { ScenarioRequest } from '../load.js';
import { runInProcess } from './in-process.js';
import { openWorkerPool, type WorkerPool } from './worker-pool.js';

/** An experiment that differs from the scenario in the given fields. */
export interface Cell {
  readonly spec: ExperimentSpec;
  /** `path=value`, as for `--set`. */
  readonly settings: readonly string[];
}

/** Runs replications of many experiments, in this thread or in several, so many at a time. */
export interface CellExecutor {
  readonly slots: Slots;
  /** @throws Stopped if `isStopped` when it is the task's turn: there may be many before it */
  run(cell: Cell, task: Task, isStopped?: () => boolean): Promise<ReplicationResult>;
  close(): Promise<void>;
}

/** One that is simulated and one that waits: replications of a cell take some ten milliseconds, no longer than an answer of the disk. */
const TASKS_AT_HAND = 2;

export async function openCellExecutor(request: ScenarioRequest, jobs: number): Promise<CellExecutor> {
  const pool: WorkerPool | null = jobs > 1 ? await openWorkerPool(jobs, TASKS_AT_HAND) : null;
  const slots = new Slots(jobs > 1 ? jobs * TASKS_AT_HAND : 1);
  const shares = new Float64Array(new SharedArrayBuffer(8));
  return {
    slots,
    run: ({ spec, settings }, task, isStopped) =>
      slots.use(async () => {
        if (isStopped?.()) throw new Stopped();
        const cliTask = { ...task, partFile: null };
        if (pool === null) return lean(await runInProcess(spec, cliTask, () => {}));
        return lean(await pool.run({ scenario: request, settings, task: cliTask, shares, index: 0 }));
      }),
    close: async () => pool?.close(),
  };
}

/** Without what only files of a single experiment show, which is by far the most: the distribution of latencies, and what happens over time. */
function lean(result: ReplicationResult): ReplicationResult {
  const timeSeries = { ...result.timeSeries, timesNs: new Float64Array(0), signals: [] };
  return { ...result, latency: new LogHistogram().toData(), timeSeries, memory: null };
}
