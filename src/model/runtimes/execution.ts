import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import type { Cpu, CpuListener } from '../cpu/cpu.js';
import type { ProcessId } from '../entities/ids.js';
import { Doing, type Thread, type Threads } from '../entities/thread.js';
import type { Collector } from '../gc/collector.js';
import type { NativeMallocs } from '../memory/malloc/native-mallocs.js';
import { Part } from '../observations.js';
import type { Gvl, GvlListener } from './gvl/gvl.js';
import { HoldingCalls } from './holding-calls.js';
import { NativeCode } from './native-code.js';
import { StoppedProcesses } from './stopped-processes.js';

// Local copies of what is imported: compiled in as constants (docs/decisions/0009).
const { Run, GvlWait, CpuWait, GcOwn } = Part;
const { Nothing, Ruby, Holding, Native, Collecting } = Doing;

/** Until `attach`. */
const UNWIRED = null as never;

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
  private gvls: readonly Gvl[];
  protected cpu: Cpu;
  private nativeCode: NativeCode;
  protected readonly holdingCalls: HoldingCalls;
  protected readonly stopped: StoppedProcesses;
  /** How long GVLs have been held in turns that have ended [ns]. */
  private heldNs: number;
  private isBilled: boolean;

  constructor(
    protected readonly kernel: Kernel,
    protected readonly threads: Threads,
    protected readonly collector: Collector | null,
  ) {
    this.gvls = [];
    this.cpu = UNWIRED;
    this.nativeCode = UNWIRED;
    this.stopped = new StoppedProcesses(threads);
    this.heldNs = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.heldNs = 0;
    this.isBilled = false;
    this.holdingCalls = new HoldingCalls(kernel, threads, (thread) => this.holdEnds(thread));
  }

  /**
   * Wires the locks, one a process, and the cores, which report to this object.
   *
   * @param mallocs where threads that run native code meet; null: nowhere
   */
  attach(gvls: readonly Gvl[], cpu: Cpu, mallocs: NativeMallocs | null = null): void {
    this.gvls = gvls;
    this.cpu = cpu;
    this.nativeCode = new NativeCode(cpu, mallocs);
    this.isBilled = cpu.isShared || this.collector !== null;
  }

  /** Ruby code for `workNs` of CPU time. */
  run(thread: Thread, workNs: Nanos): void {
    thread.doing = Ruby;
    thread.leftNs = workNs;
    if (thread.isHolding || this.acquires(thread)) this.beginRuby(thread);
  }

  /** What the thread's Ruby code allocates from now on, per ns of its running time. */
  allocates(thread: Thread, objectsPerNs: number, mallocBytesPerNs: number): void {
    thread.objectsPerNs = objectsPerNs;
    thread.mallocBytesPerNs = mallocBytesPerNs;
  }

  /** Short C calls, one after the other, that keep the GVL for `holdNs` in all without using a core. */
  shortHolds(thread: Thread, holdNs: Nanos): void {
    this.keep(thread, holdNs, false);
  }

  /** The same in one call: the interpreter cannot look at its time slice before the end of it. */
  hold(thread: Thread, holdNs: Nanos): void {
    this.keep(thread, holdNs, true);
  }

  private keep(thread: Thread, holdNs: Nanos, isOneCall: boolean): void {
    thread.doing = Holding;
    thread.isOneCall = isOneCall;
    thread.leftNs = holdNs;
    if (thread.isHolding || this.acquires(thread)) this.begin(thread);
  }

  /** Back from a blocking call: takes the GVL. */
  resume(thread: Thread): void {
    thread.doing = Nothing;
    if (thread.isHolding || this.acquires(thread)) thread.owner!.executed(thread);
  }

  /** Native code outside the GVL for `workNs` of CPU time, more if it waits for malloc; then takes the GVL. */
  native(thread: Thread, workNs: Nanos): void {
    this.block(thread, Run);
    thread.doing = Native;
    this.nativeCode.begin(thread, workNs);
  }

  /** Enters a blocking region: gives the GVL up, if the thread holds it, and spends the time from now on in `part`. */
  block(thread: Thread, part: Part): void {
    thread.enter(part);
    if (!thread.isHolding) return;
    this.drop(thread);
    thread.isFlagged = false;
    this.gvls[thread.process]!.release(thread);
  }

  /** A blocking call that returns at once: the GVL is given up and asked for again. */
  trip(thread: Thread): void {
    this.block(thread, GvlWait);
    this.resume(thread);
  }

  /**
   * The process is killed: its threads stop in the middle of whatever they do, and its lock is free. Not to be called
   * from inside `executed`; timers of what happens outside (I/O) are their owners' to stop.
   */
  kill(process: ProcessId): void {
    for (const thread of this.threads[process]!) this.stop(thread);
    this.stopped.reset(process);
    this.gvls[process]!.reset();
  }

  /** What the thread runs under the GVL ends here, and it gives the GVL up. Not to be called from inside `executed`. */
  abort(thread: Thread): void {
    this.stop(thread);
    thread.enter(Part.Queue);
    this.gvls[thread.process]!.release(thread);
  }

  /** Time-integral of the number of held GVLs since 0 [ns x locks]. */
  heldIntegral(nowNs: Nanos): number {
    let heldNs = this.heldNs;
    for (const threads of this.threads) {
      for (const thread of threads) if (thread.isHolding) heldNs += nowNs - thread.grantedNs;
    }
    return heldNs;
  }

  granted(thread: Thread): void {
    this.holds(thread);
    this.begin(thread);
  }

  interrupted(thread: Thread): void {
    if (thread.doing !== Ruby) {
      thread.isFlagged = true;
      if (thread.doing === Holding) this.holdingCalls.interrupt(thread);
      return;
    }
    if (this.cpu.isOnCore(thread)) this.checkSlice(thread);
    else thread.isFlagged = true;
  }

  /** The thread was interrupted while others had the cores; only now can it look at its time slice. */
  onCore(thread: Thread): void {
    thread.isFlagged = false;
    this.checkSlice(thread);
  }

  worked(thread: Thread): void {
    const doing = thread.doing;
    if (doing === Ruby) {
      this.pieceEnds(thread, thread.pieceNs, thread.pieceGcNs);
      if (thread.leftNs > 0) this.begin(thread);
      else thread.owner!.executed(thread);
    } else if (doing === Collecting) {
      this.collectionEnds(thread);
    } else {
      this.bill(thread, Run, thread.pieceNs);
      if (!this.nativeCode.goesOn(thread)) this.resume(thread);
    }
  }

  /** Takes the GVL if it is free; else the thread waits for it. */
  protected acquires(thread: Thread): boolean {
    if (this.gvls[thread.process]!.acquire(thread)) {
      this.holds(thread);
      return true;
    }
    thread.enter(this.stopped.waitingPart(thread.process));
    return false;
  }

  private holds(thread: Thread): void {
    thread.isHolding = true;
    thread.grantedNs = this.kernel.nowNs();
    thread.enter(Run);
  }

  /** The thread holds the GVL and is awake. */
  protected begin(thread: Thread): void {
    const doing = thread.doing;
    if (doing === Ruby) this.beginRuby(thread);
    else if (doing === Nothing || thread.leftNs === 0) thread.owner!.executed(thread);
    else this.holdingCalls.begin(thread, this.gvls[thread.process]!);
  }

  /** A method of its own, so that the compiler sees that who has Ruby code to run does run it. */
  protected beginRuby(thread: Thread): void {
    const left = thread.leftNs;
    if (left === 0) thread.owner!.executed(thread);
    else if (this.collector === null) {
      thread.pieceNs = left;
      thread.workNs = left;
      thread.burstEndNs = this.kernel.nowNs() + left;
      this.cpu.start(thread);
      this.gvls[thread.process]!.bursts(thread);
    } else this.startPiece(thread, left, this.collector);
  }

  protected startPiece(thread: Thread, left: Nanos, collector: Collector): void {
    const process = thread.process;
    const objects = left * thread.objectsPerNs;
    const fraction = collector.runnableFraction(process, left, objects, left * thread.mallocBytesPerNs);
    const piece = fraction < 1 ? Math.floor(left * fraction) : left;
    if (piece === 0) {
      this.collect(thread, collector);
      return;
    }
    const gcNs = collector.stepCostNs(process, piece * thread.objectsPerNs);
    thread.pieceNs = piece;
    thread.pieceGcNs = gcNs;
    thread.workNs = piece + gcNs;
    this.cpu.start(thread);
  }

  /** Books a piece of which `workedNs` of Ruby code and `gcNs` of collector steps were done. */
  protected pieceEnds(thread: Thread, workedNs: Nanos, gcNs: Nanos): void {
    thread.leftNs -= workedNs;
    if (!this.isBilled) return;
    thread.bill(GcOwn, gcNs);
    this.bill(thread, Run, workedNs);
    if (this.collector === null) return;
    const objects = workedNs * thread.objectsPerNs;
    const bytes = workedNs * thread.mallocBytesPerNs;
    this.collector.allocated(thread.process, thread.id, workedNs, objects, bytes);
  }

  protected stopPiece(thread: Thread): void {
    const piece = thread.pieceNs;
    const gcNs = thread.pieceGcNs;
    const doneNs = piece + gcNs - this.cpu.stop(thread);
    const workedNs = gcNs === 0 ? doneNs : Math.floor((doneNs * piece) / (piece + gcNs));
    this.pieceEnds(thread, workedNs, doneNs - workedNs);
  }

  /** A full collection that nothing asked for but the server, between two requests; then `executed`. The thread holds the GVL. */
  collectFully(thread: Thread, collector: Collector): void {
    thread.leftNs = 0;
    this.stopProcess(thread, collector.collectFully(thread.process));
  }

  protected collect(thread: Thread, collector: Collector): void {
    this.stopProcess(thread, collector.collect(thread.process));
  }

  protected stopProcess(thread: Thread, pauseNs: Nanos): void {
    const process = thread.process;
    thread.doing = Collecting;
    thread.pieceNs = pauseNs;
    this.stopped.set(process, true);
    thread.workNs = pauseNs;
    this.cpu.start(thread);
  }

  protected collectionEnds(thread: Thread): void {
    const process = thread.process;
    this.bill(thread, GcOwn, thread.pieceNs);
    this.stopped.set(process, false);
    thread.doing = Ruby;
    this.checkPoint(thread);
  }

  /** Bills CPU time exactly; what else has passed since was spent waiting for a core. */
  private bill(thread: Thread, part: Part, ns: Nanos): void {
    thread.bill(part, ns);
    thread.part = CpuWait;
    thread.enter(Run);
  }

  private holdEnds(thread: Thread): void {
    this.gvls[thread.process]!.holderWakes?.();
    thread.enter(Run); // charges the call before a piece on a shared core is billed
    this.checkPoint(thread);
  }

  /** A check point in the middle of a piece. */
  private checkSlice(thread: Thread): void {
    if (!this.gvls[thread.process]!.sliceIsOver(thread)) return;
    this.stopPiece(thread);
    this.giveWay(thread);
  }

  /** Where an interrupt that had to wait is noticed. */
  protected checkPoint(thread: Thread): void {
    if (thread.isFlagged) {
      thread.isFlagged = false;
      if (this.gvls[thread.process]!.sliceIsOver(thread)) {
        this.giveWay(thread);
        return;
      }
    }
    this.begin(thread);
  }

  /** The slice is over: lets a waiter run and queues again. */
  private giveWay(thread: Thread): void {
    thread.enter(GvlWait);
    this.drop(thread);
    this.gvls[thread.process]!.yield(thread);
  }

  private drop(thread: Thread): void {
    thread.isHolding = false;
    this.heldNs += this.kernel.nowNs() - thread.grantedNs;
  }

  /** Stops the thread for good and books what it has done. */
  private stop(thread: Thread): void {
    if (thread.doing === Native) {
      this.bill(thread, Run, this.nativeCode.stop(thread));
    } else if (thread.isHolding) {
      if (thread.doing === Ruby) this.stopPiece(thread);
      else if (thread.doing === Collecting) {
        this.bill(thread, GcOwn, thread.pieceNs - this.cpu.stop(thread));
      } else this.holdingCalls.stop(thread);
      this.drop(thread);
    }
    thread.doing = Nothing;
    thread.isFlagged = false;
  }
}
