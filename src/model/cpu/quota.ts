import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { Level } from '../entities/level.js';
import type { Thread } from '../entities/thread.js';
import type { Gauge } from '../observations.js';
import type { Cpu, CpuListener } from './cpu.js';

export interface QuotaParams {
  /** CPU time that all threads together may use in a period [ns]. */
  readonly quotaNs: Nanos;
  readonly periodNs: Nanos;
  /** Where in a period the simulation begins [ns]. */
  readonly phaseNs: Nanos;
}

/**
 * The CPU limit of a container (cgroup `cpu.max`): the cores are those of the host, but when the container has used its
 * quota of a period, everything in it stands still until the next period begins. What is not used is lost.
 *
 * ```
 * running -- quota of this period used up --> throttled -- next period --> running
 * ```
 * A thread that stands still keeps the GVL, and is charged for waiting for a core. The kernel hands the quota out to the
 * CPUs in slices of 5 ms, so a real container may be throttled on one CPU a little earlier than on another; here it is
 * all at once. Ticks of the Ruby runtime go on meanwhile, which counts against a time slice that is standing still.
 * @see Linux Documentation/scheduler/sched-bwc.rst
 */
export class Quota implements Cpu, CpuListener {
  readonly isShared = true;
  readonly gauges: readonly Gauge[];
  private inner!: Cpu;
  /** Threads that have started: on the cores of the host, or in its run queue. */
  private readonly active: Thread[];
  /** Threads that stand still, in the order in which they will go on. */
  private held: Thread[];
  private readonly awaited: Set<Thread>;
  private readonly throttled: Level;
  /** Number of the present period, and the CPU time used before it. */
  private period: number;
  private usedBeforeNs: number;
  private readonly timer: Timer;

  constructor(
    private readonly kernel: Kernel,
    private readonly cores: number,
    private readonly params: QuotaParams,
    private readonly listener: CpuListener,
  ) {
    this.active = [];
    this.held = [];
    this.awaited = new Set();
    this.throttled = new Level(kernel);
    this.gauges = [
      { name: 'throttled_ratio', kind: 'integral', capacity: 1, read: (nowNs) => this.throttled.integral(nowNs) },
    ];
    this.period = 0;
    this.usedBeforeNs = 0;
    this.timer = kernel.timer(
      kernel.define('cpu.quota', Rank.Release, () => this.look()),
      0,
    );
  }

  /** @param inner the cores of the host, which report to this object */
  attach(inner: Cpu): void {
    this.inner = inner;
  }

  start(thread: Thread): void {
    if (this.throttled.value === 1) {
      this.held.push(thread);
      return;
    }
    this.active.push(thread);
    this.inner.start(thread);
    this.plan();
  }

  isOnCore(thread: Thread): boolean {
    const isOnCore = !this.held.includes(thread) && this.inner.isOnCore(thread);
    if (!isOnCore) this.awaited.add(thread);
    return isOnCore;
  }

  stop(thread: Thread): Nanos {
    this.awaited.delete(thread);
    const at = this.held.indexOf(thread);
    if (at !== -1) {
      this.held.splice(at, 1);
      return thread.workNs;
    }
    this.leaves(thread);
    const leftNs = this.inner.stop(thread);
    this.plan();
    return leftNs;
  }

  leftNs(thread: Thread): Nanos {
    return this.held.includes(thread) ? thread.workNs : this.inner.leftNs(thread);
  }

  shorten(thread: Thread, workNs: Nanos): void {
    if (this.held.includes(thread)) thread.workNs = workNs;
    else this.inner.shorten(thread, workNs);
  }

  busyIntegral(nowNs: Nanos): number {
    return this.inner.busyIntegral(nowNs);
  }

  worked(thread: Thread): void {
    this.leaves(thread);
    this.listener.worked(thread);
    if (this.throttled.value === 0) this.plan();
  }

  onCore(thread: Thread): void {
    this.awaited.delete(thread);
    this.listener.onCore(thread);
  }

  /** The next time at which the quota can be used up at the present rate, or a new one is given. */
  private plan(): void {
    if (this.active.length === 0) {
      this.kernel.disarm(this.timer);
      return;
    }
    const nowNs = this.kernel.nowNs();
    const endNs = this.enterPeriod(nowNs);
    const rate = Math.min(this.cores, this.active.length);
    const leftNs = this.params.quotaNs - (this.inner.busyIntegral(nowNs) - this.usedBeforeNs);
    this.kernel.arm(this.timer, Math.min(endNs, nowNs + Math.max(0, Math.ceil(leftNs / rate))));
  }

  /** Notices that a period has begun since; returns when it ends. */
  private enterPeriod(nowNs: Nanos): Nanos {
    const { periodNs, phaseNs } = this.params;
    const period = Math.floor((nowNs + phaseNs) / periodNs);
    if (period !== this.period) {
      this.period = period;
      this.usedBeforeNs = this.inner.busyIntegral(nowNs);
    }
    return (period + 1) * periodNs - phaseNs;
  }

  private look(): void {
    const nowNs = this.kernel.nowNs();
    if (this.throttled.value === 1) {
      this.release();
      return;
    }
    const endNs = this.enterPeriod(nowNs);
    if (this.inner.busyIntegral(nowNs) - this.usedBeforeNs < this.params.quotaNs) this.plan();
    else this.throttle(endNs);
  }

  private throttle(endNs: Nanos): void {
    this.throttled.add(1);
    for (const thread of this.active) thread.workNs = this.inner.stop(thread);
    this.held = this.active.splice(0);
    this.kernel.arm(this.timer, endNs);
  }

  private release(): void {
    this.throttled.add(-1);
    const threads = this.held;
    this.held = [];
    this.enterPeriod(this.kernel.nowNs());
    for (const thread of threads) this.start(thread);
    for (const thread of threads) {
      if (this.awaited.has(thread) && this.inner.isOnCore(thread)) this.onCore(thread);
    }
  }

  private leaves(thread: Thread): void {
    this.active.splice(this.active.indexOf(thread), 1);
  }
}
