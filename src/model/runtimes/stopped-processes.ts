import type { ProcessId } from '../entities/ids.js';
import type { Threads } from '../entities/thread.js';
import { Part } from '../observations.js';

// Local copies of what is imported: compiled in as constants (docs/decisions/0009).
const { GvlWait, GcOther } = Part;

/** In which processes garbage is being collected, and so what their threads wait for that wait for the lock. */
export class StoppedProcesses {
  private readonly isStopped: boolean[];

  constructor(private readonly threads: Threads) {
    this.isStopped = threads.map(() => false);
  }

  /** What waiting for the lock of the process is charged to. */
  waitingPart(process: ProcessId): Part {
    return this.isStopped[process]! ? GcOther : GvlWait;
  }

  /** A collection begins or ends: who waits for the lock waits for it from now on, or does no longer. */
  set(process: ProcessId, isStopped: boolean): void {
    this.isStopped[process] = isStopped;
    const [from, to] = isStopped ? [GvlWait, GcOther] : [GcOther, GvlWait];
    for (const thread of this.threads[process]!) if (thread.part === from) thread.enter(to);
  }

  /** The process is killed. */
  reset(process: ProcessId): void {
    this.isStopped[process] = false;
  }
}
