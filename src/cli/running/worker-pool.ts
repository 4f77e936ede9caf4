import type { ReplicationResult } from '../../experiment/result.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import type { ScenarioRequest } from '../load.js';
import type { CliTask } from './task.js';

/** What a worker thread is sent. A scenario contains functions, so it travels as text and is read again over there. */
export interface WorkerJob {
  readonly scenario: ScenarioRequest;
  /** Fields of the scenario that this task changes, as `path=value`; none for most. */
  readonly settings?: readonly string[];
  readonly task: CliTask;
  /** Done share of each task, shared with the main thread. */
  readonly shares: Float64Array;
  readonly index: number;
}

/** Errors for the user keep their exit code on the way back; other errors are thrown. */
export type WorkerAnswer =
  | { readonly result: ReplicationResult }
  | { readonly failure: { readonly message: string; readonly hint: string; readonly exitCode: number } };

export interface WorkerPool {
  /** @throws CliError also if a thread ends without an answer; nothing more can be run then */
  run(job: WorkerJob): Promise<ReplicationResult>;
  close(): Promise<void>;
}

/**
 * Threads that run replications. A thread keeps its scenario and its compiled code for the next task.
 *
 * @param tasksAtHand tasks that a thread may be sent before it has answered the first: with two it goes on at once, instead of
 *   standing idle until this thread has written the last result and sends the next task
 */
export async function openWorkerPool(threads: number, tasksAtHand = 1): Promise<WorkerPool> {
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: new URL('./worker.js', import.meta.url).href,
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    isolateWorkers: false,
    concurrentTasksPerWorker: tasksAtHand,
  });
  // The pool hears of errors in a thread, not of its end: what the thread had at hand would never be answered, and with
  // nothing left to wait for this process would end in the middle of its work.
  const unanswered = new Set<(error: CliError) => void>();
  let ended: CliError | null = null;
  let isClosing = false;
  for (const thread of pool.threads) {
    thread.once('exit', (code: number) => {
      if (isClosing) return;
      ended = new CliError(`a worker thread ended in the middle of its work (exit code ${code})`, '', Exit.Internal);
      for (const reject of unanswered) reject(ended);
    });
  }
  const answerTo = (job: WorkerJob): Promise<WorkerAnswer> =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      unanswered.add(reject);
      pool
        .run(job)
        .then(resolve, reject)
        .finally(() => unanswered.delete(reject));
    });
  return {
    run: async (job) => {
      const answer = await answerTo(job);
      if ('result' in answer) return answer.result;
      const { message, hint, exitCode } = answer.failure;
      throw new CliError(message, hint, exitCode);
    },
    close: async () => {
      isClosing = true;
      const closed = pool.destroy();
      if (ended === null) await closed; // it would wait for ever for a thread that is gone
    },
  };
}
