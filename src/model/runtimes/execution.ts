import type { Kernel, TimerId } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import { MILLISECOND, type Nanos } from '../../kernel/time.js';
import type { Cpu, CpuListener } from '../cpu/cpu.js';
import type { ThreadId } from '../entities/ids.js';
import type { ThreadTable } from '../entities/threads.js';
import type { Collector } from '../gc/collector.js';
import { Part } from '../observations.js';
import type { Gvl, GvlListener } from './gvl/gvl.js';

export interface ExecutionOwner {
  /** The thread has done what it was told to do; it holds the GVL and is on its way to the next thing. */
  executed(thread: ThreadId): void;
}

const Doing = { Nothing: 0, Ruby: 1, Holding: 2, Native: 3, Collecting: 4 } as const;
type Doing = (typeof Doing)[keyof typeof Doing];

/**
 * Check points inside a C call that keeps the GVL: a call is modelled as a sequence of short ones, between which the
 * interpreter looks at its time slice.
 */
export const HOLD_CHECK_NS: Nanos = MILLISECOND;

/**
 * Runs the threads of a Ruby (or Python) process: a burst needs first the GVL, then a core; garbage collection cuts
 * it where the allocations run out of free slots; the end of a time slice interrupts it at the next check point.
 *
 * ```
 * run / hold / resume -> [wait for GVL] -> [wait for core] -> running -> executed (GVL still held)
 *                             ^                                 |  |
 *                             +-------- slice is over ----------+  +-> collecting -> running
 * block: GVL released; the owner times what happens outside.
 * ```
 */
