import type { Kernel, Timer } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Execution } from '../execution.js';
import type { Mutex } from './mutex.js';

/**
 * A thread's way to a mutex: two queues in a row, that of the mutex and that of the GVL.
 *
 * ```
 * lock -> locked by another: sleeps -> woken -> waits for the GVL -> locks it, or sleeps again in front of the others
 * ```
 */
export class LockClient implements ThreadOwner {
  timer!: Timer;
  private owner: ThreadOwner | null;
  private mutex: Mutex | null;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly thread: Thread,
    private readonly wakeLatencyNs: Nanos,
  ) {
    this.owner = null;
    this.mutex = null;
  }

  lock(mutex: Mutex): void {
    const { thread } = this;
    if (mutex.lock(thread, false)) {
      thread.owner!.executed(thread);
      return;
    }
    this.mutex = mutex;
    this.owner = thread.owner;
    thread.owner = this;
    this.execution.block(thread, Part.PoolWait);
  }

  wake(): void {
    this.kernel.arm(this.timer, this.kernel.nowNs() + this.wakeLatencyNs);
  }

  woken(): void {
    this.execution.resume(this.thread);
  }

  executed(thread: Thread): void {
    if (!this.mutex!.lock(thread, true)) {
      this.execution.block(thread, Part.PoolWait);
      return;
    }
    this.leave();
    thread.owner!.executed(thread);
  }

  abandon(): void {
    this.kernel.disarm(this.timer);
    if (this.owner !== null) this.leave();
  }

  private leave(): void {
    this.thread.owner = this.owner;
    this.owner = null;
    this.mutex = null;
  }
}
