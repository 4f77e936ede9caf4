import { type Kernel, NO_TIMER, type Timer } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import { PARTS, Part } from '../observations.js';
import { NOBODY, type ProcessId, type RequestId, type ThreadId } from './ids.js';
import type { RequestTable } from './requests.js';

export interface ThreadOwner {
  /** The thread has done what it was told to do; it holds the GVL and is on its way to the next thing. */
  executed(thread: Thread): void;
}

/** What a thread is told to do; see `Execution`. */
export const Doing = { Nothing: 0, Ruby: 1, Holding: 2, Native: 3, Collecting: 4 } as const;
export type Doing = (typeof Doing)[keyof typeof Doing];

// Local copies of what is imported: compiled in as constants (docs/decisions/0009).
const { Run, GvlWait } = Part;
const STRIDE = PARTS;
const NO_REQUEST = NOBODY;

/** Gives a field the representation of a fractional number from the start (docs/decisions/0011). */
const UNSET = Number.NaN;

/**
 * A thread of a worker process: a record in which every mechanism keeps what it knows of the thread, and the clock
 * that charges the thread's time to the request it works for.
 *
 * At every moment a thread is in exactly one part (running, in I/O, waiting for the lock …). `enter` charges the time
 * since the last change to the part that ends, so the parts of a request add up to its latency by construction.
 *
 * One object a thread and not columns by thread number: reading a field is one or two instructions, reading an element
 * of a typed array that is itself a field is eight (measured on the benchmark model: see docs/decisions).
 */
export class Thread {
  /** Told when the thread has executed something. */
  owner: ThreadOwner | null;
  request: RequestId;
  part: Part;
  private sinceNs: Nanos;

  // The lock.
  nextWaiter: Thread | null;
  /** Time slice, scaled by the thread's priority. */
  quantumNs: Nanos;
  /** Gave way, and waits until another thread has had the lock. */
  isYielding: boolean;
  gvlTimer: Timer;
  /** Since when it sleeps, or slept last, in its wait for the lock; of use to the lock only. */
  asleepSinceNs: Nanos;

  // Execution.
  doing: Doing;
  isHolding: boolean;
  /** Interrupted where it could not stop: looks at its slice at the next check point. */
  isFlagged: boolean;
  grantedNs: Nanos;
  /** Work left of the burst, the piece on the core included [ns]. */
  leftNs: Nanos;
  /** The piece that is on the core: Ruby code, and what its allocations pay to the collector. */
  pieceNs: Nanos;
  pieceGcNs: Nanos;
  /** When the burst of Ruby code ends if the thread has a core and nobody interrupts it; Infinity if that is not known. */
  burstEndNs: Nanos;
  objectsPerNs: number;
  mallocBytesPerNs: number;
  holdStartNs: Nanos;
  /** Holds the lock in one C call, which nothing interrupts. */
  isOneCall: boolean;
  holdTimer: Timer;

  // The cores.
  /** CPU time that the thread asks for, resp. what is left of it [ns]. */
  workNs: number;
  startedNs: Nanos;
  core: number;
  cpuTimer: Timer;

  // The request it serves.
  stage: number;
  /** Next step of the stage. */
  position: number;
  ioTimer: Timer;

  // The server.
  /** Goes off when a thread that the server has woken is awake. */
  wakeTimer: Timer;

  constructor(
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    readonly id: ThreadId,
    readonly process: ProcessId,
    readonly name: string,
  ) {
    this.owner = null;
    this.request = NO_REQUEST;
    this.part = Part.Queue;
    this.sinceNs = UNSET;
    this.nextWaiter = null;
    this.quantumNs = UNSET;
    this.isYielding = false;
    this.gvlTimer = NO_TIMER;
    this.asleepSinceNs = UNSET;
    this.doing = Doing.Nothing;
    this.isHolding = false;
    this.isFlagged = false;
    this.grantedNs = UNSET;
    this.leftNs = UNSET;
    this.pieceNs = UNSET;
    this.pieceGcNs = UNSET;
    this.pieceGcNs = 0;
    this.burstEndNs = Number.POSITIVE_INFINITY;
    this.objectsPerNs = UNSET;
    this.objectsPerNs = 0;
    this.mallocBytesPerNs = UNSET;
    this.mallocBytesPerNs = 0;
    this.holdStartNs = UNSET;
    this.isOneCall = false;
    this.holdTimer = NO_TIMER;
    this.workNs = UNSET;
    this.startedNs = UNSET;
    this.core = NOBODY;
    this.cpuTimer = NO_TIMER;
    this.stage = 0;
    this.position = 0;
    this.ioTimer = NO_TIMER;
    this.wakeTimer = NO_TIMER;
  }

  /** The thread takes a request, whose queueing ends here. */
  pickUp(request: RequestId): void {
    this.request = request;
    this.part = this.isHolding ? Run : GvlWait;
    this.sinceNs = this.kernel.nowNs();
    this.requests.pickedUp(request, this.process, this.id);
  }

  /** The request is answered: what the thread does from now on is charged to nobody. */
  drop(): void {
    this.enter(Run);
    this.request = NO_REQUEST;
  }

  /** Charges the time since the last change and goes on in `part`. */
  enter(part: Part): void {
    const nowNs = this.kernel.nowNs();
    if (this.request !== NO_REQUEST && nowNs !== this.sinceNs) {
      this.requests.partsNs[this.request * STRIDE + this.part]! += nowNs - this.sinceNs;
    }
    this.part = part;
    this.sinceNs = nowNs;
  }

  /** Charges exactly `ns` of the time since the last change to `part`; the rest stays to be charged. */
  bill(part: Part, ns: Nanos): void {
    if (this.request !== NO_REQUEST) this.requests.partsNs[this.request * STRIDE + part]! += ns;
    this.sinceNs += ns;
  }

  toString(): string {
    return `${this.name} of process ${this.process}`;
  }
}

/** The threads of all processes: [process][thread]. */
export type Threads = readonly (readonly Thread[])[];

/** One more thread for each process, which serves no requests: it comes after all others, so it has no number of theirs. */
export function createHelpers(
  kernel: Kernel,
  requests: RequestTable,
  threads: Threads,
  name: string,
  nth: number,
): Thread[] {
  const first = threads.flat().length + nth * threads.length;
  return threads.map((_, process) => new Thread(kernel, requests, first + process, process, name));
}

/** @param namesByProcess names of the threads of each process, e.g. [['acceptor', 'tp-0', 'tp-1'], …] */
export function createThreads(
  kernel: Kernel,
  requests: RequestTable,
  namesByProcess: readonly (readonly string[])[],
): Threads {
  let id = 0;
  return namesByProcess.map((names, process) => names.map((name) => new Thread(kernel, requests, id++, process, name)));
}
