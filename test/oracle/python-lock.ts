import type { Stream } from '../../src/random/streams.js';
import type { Clock, Process } from './processes.js';
import type { Lock, LockTimes, OracleThread } from './threads.js';

/** python/cpython v3.12 Python/ceval_gil.c: take_gil, drop_gil. Which waiter a release wakes is drawn from `luck`. */
export class PythonLock implements Lock {
  private holder: OracleThread | null = null;
  private lastHolder: OracleThread | null = null;
  private switchNumber = 0;
  /** Inside take_gil, in order of arrival. */
  private waiters: OracleThread[] = [];
  private dropper: OracleThread | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly times: LockTimes,
    private readonly luck: Stream,
  ) {}

  *acquire(thread: OracleThread): Process {
    if (this.holder !== null) {
      this.waiters.push(thread);
      while (this.holder !== null) {
        const savedNumber = this.switchNumber;
        const untilNs = this.clock.nowNs + this.times.quantumNs + this.times.overshootNs;
        const isTimedOut = !(yield* thread.condition.wait(untilNs));
        const holder = this.holder as OracleThread | null;
        if (isTimedOut && this.switchNumber === savedNumber) holder?.interrupt();
      }
      this.waiters = this.waiters.filter((other) => other !== thread);
    }
    this.holder = thread;
    if (this.lastHolder !== thread) {
      this.lastHolder = thread;
      this.switchNumber++;
    }
    this.dropper?.switched.signal();
  }

  release(): void {
    this.holder = null;
    if (this.waiters.length === 0) return;
    this.waiters[Math.floor(this.luck.uniform() * this.waiters.length)]!.condition.signal();
  }

  isSliceOver(): boolean {
    return this.waiters.length > 0;
  }

  *yield(thread: OracleThread): Process {
    this.release();
    this.dropper = thread;
    yield* thread.switched.wait();
    if (this.dropper === thread) this.dropper = null;
    yield* this.acquire(thread);
  }
}
