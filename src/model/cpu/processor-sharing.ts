import type { Kernel, TimerId } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { ThreadId } from '../entities/ids.js';
import { Level } from '../entities/level.js';
import type { Cpu, CpuListener } from './cpu.js';

/**
 * Runnable threads share the cores equally and continuously: the limit of ever shorter time slices without switching
 * costs. With n of them on c cores each advances at the rate min(1, c / n).
 *
 * Work left is kept as a fraction; a thread is done when less than half a nanosecond is left.
 */
export class ProcessorSharing implements Cpu {
  readonly isShared = true;
  private readonly leftNs: Float64Array;
  /** Runnable threads, in the order in which they started. */
  private readonly runnable: ThreadId[];
  private readonly busy: Level;
  private readonly timer: TimerId;
  private sinceNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    threads: number,
    private readonly cores: number,
    private readonly listener: CpuListener,
  ) {
    this.leftNs = new Float64Array(threads);
    this.runnable = [];
    this.busy = new Level();
    this.sinceNs = 0;
    this.timer = kernel.timer(
      kernel.define('cpu.worked', Rank.Release, (_, now) => this.finish(now)),
      0,
    );
  }

  start(thread: ThreadId, workNs: Nanos, nowNs: Nanos): void {
    this.advance(nowNs);
    this.leftNs[thread] = workNs;
    this.runnable.push(thread);
    this.next(nowNs);
  }

  stop(thread: ThreadId, nowNs: Nanos): Nanos {
    this.advance(nowNs);
    this.remove(thread);
    this.next(nowNs);
    return Math.max(0, Math.round(this.leftNs[thread]!));
  }

  busyIntegral(nowNs: Nanos): number {
    return this.busy.integral(nowNs);
  }

  private rate(): number {
    return Math.min(1, this.cores / this.runnable.length);
  }

  private advance(nowNs: Nanos): void {
    const worked = (nowNs - this.sinceNs) * this.rate();
    if (worked > 0) for (const thread of this.runnable) this.leftNs[thread]! -= worked;
    this.sinceNs = nowNs;
  }

  private next(nowNs: Nanos): void {
    this.busy.add(Math.min(this.cores, this.runnable.length) - this.busy.value, nowNs);
    if (this.runnable.length === 0) {
      this.kernel.disarm(this.timer);
      return;
    }
    let least = Number.POSITIVE_INFINITY;
    for (const thread of this.runnable) least = Math.min(least, this.leftNs[thread]!);
    this.kernel.arm(this.timer, nowNs + Math.max(0, Math.ceil((least - 0.5) / this.rate())));
  }

  private finish(nowNs: Nanos): void {
    this.advance(nowNs);
    const done = this.runnable.filter((thread) => this.leftNs[thread]! <= 0.5);
    for (const thread of done) this.remove(thread);
    this.next(nowNs);
    for (const thread of done) this.listener.worked(thread, nowNs);
  }

  private remove(thread: ThreadId): void {
    this.runnable.splice(this.runnable.indexOf(thread), 1);
  }
}
