import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { NOBODY } from '../entities/ids.js';
import { Level } from '../entities/level.js';
import type { Thread } from '../entities/thread.js';
import type { Cpu, CpuListener } from './cpu.js';

/**
 * Runnable threads take turns on the cores, each for one time slice, first come first served; a thread runs on while
 * nobody waits. One run queue for all cores, as if the load balancer of the kernel were perfect.
 *
 * Equal weights, and a thread that wakes up waits for the end of a slice (as EEVDF runs to parity; CFS would often let
 * it pre-empt at once). Switching costs are below the resolution of the model (1 to 3 us).
 * ```
 * wakes up -- a core is idle --> runs -- blocks, or has done --> the first who waits runs
 *   |                           ^  |
 *   +-- none: waits, at the end +  +-- its slice is over, somebody waits --> waits, at the end
 * ```
 * @see Linux kernel/sched/fair.c: base_slice_ns 0.7 to 2.8 ms by number of CPUs, enforced at the scheduler tick
 */
export class TimeSlices implements Cpu {
  readonly isShared = true;
  /** Who runs on each core. The work of a running thread counts from its `startedNs`. */
  private readonly running: (Thread | null)[];
  private readonly queue: Thread[];
  private readonly timers: Timer[];
  private readonly sliceEndsNs: Float64Array;
  /** Threads in the queue whose owner wants to know when they run. */
  private readonly awaited: Set<Thread>;
  /** The thread that has just done its work, while its owner says what comes next; and whether that is more work. */
  private finishing: Thread | null;
  private isContinued: boolean;
  private readonly busy: Level;

  constructor(
    private readonly kernel: Kernel,
    private readonly cores: number,
    private readonly sliceNs: Nanos,
    private readonly listener: CpuListener,
  ) {
    this.running = Array.from({ length: cores }, () => null);
    this.queue = [];
    this.awaited = new Set();
    this.finishing = null;
    this.isContinued = false;
    this.busy = new Level(kernel);
    this.sliceEndsNs = new Float64Array(cores);
    const TURN = kernel.define('cpu.turn', Rank.Release, (core: number) => this.turnEnds(core));
    this.timers = Array.from({ length: cores }, (_, core) => kernel.timer(TURN, core));
  }

  start(thread: Thread): void {
    if (thread === this.finishing) {
      this.isContinued = true;
      return;
    }
    const core = this.running.indexOf(null);
    if (core !== NOBODY) {
      this.run(core, thread);
      return;
    }
    this.queue.push(thread);
    if (this.queue.length === 1) this.limitTurns();
  }

  isOnCore(thread: Thread): boolean {
    if (thread.core !== NOBODY) return true;
    this.awaited.add(thread);
    return false;
  }

  stop(thread: Thread): Nanos {
    this.awaited.delete(thread);
    const { core } = thread;
    if (core === NOBODY) {
      this.queue.splice(this.queue.indexOf(thread), 1);
      if (this.queue.length === 0) for (let c = 0; c < this.cores; c++) this.unlimit(c);
      return thread.workNs;
    }
    this.book(thread);
    this.vacate(core);
    return thread.workNs;
  }

  leftNs(thread: Thread): Nanos {
    if (thread.core !== NOBODY) this.book(thread);
    return thread.workNs;
  }

  shorten(thread: Thread, workNs: Nanos): void {
    if (thread.core !== NOBODY) this.book(thread);
    thread.workNs = workNs;
    if (thread.core !== NOBODY) this.schedule(thread.core);
  }

  busyIntegral(nowNs: Nanos): number {
    return this.busy.integral(nowNs);
  }

  private run(core: number, thread: Thread): void {
    this.running[core] = thread;
    thread.core = core;
    thread.startedNs = this.kernel.nowNs();
    this.sliceEndsNs[core] = this.kernel.nowNs() + this.sliceNs;
    this.busy.add(1);
    this.schedule(core);
  }

  /** The turn ends when the work is done or, if others wait, with the slice. */
  private schedule(core: number): void {
    const thread = this.running[core]!;
    if (this.awaited.has(thread)) {
      this.kernel.arm(this.timers[core]!, this.kernel.nowNs());
      return;
    }
    const doneNs = thread.startedNs + thread.workNs;
    const endNs = this.queue.length > 0 ? this.sliceEnd(core) : doneNs;
    this.kernel.arm(this.timers[core]!, Math.min(doneNs, endNs));
  }

  /** Slices follow one another while nobody waits; a newcomer waits for the end of the current one. */
  private sliceEnd(core: number): Nanos {
    const overdueNs = this.kernel.nowNs() - this.sliceEndsNs[core]!;
    if (overdueNs > 0) this.sliceEndsNs[core]! += Math.ceil(overdueNs / this.sliceNs) * this.sliceNs;
    return this.sliceEndsNs[core]!;
  }

  private limitTurns(): void {
    for (let core = 0; core < this.cores; core++) this.schedule(core);
  }

  private unlimit(core: number): void {
    if (this.running[core] !== null) this.schedule(core);
  }

  private turnEnds(core: number): void {
    const thread = this.running[core]!;
    if (this.awaited.delete(thread)) {
      this.schedule(core);
      this.listener.onCore(thread);
      return;
    }
    this.book(thread);
    if (thread.workNs === 0) {
      this.finish(core, thread);
    } else {
      this.queue.push(thread);
      this.vacate(core);
    }
  }

  /** A thread that goes on working keeps its core and its slice. */
  private finish(core: number, thread: Thread): void {
    this.finishing = thread;
    this.isContinued = false;
    this.listener.worked(thread);
    this.finishing = null;
    if (this.isContinued) this.schedule(core);
    else this.vacate(core);
  }

  private book(thread: Thread): void {
    thread.workNs -= this.kernel.nowNs() - thread.startedNs;
    thread.startedNs = this.kernel.nowNs();
  }

  /** The thread leaves its core; the next in the queue gets it. */
  private vacate(core: number): void {
    this.running[core]!.core = NOBODY;
    this.running[core] = null;
    this.busy.add(-1);
    this.kernel.disarm(this.timers[core]!);
    const next = this.queue.shift();
    if (next === undefined) return;
    this.run(core, next);
    if (this.queue.length === 0) for (let c = 0; c < this.cores; c++) this.unlimit(c);
  }
}
