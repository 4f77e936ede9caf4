import type { ProcessId } from '../../../entities/ids.js';
import type { Runtime } from '../../../runtimes/runtime.js';

/** Watches over single-threaded workers. */
export interface Supervisor {
  /** The worker takes a connection. */
  began(worker: ProcessId): void;
  /** The worker has done with its connection. */
  ended(worker: ProcessId): void;
  /** The worker was killed in the middle of its request. */
  stopped(worker: ProcessId): void;
  /** Asked when the worker has nothing to do: whether it ends now, and makes room for another one. */
  mustLeave?(worker: ProcessId): boolean;
  /** A new process begins to take the place of the worker. */
  replaced?(worker: ProcessId): void;
}

/** What a supervisor can do. */
export interface Workers {
  readonly runtime: Runtime;
  /** Ends a worker in the middle of its request. */
  kill(worker: ProcessId): void;
  /** Asks a worker that sleeps whether it must leave. The others are asked when they have done what they do. */
  askIdle(worker: ProcessId): void;
}
