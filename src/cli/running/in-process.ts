import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReplicationResult } from '../../experiment/result.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { type CliTask, taskSteps } from './task.js';

/** How long the simulation may keep the thread before timers and signals get their turn. */
const TURN_MS = 50;

/** When the turn of the simulation ends; it goes on from one task to the next, which may be much shorter than a turn. */
let turnEnds = 0;

/** Runs a task in this thread, letting progress and Ctrl-C through. */
export async function runInProcess(
  spec: ExperimentSpec,
  task: CliTask,
  progressed: (share: number) => void,
): Promise<ReplicationResult> {
  const steps = taskSteps(spec, task);
  for (;;) {
    if (performance.now() >= turnEnds) {
      await nextTurn();
      turnEnds = performance.now() + TURN_MS;
    }
    const step = steps.next();
    if (step.done) return step.value;
    progressed(step.value);
  }
}
