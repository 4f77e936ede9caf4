import { closeSync, openSync, writeSync } from 'node:fs';
import { replicationSteps } from '../../experiment/replicate.js';
import type { ReplicationResult } from '../../experiment/result.js';
import { runOf, type Task } from '../../experiment/run-experiment.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { createRequestRows, type RequestRows } from '../../report/outputs/requests.js';
import { fileError } from '../cli-error.js';

/** A task with what the command line adds to it: where its rows of requests.csv go. */
export interface CliTask extends Task {
  /** null: no rows are wanted. */
  readonly partFile: string | null;
}

/** Runs a task in steps; yields the done share of its load, 0 to 1. */
export function* taskSteps(spec: ExperimentSpec, task: CliTask): Generator<number, ReplicationResult, void> {
  const configuration = spec.configurations[task.configuration]!;
  const { partFile, replication } = task;
  const run = runOf(spec, task);
  if (partFile === null) return yield* replicationSteps(configuration, run, replication);
  const file = onDisk(partFile, () => openSync(partFile, 'w'));
  try {
    let rows: RequestRows | null = null;
    const result = yield* replicationSteps(configuration, run, replication, {
      rows: (bench) => {
        rows = createRequestRows(configuration.variant, configuration.system, replication, bench, (chunk) => {
          const data = Buffer.from(chunk);
          onDisk(partFile, () => {
            for (let done = 0; done < data.length; ) done += writeSync(file, data, done);
          });
        });
        return rows;
      },
    });
    rows!.end();
    return result;
  } finally {
    closeSync(file);
  }
}

function onDisk<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError(error, `write ${path}`);
  }
}
