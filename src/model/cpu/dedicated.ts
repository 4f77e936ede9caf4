import type { Kernel, TimerId } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { ThreadId } from '../entities/ids.js';
import type { Cpu, CpuListener } from './cpu.js';

/** There are at least as many cores as threads that can run at once: each has one to itself. */
export class DedicatedCores implements Cpu {
  readonly isShared = false;
  readonly workNs: Float64Array;
  private readonly startedNs: Float64Array;
  private readonly timers: TimerId[];
  /** Work of all turns that have ended [ns]. */
  private doneNs: number;

  constructor(
    private readonly kernel: Kernel,
    threads: number,
    private readonly listener: CpuListener,
  ) {
    this.workNs = new Float64Array(threads);
    this.startedNs = new Float64Array(threads);
    this.doneNs = 0;
    const WORKED = kernel.define('cpu.worked', Rank.Release, (thread) => this.finish(thread));
    this.timers = Array.from({ length: threads }, (_, thread) => kernel.timer(WORKED, thread));
  }

  start(thread: ThreadId): void {
    const nowNs = this.kernel.nowNs();
    this.startedNs[thread] = nowNs;
    this.kernel.arm(this.timers[thread]!, nowNs + this.workNs[thread]!);
  }

  isOnCore(): boolean {
    return true;
  }

  stop(thread: ThreadId): Nanos {
    this.kernel.disarm(this.timers[thread]!);
    const workedNs = this.kernel.nowNs() - this.startedNs[thread]!;
    this.doneNs += workedNs;
    return this.workNs[thread]! - workedNs;
  }

  busyIntegral(nowNs: Nanos): number {
    let sum = this.doneNs;
    this.timers.forEach((timer, thread) => {
      if (this.kernel.isArmed(timer)) sum += nowNs - this.startedNs[thread]!;
    });
    return sum;
  }

  private finish(thread: ThreadId): void {
    this.doneNs += this.workNs[thread]!;
    this.listener.worked(thread);
  }
}
