import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { Level } from '../entities/level.js';
import type { Thread } from '../entities/thread.js';
import type { Cpu, CpuListener } from './cpu.js';

/** What rounding can leave of work that is done [ns]: sums of a few thousand shares of work below 10^11 ns. */
const ROUNDING_NS = 2 ** -10;

/**
 * Runnable threads share the cores equally and continuously: the limit of ever shorter time slices without switching
 * costs. With n of them on c cores each advances at the rate min(1, c / n).
 *
 * Work left is kept in `thread.workNs`, as a fraction of a nanosecond; a thread is done at the first whole nanosecond that sees none left.
 *
 * ```
 * off -- start --> runnable, at the rate min(1, c / n) -- no work left --> done -- its turn --> off: the owner is told
 *                    `-- stop --> off                                        `-- stop --> off
 * ```
 */
export class ProcessorSharing implements Cpu {
  readonly isShared = true;
  /** Runnable threads, in the order in which they started. */
  private readonly runnable: Thread[];
  /** Threads that have done their work in this instant, and whose owner is still to be told. */
  private done: Thread[];
  private readonly busy: Level;
  private readonly timer: Timer;
  private sinceNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    private readonly cores: number,
    private readonly listener: CpuListener,
  ) {
    this.runnable = [];
    this.done = [];
    this.busy = new Level(kernel);
    this.sinceNs = 0;
    this.timer = kernel.timer(
      kernel.define('cpu.worked', Rank.Release, () => this.finish()),
      0,
    );
  }

  start(thread: Thread): void {
    this.advance();
    this.runnable.push(thread);
    this.next();
  }

  isOnCore(): boolean {
    return true;
  }

  stop(thread: Thread): Nanos {
    const leftNs = this.leftNs(thread);
    this.remove(thread);
    this.next();
    return leftNs;
  }

  leftNs(thread: Thread): Nanos {
    this.advance();
    return Math.max(0, Math.ceil(thread.workNs - ROUNDING_NS));
  }

  shorten(thread: Thread, workNs: Nanos): void {
    this.advance();
    thread.workNs = workNs;
    this.next();
  }

  busyIntegral(nowNs: Nanos): number {
    return this.busy.integral(nowNs);
  }

  private rate(): number {
    return Math.min(1, this.cores / this.runnable.length);
  }

  private advance(): void {
    const worked = (this.kernel.nowNs() - this.sinceNs) * this.rate();
    if (worked > 0) for (const thread of this.runnable) thread.workNs -= worked;
    this.sinceNs = this.kernel.nowNs();
  }

  private next(): void {
    this.busy.add(Math.min(this.cores, this.runnable.length) - this.busy.value);
    if (this.runnable.length === 0) {
      this.kernel.disarm(this.timer);
      return;
    }
    let least = Number.POSITIVE_INFINITY;
    for (const thread of this.runnable) least = Math.min(least, thread.workNs);
    this.kernel.arm(this.timer, this.kernel.nowNs() + Math.max(0, Math.ceil((least - ROUNDING_NS) / this.rate())));
  }

  private finish(): void {
    this.advance();
    this.done = this.runnable.filter((thread) => thread.workNs <= ROUNDING_NS);
    for (const thread of this.done) this.remove(thread);
    this.next();
    for (let thread = this.done.shift(); thread !== undefined; thread = this.done.shift()) this.listener.worked(thread);
  }

  /** Takes the thread out of those that run, or out of those that are done and whose owner has not been told. */
  private remove(thread: Thread): void {
    const at = this.runnable.indexOf(thread);
    if (at >= 0) this.runnable.splice(at, 1);
    else this.done.splice(this.done.indexOf(thread), 1);
  }
}
