import type { Kernel } from '../../kernel/kernel.js';
import { type Departures, PARTS, Part, type RequestId, Status } from '../observations.js';
import { copied } from './copied.js';

// Local copies of what is imported: compiled in as constants (docs/decisions/0009).
const { Backlog, Queue } = Part;
const { Ok } = Status;
const STRIDE = PARTS;

/**
 * The requests in the system, as columns. A slot is taken at arrival and re-used after departure, so memory grows
 * with the number in the system and not with the length of the run.
 */
export class RequestTable implements Departures {
  arrivedNs: Float64Array;
  partsNs: Float64Array;
  classOf: Uint16Array;
  /** -1 in slots that have never been taken. */
  ordinal: Float64Array;
  row: Int32Array;
  process: Int32Array;
  thread: Int32Array;
  status: Uint8Array;
  appStartNs: Float64Array;
  appEndNs: Float64Array;
  /** When a server took the connection from the listen queue. */
  acceptedNs: Float64Array;
  /** Closed load: who sent it. */
  user: Int32Array;
  phaseCount: Int32Array;
  /** Phases of request r: [r * maxPhases, r * maxPhases + phaseCount[r]). */
  phaseKind: Uint8Array;
  /** Demand of each phase [ns]; for Allocate the number of objects. */
  phaseDemand: Float64Array;
  /** Allocate phases: objects that live until the request ends. */
  phaseKept: Float64Array;
  /** Objects and malloc'ed bytes allocated per ns of Ruby code in Cpu phases. */
  objectsPerNs: Float64Array;
  mallocBytesPerNs: Float64Array;
  /** How long the client takes to send the request after connecting [ns]. */
  uploadNs: Float64Array;
  /** How often it has been sent, this time included; kept only where clients try again. */
  attempt: Uint8Array;
  /** 1: its client has gone; kept only where clients give up. */
  isGone: Uint8Array;
  private free: Int32Array;
  private freeCount: number;
  private capacity: number;

  /** @param maxPhases phases that the longest request can have */
  constructor(
    private readonly kernel: Kernel,
    readonly maxPhases: number,
  ) {
    this.capacity = 64;
    const n = this.capacity;
    this.arrivedNs = new Float64Array(n);
    this.partsNs = new Float64Array(n * PARTS);
    this.classOf = new Uint16Array(n);
    this.ordinal = new Float64Array(n).fill(-1);
    this.row = new Int32Array(n);
    this.process = new Int32Array(n);
    this.thread = new Int32Array(n);
    this.status = new Uint8Array(n);
    this.appStartNs = new Float64Array(n);
    this.appEndNs = new Float64Array(n);
    this.acceptedNs = new Float64Array(n);
    this.user = new Int32Array(n);
    this.phaseCount = new Int32Array(n);
    this.phaseKind = new Uint8Array(n * maxPhases);
    this.phaseDemand = new Float64Array(n * maxPhases);
    this.phaseKept = new Float64Array(n * maxPhases);
    this.objectsPerNs = new Float64Array(n);
    this.mallocBytesPerNs = new Float64Array(n);
    this.uploadNs = new Float64Array(n);
    this.attempt = new Uint8Array(n);
    this.isGone = new Uint8Array(n);
    this.free = Int32Array.from({ length: n }, (_, k) => n - 1 - k);
    this.freeCount = n;
  }

  /** Takes a slot for a request that arrives now. Its class and demands are still to be filled in. */
  take(ordinal: number): RequestId {
    if (this.freeCount === 0) this.grow();
    const request = this.free[--this.freeCount]!;
    this.arrivedNs[request] = this.kernel.nowNs();
    clearParts(this.partsNs, request * STRIDE);
    this.ordinal[request] = ordinal;
    this.status[request] = Ok;
    return request;
  }

  /** The client is turned away: no thread will ever take the request. */
  refused(request: RequestId): void {
    this.status[request] = Status.Refused;
    this.process[request] = -1;
    this.thread[request] = -1;
    this.appStartNs[request] = Number.NaN;
    this.appEndNs[request] = Number.NaN;
    this.accepted(request);
  }

  /** The process that has the request is killed; `hasStarted` and `hasEnded` say how far the application has come. */
  killed(request: RequestId, hasStarted: boolean, hasEnded: boolean): void {
    this.status[request] = Status.Killed;
    if (!hasStarted) this.appStartNs[request] = Number.NaN;
    if (!hasEnded) this.appEndNs[request] = Number.NaN;
  }

  /** The process that has accepted the request ends before a thread has taken it: it has waited for nothing. */
  lost(request: RequestId, process: number): void {
    this.killed(request, false, false);
    this.process[request] = process;
    this.thread[request] = -1;
    this.chargeRest(request, Part.Queue);
  }

  /** What was done for the request is lost, and it waits again: all of its time until somebody takes it is waiting. */
  startsOver(request: RequestId): void {
    this.unserved(request);
    this.status[request] = Status.Ok;
    this.partsNs.fill(0, request * PARTS, (request + 1) * PARTS);
  }

