import { cellRecords } from '../../experiment/estimates/cell-record.js';
import { summarise } from '../../experiment/estimates/summarise.js';
import { inOrder } from '../../experiment/in-order.js';
import { runExperiment } from '../../experiment/run-experiment.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { csvLines } from '../../report/csv.js';
import { cellRow, sweepRows } from '../../report/outputs/sweep.js';
import type { SweepPlan } from '../../scenario/index.js';
import { formatProblems } from '../../schema/index.js';
import { CliError } from '../cli-error.js';
import type { CellExecutor } from '../running/cell-executor.js';
import { cellAt, cellsIn, type Shard } from './identity.js';
import type { ProgressFile } from './progress-file.js';
import { shownLines } from './shown.js';

export interface SweepRun {
  readonly plan: SweepPlan;
  readonly shard: Shard;
  /** Metrics that sweep.csv is to have; null: all. */
  readonly metrics: readonly string[] | null;
  readonly executor: CellExecutor;
  readonly progress: ProgressFile;
  readonly isStopped: () => boolean;
  /** Told about each replication that was simulated. */
  readonly simulated: (requests: number) => void;
}

/** Cells begun beyond those under way. */
const AHEAD = 16;

/** Runs the cells that are not delivered yet; true when none is left. */
export async function runSweep(run: SweepRun): Promise<boolean> {
  const { plan, shard, executor, progress, isStopped } = run;
  const count = cellsIn(shard, plan.size);
  await inOrder<readonly string[]>({
    from: progress.delivered,
    to: count,
    ahead: AHEAD,
    slots: executor.slots,
    isStopped,
    start: (position) => runCell(run, cellAt(shard, position)),
    deliver: (position, texts) => progress.deliver(cellAt(shard, position), texts),
  });
  return progress.delivered === count;
}

/** The rows of a cell for sweep.csv and cells.csv; null if it was stopped before all its replications were there. */
async function runCell(run: SweepRun, cell: number): Promise<readonly string[] | null> {
  const { plan, executor, progress, isStopped } = run;
  const settings = plan.settings(cell);
  const spec = experimentOf(plan, cell, settings);
  const result = await runExperiment(spec, {
    concurrency: Number.MAX_SAFE_INTEGER,
    isStopped,
    execute: async (task) => {
      const key = JSON.stringify(task);
      const known = progress.result(cell, key);
      if (known !== undefined) return known;
      const replication = await executor.run({ spec, settings }, task, isStopped);
      progress.finished(cell, key, replication);
      run.simulated(replication.requests);
      return replication;
    },
  });
  if (!result.complete) return null;
  const summary = summarise(result);
  const name = { scenario: spec.name, cell, factors: plan.cells(cell) };
  const wanted = run.metrics === null ? summary : summary.filter(({ metric }) => run.metrics!.includes(metric));
  const records = cellRecords(result, summary);
  return [
    csvLines([...sweepRows(name, wanted)]),
    csvLines(records.map((record) => cellRow(name, record))),
    shownLines(name.factors, records, summary),
  ];
}

function experimentOf(plan: SweepPlan, cell: number, settings: readonly string[]): ExperimentSpec {
  const { experiment, problems } = plan.experiment(cell);
  if (experiment !== null) return experiment;
  throw new CliError(`cell ${cell + 1} (${settings.join(', ')}) is not valid\n${formatProblems(problems)}`);
}
