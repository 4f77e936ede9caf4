import type { ProcessId } from '../../../entities/ids.js';
import type { Thread } from '../../../entities/thread.js';

/** The loops, for those who look whether they turn. */
export interface Loops {
  readonly count: number;
  /** The fiber that has the loop of the process; null: none. It has had it since its `grantedNs`. */
  running(process: ProcessId): Thread | null;
  /** Some fiber of the process has a request. */
  isServing(process: ProcessId): boolean;
  /**
   * The fiber has the loop and a request, and is to end: in Ruby or Python code (between short C calls too) there, in one C call
   * when that returns. The request gets no answer. The process answers the others, and is replaced.
   */
  abort(fiber: Thread): void;
  kill(process: ProcessId): void;
}

/** Told what happens to the loops. */
export interface LoopWatch {
  /** A process has taken a connection. */
  accepted(): void;
  /** A fiber has done with its request, or is gone. */
  freed(): void;
  /** A new process takes the place of another one. */
  renewed(process: ProcessId): void;
}
