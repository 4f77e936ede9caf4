import type { ReplicationResult } from '../../experiment/result.js';
import { runExperiment } from '../../experiment/run-experiment.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import type { SensitivityPlan } from '../../scenario/index.js';
import type { Cell, CellExecutor } from '../running/cell-executor.js';

export interface SensitivityRun {
  readonly executor: CellExecutor;
  readonly isStopped: () => boolean;
  /** Told about each finished replication. */
  readonly finished: (result: ReplicationResult) => void;
}

/** The scenario as it is, then the low and the high end of each input. */
export function cellsOf({ inputs }: SensitivityPlan, base: ExperimentSpec): Cell[] {
  const ends = inputs.flatMap(({ low, high }) => [low, high]);
  return [
    { spec: base, settings: [] },
    ...ends.map(({ experiment, settings }) => ({ spec: experiment.experiment!, settings })),
  ];
}

/** The replications of each cell; null if it was stopped before all of them were there. */
export async function runCells(
  cells: readonly Cell[],
  { executor, isStopped, finished }: SensitivityRun,
): Promise<(readonly ReplicationResult[])[] | null> {
  const results = await Promise.all(
    cells.map((cell) =>
      runExperiment(cell.spec, {
        concurrency: Number.MAX_SAFE_INTEGER,
        isStopped,
        execute: (task) => executor.run(cell, task, isStopped),
        finished: (_, result) => finished(result),
      }),
    ),
  );
  return results.every(({ complete }) => complete) ? results.map(({ replications }) => replications) : null;
}