  /** Nobody has taken the request yet: forgets what an earlier request left in the slot. */
  unserved(request: RequestId): void {
    this.acceptedNs[request] = Number.NaN;
    this.process[request] = -1;
    this.thread[request] = -1;
    this.appStartNs[request] = Number.NaN;
    this.appEndNs[request] = Number.NaN;
  }

  /** What request `from` needs, `to` needs too. */
  copyDemands(from: RequestId, to: RequestId): void {
    const { maxPhases } = this;
    for (const column of [this.phaseKind, this.phaseDemand, this.phaseKept]) {
      column.copyWithin(to * maxPhases, from * maxPhases, (from + 1) * maxPhases);
    }
    this.phaseCount[to] = this.phaseCount[from]!;
    this.classOf[to] = this.classOf[from]!;
    this.row[to] = this.row[from]!;
    this.user[to] = this.user[from]!;
    this.objectsPerNs[to] = this.objectsPerNs[from]!;
    this.mallocBytesPerNs[to] = this.mallocBytesPerNs[from]!;
    this.uploadNs[to] = this.uploadNs[from]!;
  }

  /** What has become of request `from` so far has become of `to`. */
  copyProgress(from: RequestId, to: RequestId): void {
    this.arrivedNs[to] = this.arrivedNs[from]!;
    this.partsNs.copyWithin(to * PARTS, from * PARTS, (from + 1) * PARTS);
    this.acceptedNs[to] = this.acceptedNs[from]!;
    this.appStartNs[to] = this.appStartNs[from]!;
    this.appEndNs[to] = this.appEndNs[from]!;
    this.attempt[to] = this.attempt[from]!;
  }

  /** Charges what has not been charged of its life yet to `part`. */
  chargeRest(request: RequestId, part: Part): void {
    let restNs = this.kernel.nowNs() - this.arrivedNs[request]!;
    for (let k = request * PARTS; k < (request + 1) * PARTS; k++) restNs -= this.partsNs[k]!;
    this.partsNs[request * PARTS + part]! += restNs;
  }

  /** Gives the slot back. */
  release(request: RequestId): void {
    this.free[this.freeCount++] = request;
  }

  /** The server takes the connection from the listen queue: what it has waited so far was backlog. */
  accepted(request: RequestId): void {
    this.acceptedNs[request] = this.kernel.nowNs();
    this.partsNs[request * STRIDE + Backlog] = this.kernel.nowNs() - this.arrivedNs[request]!;
  }

  /** A thread takes the request: what it has waited since it was accepted was the server's own queue. */
  pickedUp(request: RequestId, process: number, thread: number): void {
    this.partsNs[request * STRIDE + Queue] = this.kernel.nowNs() - this.acceptedNs[request]!;
    this.process[request] = process;
    this.thread[request] = thread;
  }

  private grow(): void {
    const before = this.capacity;
    const n = 2 * before;
    this.capacity = n;
    this.arrivedNs = copied(this.arrivedNs, new Float64Array(n));
    this.partsNs = copied(this.partsNs, new Float64Array(n * PARTS));
    this.classOf = copied(this.classOf, new Uint16Array(n));
    this.ordinal = copied(this.ordinal, new Float64Array(n).fill(-1));
    this.row = copied(this.row, new Int32Array(n));
    this.process = copied(this.process, new Int32Array(n));
    this.thread = copied(this.thread, new Int32Array(n));
    this.status = copied(this.status, new Uint8Array(n));
    this.appStartNs = copied(this.appStartNs, new Float64Array(n));
    this.appEndNs = copied(this.appEndNs, new Float64Array(n));
    this.acceptedNs = copied(this.acceptedNs, new Float64Array(n));
    this.user = copied(this.user, new Int32Array(n));
    this.phaseCount = copied(this.phaseCount, new Int32Array(n));
    this.phaseKind = copied(this.phaseKind, new Uint8Array(n * this.maxPhases));
    this.phaseDemand = copied(this.phaseDemand, new Float64Array(n * this.maxPhases));
    this.phaseKept = copied(this.phaseKept, new Float64Array(n * this.maxPhases));
    this.objectsPerNs = copied(this.objectsPerNs, new Float64Array(n));
    this.mallocBytesPerNs = copied(this.mallocBytesPerNs, new Float64Array(n));
    this.uploadNs = copied(this.uploadNs, new Float64Array(n));
    this.attempt = copied(this.attempt, new Uint8Array(n));
    this.isGone = copied(this.isGone, new Uint8Array(n));
    const free = new Int32Array(n);
    for (let k = 0; k < before; k++) free[k] = n - 1 - k;
    this.free = free;
    this.freeCount = before;
  }
}

/** One after the other: a loop checks the array anew at every turn, and fill() is a slow call for so few (182 and 160 instead of 50 instructions). */
function clearParts(partsNs: Float64Array, base: number): void {
  partsNs[base] = 0;
  partsNs[base + 1] = 0;
  partsNs[base + 2] = 0;
  partsNs[base + 3] = 0;
  partsNs[base + 4] = 0;
  partsNs[base + 5] = 0;
  partsNs[base + 6] = 0;
  partsNs[base + 7] = 0;
  partsNs[base + 8] = 0;
}
