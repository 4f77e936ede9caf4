import type { Nanos } from '../../src/kernel/time.js';
import type { Clock, Process } from './processes.js';
import type { Lock, LockTimes, OracleThread } from './threads.js';

/** ruby/ruby v3_1_2 thread_pthread.c, line by line: gvl_acquire_common, do_gvl_timer, gvl_release_common, gvl_yield. */
export class DeadlineLock implements Lock {
  private owner: OracleThread | null = null;
  private waitq: OracleThread[] = [];
  private timer: OracleThread | null = null;
  private timedOut = true;
  private absNs: Nanos = 0;
  private needYield = false;
  private waitYield: OracleThread | null = null;
  private switchWaiters: OracleThread[] = [];
  private lastRunner: OracleThread | null = null;
  private runningNs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly times: LockTimes,
  ) {}

  *acquire(thread: OracleThread): Process {
    if (this.owner !== null) {
      this.waitq.push(thread);
      do {
        if (this.timer === null) yield* this.doTimer(thread);
        else yield* thread.condition.wait();
      } while (this.owner !== null);
      this.waitq = this.waitq.filter((other) => other !== thread);
      if (this.needYield) {
        this.needYield = false;
        this.waitYield!.switched.signal();
      }
    } else {
      this.timedOut = true;
    }
    this.owner = thread;
    if (this.timer === null) this.waitq.at(-1)?.condition.signal();
    if (this.lastRunner !== thread) this.runningNs = 0;
    this.lastRunner = thread;
  }

  release(): void {
    this.owner = null;
    this.waitq[0]?.condition.signal();
  }

  isSliceOver(): boolean {
    this.runningNs += this.times.quantumNs;
    return this.runningNs >= this.times.quantumNs && this.waitq.length > 0;
  }

  *yield(thread: OracleThread): Process {
    this.release();
    if (this.waitYield !== null) {
      this.switchWaiters.push(thread);
      yield* thread.switched.wait();
    } else {
      this.needYield = true;
      this.waitYield = thread;
      while (this.needYield) yield* thread.switched.wait();
      this.waitYield = null;
      for (const other of this.switchWaiters.splice(0)) other.switched.signal();
    }
    yield* this.acquire(thread);
  }

  private *doTimer(thread: OracleThread): Process {
    this.timer = thread;
    if (this.timedOut) this.absNs = this.clock.nowNs + this.times.quantumNs;
    const untilNs = Math.max(this.clock.nowNs, this.absNs + this.times.overshootNs);
    this.timedOut = !(yield* thread.condition.wait(untilNs));
    this.owner?.interrupt();
    this.timer = null;
  }
}
