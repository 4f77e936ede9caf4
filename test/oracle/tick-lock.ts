import { MILLISECOND, type Nanos } from '../../src/kernel/time.js';
import { type Clock, Condition, type Process } from './processes.js';
import type { Lock, LockTimes, OracleThread } from './threads.js';

const TICK_NS: Nanos = 10 * MILLISECOND;

/**
 * ruby/ruby v3_3_8 thread_pthread.c: thread_sched_to_running_common, thread_sched_to_waiting_common, timer_thread_polling.
 * Without a wake-up latency the next thread runs at once. With `isHot` as the 2026 master, thread_sched.c: runnable_hot_th.
 */
export class TickLock implements Lock {
  private running: OracleThread | null = null;
  /** False while the thread that was given the lock still sleeps. */
  private isRunning = false;
  private readyq: OracleThread[] = [];
  private hot: OracleThread | null = null;
  private lastRunner: OracleThread | null = null;
  private runningNs = 0;
  private sleepsForEver = false;
  private readonly timerWork: Condition;

  constructor(
    private readonly clock: Clock,
    private readonly times: LockTimes,
    private readonly isHot: boolean,
  ) {
    this.timerWork = new Condition(clock, 0);
    clock.start(this.timerThread());
  }

  *acquire(thread: OracleThread): Process {
    if (this.running === null) {
      this.running = thread;
    } else if (this.isHot && this.times.wakeLatencyNs > 0 && this.hot === thread && !this.isRunning) {
      this.readyq.unshift(this.running);
      this.running = thread;
    } else {
      this.readyq.push(thread);
      if (this.isRunning) this.wakeTimer();
    }
    while (this.running !== thread) yield* thread.condition.wait();
    this.isRunning = true;
    this.hot = null;
    if (this.readyq.length > 0) this.wakeTimer();
    if (this.lastRunner !== thread) this.runningNs = 0;
    this.lastRunner = thread;
  }

  release(thread: OracleThread): void {
    this.hot = thread;
    this.handOn();
  }

  isSliceOver(): boolean {
    this.runningNs += TICK_NS;
    return this.runningNs >= this.times.quantumNs && this.readyq.length > 0;
  }

  *yield(thread: OracleThread): Process {
    this.readyq.push(thread);
    this.clock.at(this.clock.nowNs, () => this.handOn()); // while this thread waits already
    do yield* thread.condition.wait();
    while (this.running !== thread);
    this.isRunning = true;
    this.hot = null;
    if (this.readyq.length > 0) this.wakeTimer();
    this.runningNs = 0; // somebody else ran in between
    this.lastRunner = thread;
  }

  private handOn(): void {
    this.isRunning = false;
    this.running = this.readyq.shift() ?? null;
    this.running?.condition.signalDirectly();
  }

  /** Somebody waits for a thread that runs. */
  private get isTimesliceListed(): boolean {
    return this.isRunning && this.readyq.length > 0;
  }

  private wakeTimer(): void {
    if (this.sleepsForEver) this.timerWork.signal();
  }

  private *timerThread(): Process {
    for (;;) {
      this.sleepsForEver = !this.isTimesliceListed;
      const untilNs = this.sleepsForEver
        ? Number.POSITIVE_INFINITY
        : this.clock.nowNs + TICK_NS + this.times.overshootNs;
      const isWokenUp = yield* this.timerWork.wait(untilNs);
      if (!isWokenUp && this.isTimesliceListed) this.running!.interrupt();
    }
  }
}
