import type { Kernel } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { Thread, Threads } from '../entities/thread.js';
import type { Cpu, CpuListener } from './cpu.js';

/**
 * There are at least as many cores as threads that can run at once: each has one to itself.
 *
 * ```
 * off -- start --> on its core -- work done --> off: the owner is told
 *                    `-- stop --> off
 * ```
 */
export class DedicatedCores implements Cpu {
  readonly isShared = false;
  private readonly threads: readonly Thread[];
  /** Work of all turns that have ended [ns]. */
  private doneNs: number;

  constructor(
    private readonly kernel: Kernel,
    threads: Threads,
    private readonly listener: CpuListener,
  ) {
    this.threads = threads.flat();
    this.doneNs = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.doneNs = 0;
    const WORKED = kernel.define('cpu.worked', Rank.Release, (thread: Thread) => this.finish(thread));
    for (const thread of this.threads) thread.cpuTimer = kernel.timer(WORKED, thread);
  }

  start(thread: Thread): void {
    const nowNs = this.kernel.nowNs();
    thread.startedNs = nowNs;
    this.kernel.arm(thread.cpuTimer, nowNs + thread.workNs);
  }

  isOnCore(): boolean {
    return true;
  }

  stop(thread: Thread): Nanos {
    this.kernel.disarm(thread.cpuTimer);
    const workedNs = this.kernel.nowNs() - thread.startedNs;
    this.doneNs += workedNs;
    return thread.workNs - workedNs;
  }

  leftNs(thread: Thread): Nanos {
    return thread.workNs - (this.kernel.nowNs() - thread.startedNs);
  }

  shorten(thread: Thread, workNs: Nanos): void {
    thread.workNs = this.kernel.nowNs() - thread.startedNs + workNs;
    this.kernel.arm(thread.cpuTimer, thread.startedNs + thread.workNs);
  }

  busyIntegral(nowNs: Nanos): number {
    const running = this.threads.filter((thread) => this.kernel.isArmed(thread.cpuTimer));
    return running.reduce((sum, thread) => sum + nowNs - thread.startedNs, this.doneNs);
  }

  private finish(thread: Thread): void {
    this.doneNs += thread.workNs;
    this.listener.worked(thread);
  }
}
