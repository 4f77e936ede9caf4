/** Simulation by generator processes: slow and obvious. Events are an array that is sorted whenever one is added. */
import type { Nanos } from '../../src/kernel/time.js';

/** What a process yields: it is given the function that resumes it. */
export type Suspension = (resume: (value?: never) => void) => void;
// biome-ignore lint/suspicious/noExplicitAny: what a suspended process is resumed with depends on the suspension
export type Process<T = void> = Generator<Suspension, T, any>;

export interface Alarm {
  readonly atNs: Nanos;
  readonly setNs: Nanos;
  readonly go: () => void;
}

export class Clock {
  nowNs: Nanos = 0;
  /** Two alarms that were set earlier went off at the same time: which one is first is a convention. */
  hasCoincidence = false;
  private alarms: Alarm[] = [];

  at(atNs: Nanos, go: () => void): Alarm {
    const alarm = { atNs, setNs: this.nowNs, go };
    this.alarms.push(alarm);
    this.alarms.sort((a, b) => a.atNs - b.atNs); // a stable sort: equal times in the order of setting
    return alarm;
  }

  cancel(alarm: Alarm): void {
    this.alarms = this.alarms.filter((other) => other !== alarm);
  }

  start(process: Process): void {
    const step = (value?: never): void => {
      const { done, value: suspension } = process.next(value);
      if (!done) (suspension as Suspension)(step);
    };
    step();
  }

  *sleep(ns: Nanos): Process {
    yield (resume) => {
      this.at(this.nowNs + ns, resume);
    };
  }

  run(): void {
    for (let alarm = this.alarms.shift(); alarm !== undefined; alarm = this.alarms.shift()) {
      if (alarm.atNs === this.nowNs && alarm.setNs < this.nowNs) this.hasCoincidence = true;
      this.nowNs = alarm.atNs;
      alarm.go();
    }
  }
}

/** A condition variable on which one process waits. A process that is signalled runs after the wake-up latency. */
export class Condition {
  private sleeper: { wake: (signalled: boolean) => void; timeout: Alarm | null } | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly wakeLatencyNs: Nanos,
  ) {}

  /** True if signalled, false if the time was up first. */
  *wait(untilNs = Number.POSITIVE_INFINITY): Process<boolean> {
    const signalled: boolean = yield (resume) => {
      const wake = resume as unknown as (signalled: boolean) => void;
      const timeUp = (): void => {
        this.sleeper = null;
        wake(false);
      };
      this.sleeper = { wake, timeout: Number.isFinite(untilNs) ? this.clock.at(untilNs, timeUp) : null };
    };
    return signalled;
  }

  /** Lost if nobody waits, or if it is being woken already. */
  signal(): void {
    if (this.sleeper === null) return;
    const { wake, timeout } = this.sleeper;
    this.sleeper = null;
    if (timeout !== null) this.clock.cancel(timeout);
    this.clock.at(this.clock.nowNs + this.wakeLatencyNs, () => wake(true));
  }

  /** As `signal`, but where waking up takes no time the process runs before the one that signals goes on. */
  signalDirectly(): void {
    if (this.wakeLatencyNs > 0) {
      this.signal();
      return;
    }
    const sleeper = this.sleeper;
    this.sleeper = null;
    if (sleeper === null) return;
    if (sleeper.timeout !== null) this.clock.cancel(sleeper.timeout);
    sleeper.wake(true);
  }
}
