import { NOBODY, type ProcessId, type ThreadId } from '../../entities/ids.js';

/** The threads that wait for the lock of each process, first come first; linked through the threads themselves. */
export class Waiters {
  readonly size: Int32Array;
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;

  constructor(processes: number, threads: number) {
    this.size = new Int32Array(processes);
    this.head = new Int32Array(processes).fill(NOBODY);
    this.tail = new Int32Array(processes).fill(NOBODY);
    this.next = new Int32Array(threads).fill(NOBODY);
    this.previous = new Int32Array(threads).fill(NOBODY);
  }

  first(process: ProcessId): ThreadId {
    return this.head[process]!;
  }

  last(process: ProcessId): ThreadId {
    return this.tail[process]!;
  }

  push(process: ProcessId, thread: ThreadId): void {
    const last = this.tail[process]!;
    this.next[thread] = NOBODY;
    this.previous[thread] = last;
    if (last === NOBODY) this.head[process] = thread;
    else this.next[last] = thread;
    this.tail[process] = thread;
    this.size[process]!++;
  }

  pushFront(process: ProcessId, thread: ThreadId): void {
    const first = this.head[process]!;
    this.previous[thread] = NOBODY;
    this.next[thread] = first;
    if (first === NOBODY) this.tail[process] = thread;
    else this.previous[first] = thread;
    this.head[process] = thread;
    this.size[process]!++;
  }

  /** Removes and returns the first; NOBODY if there is none. */
  shift(process: ProcessId): ThreadId {
    const thread = this.head[process]!;
    if (thread === NOBODY) return NOBODY;
    const next = this.next[thread]!;
    this.head[process] = next;
    if (next === NOBODY) this.tail[process] = NOBODY;
    else this.previous[next] = NOBODY;
    this.size[process]!--;
    return thread;
  }

  remove(process: ProcessId, thread: ThreadId): void {
    const before = this.previous[thread]!;
    const after = this.next[thread]!;
    if (before === NOBODY) this.head[process] = after;
    else this.next[before] = after;
    if (after === NOBODY) this.tail[process] = before;
    else this.previous[after] = before;
    this.size[process]!--;
  }
}
