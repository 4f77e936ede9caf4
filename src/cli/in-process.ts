import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReplicationResult } from '../experiment/result.js';
import type { ExperimentSpec } from '../experiment/spec.js';
import { type CliTask, taskSteps } from './task.js';

/** How long the simulation may keep the thread before timers and signals get their turn. */
const TURN_MS = 50;

/** Runs a task in this thread, letting progress and Ctrl-C through. */
export async function runInProcess(
  spec: ExperimentSpec,
  task: CliTask,
  progressed: (share: number) => void,
): Promise<ReplicationResult> {
  const steps = taskSteps(spec, task);
  let turnEnds = performance.now() + TURN_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < turnEnds) continue;
    progressed(step.value);
    await nextTurn();
    turnEnds = performance.now() + TURN_MS;
  }
}