export class Execution implements GvlListener, CpuListener {
  private gvl!: Gvl;
  private cpu!: Cpu;
  private readonly owners: ExecutionOwner[];
  private readonly processOf: Int32Array;
  private readonly doing: Uint8Array;
  private readonly isHolding: Uint8Array;
  /** Interrupted where it could not stop: looks at its slice at the next check point. */
  private readonly isFlagged: Uint8Array;
  /** Work left of the burst, the piece on the core included [ns]. */
  private readonly leftNs: Float64Array;
  /** The piece that is on the core: Ruby code, and what its allocations pay to the collector. */
  private readonly pieceNs: Float64Array;
  private readonly pieceGcNs: Float64Array;
  private readonly holdStartNs: Float64Array;
  private readonly objectsPerNs: Float64Array;
  private readonly mallocBytesPerNs: Float64Array;
  private readonly isCollecting: Uint8Array;
  private readonly holdTimer: TimerId[];
  /** When each thread got the GVL it holds; how long GVLs have been held in turns that have ended [ns]. */
  private readonly grantedNs: Float64Array;
  private heldNs: number;
  private isBilled: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly threads: ThreadTable,
    private readonly collector: Collector | null,
  ) {
    const n = threads.count;
    this.owners = [];
    this.processOf = threads.processOf;
    this.doing = new Uint8Array(n);
    this.isHolding = new Uint8Array(n);
    this.isFlagged = new Uint8Array(n);
    this.leftNs = new Float64Array(n);
    this.pieceNs = new Float64Array(n);
    this.pieceGcNs = new Float64Array(n);
    this.holdStartNs = new Float64Array(n);
    this.objectsPerNs = new Float64Array(n);
    this.mallocBytesPerNs = new Float64Array(n);
    this.isCollecting = new Uint8Array(threads.processes);
    const HOLD = kernel.define('gvl.hold-ends', Rank.Release, (thread) => this.holdEnds(thread));
    this.holdTimer = Array.from({ length: n }, (_, thread) => kernel.timer(HOLD, thread));
    this.grantedNs = new Float64Array(n);
    this.heldNs = 0;
    this.isBilled = false;
  }

  /** Wires the lock and the cores, which report to this object. */
  attach(gvl: Gvl, cpu: Cpu): void {
    this.gvl = gvl;
    this.cpu = cpu;
    this.isBilled = cpu.isShared || this.collector !== null;
  }

  /** Says who is told when the thread has executed something. */
  own(thread: ThreadId, owner: ExecutionOwner): void {
    this.owners[thread] = owner;
  }

  /** Ruby code for `workNs` of CPU time. */
  run(thread: ThreadId, workNs: Nanos): void {
    this.doing[thread] = Doing.Ruby;
    this.leftNs[thread] = workNs;
    this.proceed(thread);
  }

  /** What the thread's Ruby code allocates from now on, per ns of its running time. */
  allocates(thread: ThreadId, objectsPerNs: number, mallocBytesPerNs: number): void {
    this.objectsPerNs[thread] = objectsPerNs;
    this.mallocBytesPerNs[thread] = mallocBytesPerNs;
  }

  /** A C call that keeps the GVL for `holdNs` without using a core. */
  hold(thread: ThreadId, holdNs: Nanos): void {
    this.doing[thread] = Doing.Holding;
    this.leftNs[thread] = holdNs;
    this.proceed(thread);
  }

  /** Back from a blocking call: takes the GVL. */
  resume(thread: ThreadId): void {
    this.doing[thread] = Doing.Nothing;
    this.proceed(thread);
  }

  /** Native code outside the GVL for `workNs` of CPU time, then takes the GVL. */
  native(thread: ThreadId, workNs: Nanos): void {
    this.block(thread, Part.Run);
    this.doing[thread] = Doing.Native;
    this.pieceNs[thread] = workNs;
    this.cpu.workNs[thread] = workNs;
    this.cpu.start(thread);
  }

  /** Enters a blocking region: gives the GVL up, if the thread holds it, and spends the time from now on in `part`. */
  block(thread: ThreadId, part: Part): void {
    this.threads.enter(thread, part);
    if (this.isHolding[thread] === 0) return;
    this.drop(thread);
    this.isFlagged[thread] = 0;
    this.gvl.release(thread);
  }

  /** A blocking call that returns at once: the GVL is given up and asked for again. */
  trip(thread: ThreadId): void {
    this.block(thread, Part.GvlWait);
    this.resume(thread);
  }

  /** Time-integral of the number of held GVLs since 0 [ns x locks]. */
  heldIntegral(nowNs: Nanos): number {
    let sum = this.heldNs;
    for (let t = 0; t < this.isHolding.length; t++) if (this.isHolding[t] === 1) sum += nowNs - this.grantedNs[t]!;
    return sum;
  }

  granted(thread: ThreadId): void {
    this.isHolding[thread] = 1;
    this.grantedNs[thread] = this.kernel.nowNs();
    this.threads.enter(thread, Part.Run);
    this.begin(thread);
  }

  interrupted(thread: ThreadId): void {
    if (this.doing[thread] !== Doing.Ruby) {
      this.isFlagged[thread] = 1;
      if (this.doing[thread] === Doing.Holding) this.stopHoldAtCheckPoint(thread);
      return;
    }
    if (this.cpu.isOnCore(thread)) this.checkSlice(thread);
    else this.isFlagged[thread] = 1;
  }

  /** The thread was interrupted while others had the cores; only now can it look at its time slice. */
  onCore(thread: ThreadId): void {
    this.isFlagged[thread] = 0;
    this.checkSlice(thread);
  }

  worked(thread: ThreadId): void {
    const doing = this.doing[thread]!;
    if (doing === Doing.Ruby) {
      this.pieceEnds(thread, this.pieceNs[thread]!, this.pieceGcNs[thread]!);
      if (this.leftNs[thread]! > 0) this.begin(thread);
      else this.owners[thread]!.executed(thread);
    } else if (doing === Doing.Collecting) {
      this.collectionEnds(thread);
    } else {
      this.bill(thread, Part.Run, this.pieceNs[thread]!);
      this.resume(thread);
    }
  }

  /** Goes on with what the thread is to do, taking the GVL first if it does not hold it. */
  private proceed(thread: ThreadId): void {
    if (this.isHolding[thread] === 1) {
      this.begin(thread);
      return;
    }
    const isStopped = this.isCollecting[this.processOf[thread]!] === 1;
    this.threads.enter(thread, isStopped ? Part.GcOther : Part.GvlWait);
    this.gvl.acquire(thread);
  }

  /** The thread holds the GVL and is awake. */
  private begin(thread: ThreadId): void {
    const left = this.leftNs[thread]!;
    const doing = this.doing[thread]!;
    if (doing === Doing.Nothing || left === 0) this.owners[thread]!.executed(thread);
    else if (doing === Doing.Holding) this.startHold(thread);
    else if (this.collector === null) {
      this.pieceNs[thread] = left;
      this.cpu.workNs[thread] = left;
      this.cpu.start(thread);
    } else this.startPiece(thread, left, this.collector);
  }

  private startPiece(thread: ThreadId, left: Nanos, collector: Collector): void {
    const process = this.processOf[thread]!;
    const objects = left * this.objectsPerNs[thread]!;
    const fraction = collector.runnableFraction(process, left, objects, left * this.mallocBytesPerNs[thread]!);
    const piece = fraction < 1 ? Math.floor(left * fraction) : left;
    if (piece === 0) {
      this.collect(thread, collector);
      return;
    }
    const gcNs = collector.stepCostNs(process, piece * this.objectsPerNs[thread]!);
    this.pieceNs[thread] = piece;
    this.pieceGcNs[thread] = gcNs;
    this.cpu.workNs[thread] = piece + gcNs;
    this.cpu.start(thread);
  }

  /** Books a piece of which `workedNs` of Ruby code and `gcNs` of collector steps were done. */
  private pieceEnds(thread: ThreadId, workedNs: Nanos, gcNs: Nanos): void {
    this.leftNs[thread]! -= workedNs;
    if (!this.isBilled) return;
    this.threads.bill(thread, Part.GcOwn, gcNs);
    this.bill(thread, Part.Run, workedNs);
    if (this.collector === null) return;
    const objects = workedNs * this.objectsPerNs[thread]!;
    const bytes = workedNs * this.mallocBytesPerNs[thread]!;
    this.collector.allocated(this.processOf[thread]!, thread, workedNs, objects, bytes);
  }

  private stopPiece(thread: ThreadId): void {
    const piece = this.pieceNs[thread]!;
    const gcNs = this.pieceGcNs[thread]!;
    const doneNs = piece + gcNs - this.cpu.stop(thread);
    const workedNs = gcNs === 0 ? doneNs : Math.floor((doneNs * piece) / (piece + gcNs));
    this.pieceEnds(thread, workedNs, doneNs - workedNs);
  }

  private collect(thread: ThreadId, collector: Collector): void {
    const process = this.processOf[thread]!;
    const pauseNs = collector.collect(process);
    this.doing[thread] = Doing.Collecting;
    this.pieceNs[thread] = pauseNs;
    this.isCollecting[process] = 1;
    this.threads.enterAll(process, Part.GvlWait, Part.GcOther);
    this.cpu.workNs[thread] = pauseNs;
    this.cpu.start(thread);
  }

  private collectionEnds(thread: ThreadId): void {
    const process = this.processOf[thread]!;
    this.bill(thread, Part.GcOwn, this.pieceNs[thread]!);
    this.isCollecting[process] = 0;
    this.threads.enterAll(process, Part.GcOther, Part.GvlWait);
    this.doing[thread] = Doing.Ruby;
    this.checkPoint(thread);
  }

  /** Bills CPU time exactly; what else has passed since was spent waiting for a core. */
  private bill(thread: ThreadId, part: Part, ns: Nanos): void {
    this.threads.bill(thread, part, ns);
    this.threads.rename(thread, Part.CpuWait);
    this.threads.enter(thread, Part.Run);
  }

  private startHold(thread: ThreadId): void {
    this.holdStartNs[thread] = this.kernel.nowNs();
    this.kernel.arm(this.holdTimer[thread]!, this.kernel.nowNs() + this.leftNs[thread]!);
  }

  private stopHoldAtCheckPoint(thread: ThreadId): void {
    const startNs = this.holdStartNs[thread]!;
    const checkNs = startNs + Math.ceil((this.kernel.nowNs() - startNs) / HOLD_CHECK_NS) * HOLD_CHECK_NS;
    if (checkNs < startNs + this.leftNs[thread]!) this.kernel.arm(this.holdTimer[thread]!, checkNs);
  }

  private holdEnds(thread: ThreadId): void {
    this.leftNs[thread]! -= this.kernel.nowNs() - this.holdStartNs[thread]!;
    this.checkPoint(thread);
  }

  /** A check point in the middle of a piece. */
  private checkSlice(thread: ThreadId): void {
    if (!this.gvl.sliceIsOver(thread)) return;
    this.stopPiece(thread);
    this.giveWay(thread);
  }

  /** Where an interrupt that had to wait is noticed. */
  private checkPoint(thread: ThreadId): void {
    if (this.isFlagged[thread] === 1) {
      this.isFlagged[thread] = 0;
      if (this.gvl.sliceIsOver(thread)) {
        this.giveWay(thread);
        return;
      }
    }
    this.begin(thread);
  }

  /** The slice is over: lets a waiter run and queues again. */
  private giveWay(thread: ThreadId): void {
    this.threads.enter(thread, Part.GvlWait);
    this.drop(thread);
    this.gvl.yield(thread);
  }

  private drop(thread: ThreadId): void {
    this.isHolding[thread] = 0;
    this.heldNs += this.kernel.nowNs() - this.grantedNs[thread]!;
  }
}
