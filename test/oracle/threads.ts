import type { Nanos } from '../../src/kernel/time.js';
import type { Clock, Process } from './processes.js';
import { Condition } from './processes.js';

/** A thread of an interpreter. */
export class OracleThread {
  /** TIMER_INTERRUPT or gil_drop_request: to be looked at at the next check point. */
  flag = false;
  readonly condition: Condition;
  readonly switched: Condition;
  /** Called when the flag was set. */
  poke: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    wakeLatencyNs: Nanos,
  ) {
    this.condition = new Condition(clock, wakeLatencyNs);
    this.switched = new Condition(clock, wakeLatencyNs);
  }

  /** Whoever sets the flag goes on first. */
  interrupt(): void {
    this.flag = true;
    this.clock.at(this.clock.nowNs, () => this.poke());
  }
}

/** The lock of one process. */
export interface Lock {
  acquire(thread: OracleThread): Process;
  release(thread: OracleThread): void;
  /** At a check point that saw the flag: whether the slice is over. */
  isSliceOver(thread: OracleThread): boolean;
  yield(thread: OracleThread): Process;
}

export interface LockTimes {
  readonly quantumNs: Nanos;
  readonly wakeLatencyNs: Nanos;
  readonly overshootNs: Nanos;
}
