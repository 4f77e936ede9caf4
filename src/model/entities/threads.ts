import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import { PARTS, Part } from '../observations.js';
import { NOBODY, type ProcessId, type RequestId, type ThreadId } from './ids.js';
import type { RequestTable } from './requests.js';

/**
 * The threads of all processes, and the clock that charges a thread's time to the request it works for.
 *
 * At every moment a thread is in exactly one part (running, in I/O, waiting for the lock …). `enter` charges the time
 * since the last change to the part that ends, so the parts of a request add up to its latency by construction.
 */
export class ThreadTable {
  readonly count: number;
  readonly processes: number;
  /** Process of each thread. */
  readonly processOf: Int32Array;
  /** Threads of process p: [first[p], first[p + 1]). */
  readonly first: Int32Array;
  readonly names: readonly string[];
  /** Request a thread works for, or NOBODY. */
  readonly request: Int32Array;
  private readonly part: Uint8Array;
  private readonly sinceNs: Float64Array;

  /** @param namesByProcess names of the threads of each process, e.g. [['acceptor', 'tp-0', 'tp-1'], …] */
  constructor(
    private readonly kernel: Kernel,
    namesByProcess: readonly (readonly string[])[],
    private readonly requests: RequestTable,
  ) {
    this.names = namesByProcess.flat();
    this.count = this.names.length;
    this.processes = namesByProcess.length;
    this.processOf = Int32Array.from(namesByProcess.flatMap((names, process) => names.map(() => process)));
    this.first = new Int32Array(this.processes + 1);
    for (let p = 0; p < this.processes; p++) this.first[p + 1] = this.first[p]! + namesByProcess[p]!.length;
    this.request = new Int32Array(this.count).fill(NOBODY);
    this.part = new Uint8Array(this.count);
    this.sinceNs = new Float64Array(this.count);
  }

  /** The thread takes a request, whose queueing ends here. */
  pickUp(thread: ThreadId, request: RequestId): void {
    this.request[thread] = request;
    this.part[thread] = Part.GvlWait;
    this.sinceNs[thread] = this.kernel.nowNs();
    this.requests.pickedUp(request, this.processOf[thread]!, thread);
  }

  /** The request is answered: what the thread does from now on is charged to nobody. */
  drop(thread: ThreadId): void {
    this.enter(thread, Part.Run);
    this.request[thread] = NOBODY;
  }

  partOf(thread: ThreadId): Part {
    return this.part[thread] as Part;
  }

  /** Charges the time since the last change and goes on in `part`. */
  enter(thread: ThreadId, part: Part): void {
    const request = this.request[thread]!;
    const nowNs = this.kernel.nowNs();
    if (request !== NOBODY) {
      const since = this.sinceNs[thread]!;
      if (nowNs !== since) this.requests.partsNs[request * PARTS + this.part[thread]!]! += nowNs - since;
    }
    this.part[thread] = part;
    this.sinceNs[thread] = nowNs;
  }

  /** Charges exactly `ns` of the time since the last change to `part`; the rest stays to be charged. */
  bill(thread: ThreadId, part: Part, ns: Nanos): void {
    const request = this.request[thread]!;
    if (request !== NOBODY) this.requests.partsNs[request * PARTS + part]! += ns;
    this.sinceNs[thread]! += ns;
  }

  /** What has not been billed since the last change was spent in `part` after all. */
  rename(thread: ThreadId, part: Part): void {
    this.part[thread] = part;
  }

  /** Moves every thread of the process that is in part `from` to part `to`. */
  enterAll(process: ProcessId, from: Part, to: Part): void {
    for (let t = this.first[process]!; t < this.first[process + 1]!; t++) {
      if (this.part[t] === from) this.enter(t, to);
    }
  }
}
