import type { Kernel, TimerId } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { NOBODY, type ThreadId } from '../entities/ids.js';
import { Level } from '../entities/level.js';
import type { Cpu, CpuListener } from './cpu.js';

/**
 * Runnable threads take turns on the cores, each for one time slice, first come first served; a thread runs on while
 * nobody waits. One run queue for all cores, as if the load balancer of the kernel were perfect.
 *
 * Equal weights, and a thread that wakes up waits for the end of a slice (as EEVDF runs to parity; CFS would often let
 * it pre-empt at once). Switching costs are below the resolution of the model (1 to 3 us).
 * @see Linux kernel/sched/fair.c: base_slice_ns 0.7 to 2.8 ms by number of CPUs, enforced at the scheduler tick
 */
export class TimeSlices implements Cpu {
  readonly isShared = true;
  private readonly leftNs: Float64Array;
  /** When a running thread was last put on a core; its work counts from there. */
  private readonly sinceNs: Float64Array;
  private readonly coreOf: Int32Array;
  private readonly running: Int32Array;
  private readonly queue: ThreadId[];
  private readonly timers: TimerId[];
  private readonly sliceEndsNs: Float64Array;
  private readonly busy: Level;

  constructor(
    private readonly kernel: Kernel,
    threads: number,
    private readonly cores: number,
    private readonly sliceNs: Nanos,
    private readonly listener: CpuListener,
  ) {
    this.leftNs = new Float64Array(threads);
    this.sinceNs = new Float64Array(threads);
    this.coreOf = new Int32Array(threads).fill(NOBODY);
    this.running = new Int32Array(cores).fill(NOBODY);
    this.queue = [];
    this.busy = new Level();
    this.sliceEndsNs = new Float64Array(cores);
    const TURN = kernel.define('cpu.turn', Rank.Release, (core, now) => this.turnEnds(core, now));
    this.timers = Array.from({ length: cores }, (_, core) => kernel.timer(TURN, core));
  }

  start(thread: ThreadId, workNs: Nanos, nowNs: Nanos): void {
    this.leftNs[thread] = workNs;
    const core = this.running.indexOf(NOBODY);
    if (core !== NOBODY) {
      this.run(core, thread, nowNs);
      return;
    }
    this.queue.push(thread);
    if (this.queue.length === 1) this.limitTurns(nowNs);
  }

  stop(thread: ThreadId, nowNs: Nanos): Nanos {
    const core = this.coreOf[thread]!;
    if (core === NOBODY) {
      this.queue.splice(this.queue.indexOf(thread), 1);
      if (this.queue.length === 0) for (let c = 0; c < this.cores; c++) this.unlimit(c);
      return this.leftNs[thread]!;
    }
    this.book(thread, nowNs);
    this.vacate(core, nowNs);
    return this.leftNs[thread]!;
  }

  busyIntegral(nowNs: Nanos): number {
    return this.busy.integral(nowNs);
  }

  private run(core: number, thread: ThreadId, nowNs: Nanos): void {
    this.running[core] = thread;
    this.coreOf[thread] = core;
    this.sinceNs[thread] = nowNs;
    this.sliceEndsNs[core] = nowNs + this.sliceNs;
    this.busy.add(1, nowNs);
    this.schedule(core, nowNs);
  }

  /** The turn ends when the work is done or, if others wait, with the slice. */
  private schedule(core: number, nowNs: Nanos): void {
    const thread = this.running[core]!;
    const doneNs = this.sinceNs[thread]! + this.leftNs[thread]!;
    const endNs = this.queue.length > 0 ? this.sliceEnd(core, nowNs) : doneNs;
    this.kernel.arm(this.timers[core]!, Math.min(doneNs, endNs));
  }

  /** Slices follow one another while nobody waits; a newcomer waits for the end of the current one. */
  private sliceEnd(core: number, nowNs: Nanos): Nanos {
    const overdueNs = nowNs - this.sliceEndsNs[core]!;
    if (overdueNs > 0) this.sliceEndsNs[core]! += Math.ceil(overdueNs / this.sliceNs) * this.sliceNs;
    return this.sliceEndsNs[core]!;
  }

  private limitTurns(nowNs: Nanos): void {
    for (let core = 0; core < this.cores; core++) this.schedule(core, nowNs);
  }

  private unlimit(core: number): void {
    const thread = this.running[core]!;
    if (thread !== NOBODY) this.kernel.arm(this.timers[core]!, this.sinceNs[thread]! + this.leftNs[thread]!);
  }

  private turnEnds(core: number, nowNs: Nanos): void {
    const thread = this.running[core]!;
    this.book(thread, nowNs);
    if (this.leftNs[thread] === 0) {
      this.vacate(core, nowNs);
      this.listener.worked(thread, nowNs);
    } else {
      this.queue.push(thread);
      this.vacate(core, nowNs);
    }
  }

  private book(thread: ThreadId, nowNs: Nanos): void {
    this.leftNs[thread]! -= nowNs - this.sinceNs[thread]!;
    this.sinceNs[thread] = nowNs;
  }

  /** The thread leaves its core; the next in the queue gets it. */
  private vacate(core: number, nowNs: Nanos): void {
    this.coreOf[this.running[core]!] = NOBODY;
    this.running[core] = NOBODY;
    this.busy.add(-1, nowNs);
    this.kernel.disarm(this.timers[core]!);
    const next = this.queue.shift();
    if (next === undefined) return;
    this.run(core, next, nowNs);
    if (this.queue.length === 0) for (let c = 0; c < this.cores; c++) this.unlimit(c);
  }
}
