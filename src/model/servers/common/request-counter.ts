import type { ProcessId } from '../../entities/ids.js';
import type { ProcessLife } from '../../processes/process-life.js';
import type { Runtime } from '../../runtimes/runtime.js';
import { type ServerScript, withinApplication } from '../../workers/script.js';

/** Requests that a process takes in its life. */
export interface RequestCounter {
  /** The process has a request more. @returns whether it was the last one that it takes */
  counts(process: ProcessId): boolean;
  renewed(process: ProcessId): void;
}

/**
 * The script of processes that are replaced after so many requests: asked to end when the application is called for the last.
 *
 * @param life asked when the first request is served
 */
export function counted(
  script: ServerScript,
  counter: RequestCounter | null,
  runtime: Runtime,
  life: () => ProcessLife,
): ServerScript {
  if (counter === null) return script;
  runtime.onRenewal((process) => counter.renewed(process));
  return withinApplication(script, {
    began: ({ process }) => {
      if (counter.counts(process)) life().retire(process);
    },
    ended: () => {},
  });
}
