import type { Kernel, TimerId } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { ThreadId } from '../entities/ids.js';
import { Level } from '../entities/level.js';
import type { Cpu, CpuListener } from './cpu.js';

/** There are at least as many cores as threads that can run at once: each has one to itself. */
export class DedicatedCores implements Cpu {
  readonly isShared = false;
  private readonly endsNs: Float64Array;
  private readonly timers: TimerId[];
  private readonly busy: Level;

  constructor(
    private readonly kernel: Kernel,
    threads: number,
    private readonly listener: CpuListener,
  ) {
    this.endsNs = new Float64Array(threads);
    this.busy = new Level(kernel);
    const WORKED = kernel.define('cpu.worked', Rank.Release, (thread) => this.finish(thread));
    this.timers = Array.from({ length: threads }, (_, thread) => kernel.timer(WORKED, thread));
  }

  start(thread: ThreadId, workNs: Nanos): void {
    this.busy.add(1);
    this.endsNs[thread] = this.kernel.nowNs() + workNs;
    this.kernel.arm(this.timers[thread]!, this.kernel.nowNs() + workNs);
  }

  isOnCore(): boolean {
    return true;
  }

  stop(thread: ThreadId): Nanos {
    this.busy.add(-1);
    this.kernel.disarm(this.timers[thread]!);
    return this.endsNs[thread]! - this.kernel.nowNs();
  }

  busyIntegral(nowNs: Nanos): number {
    return this.busy.integral(nowNs);
  }

  private finish(thread: ThreadId): void {
    this.busy.add(-1);
    this.listener.worked(thread);
  }
}
