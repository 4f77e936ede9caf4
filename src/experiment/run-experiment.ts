import type { ExperimentResult } from './experiment-result.js';
import { runReplication } from './replicate.js';
import type { ReplicationResult } from './result.js';
import type { ExperimentSpec } from './spec.js';

/** One replication of one configuration. */
export interface Task {
  /** Index into `ExperimentSpec.configurations`. */
  readonly configuration: number;
  /** From 0. */
  readonly replication: number;
}

/** Runs tasks: here and now, or in worker threads. The result must depend on the task alone. */
export type Executor = (task: Task) => Promise<ReplicationResult>;

export interface ExperimentOptions {
  /** @default runs in the calling thread */
  readonly execute?: Executor;
  /** Tasks under way at the same time. @default 1 */
  readonly concurrency?: number;
  /** Asked before each task; true = start no more. What is under way is finished. */
  readonly isStopped?: () => boolean;
  /** Told about each finished replication. */
  readonly finished?: (task: Task, result: ReplicationResult) => void;
}

/** All tasks, replication by replication, so that what an interrupted run leaves behind can still be compared in pairs. */
export function tasksOf(spec: ExperimentSpec): Task[] {
  const tasks: Task[] = [];
  for (let replication = 0; replication < spec.run.replications; replication++) {
    for (let configuration = 0; configuration < spec.configurations.length; configuration++) {
      tasks.push({ configuration, replication });
    }
  }
  return tasks;
}

/**
 * Runs every replication of every configuration. Results are put in the order (configuration, replication), however
 * and wherever they were computed, so the outcome does not depend on `concurrency`.
 */
export async function runExperiment(spec: ExperimentSpec, options: ExperimentOptions = {}): Promise<ExperimentResult> {
  const execute = options.execute ?? inThisThread(spec);
  const isStopped = options.isStopped ?? (() => false);
  const tasks = tasksOf(spec);
  const slots: (ReplicationResult | undefined)[] = new Array(tasks.length);
  let next = 0;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    while (next < tasks.length && !isStopped() && !hasFailed) {
      const task = tasks[next++]!;
      try {
        const result = await execute(task);
        slots[task.configuration * spec.run.replications + task.replication] = result;
        options.finished?.(task, result);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 1, tasks.length) }, worker));
  const replications = slots.filter((result) => result !== undefined);
  return { spec, replications, complete: replications.length === tasks.length };
}

/** Runs tasks in the calling thread, one after the other. */
export function inThisThread(spec: ExperimentSpec): Executor {
  return async ({ configuration, replication }) =>
    runReplication(spec.configurations[configuration]!, spec.run, replication);
}
