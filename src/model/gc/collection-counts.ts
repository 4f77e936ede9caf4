import type { Nanos } from '../../kernel/time.js';
import type { ProcessId } from '../entities/ids.js';
import type { CollectionCounts } from './collector.js';

/** Counters of the collections of each process. */
export class CollectionTally {
  private readonly minor: Float64Array;
  private readonly major: Float64Array;
  private readonly pausedNs: Float64Array;

  constructor(processes: number) {
    this.minor = new Float64Array(processes);
    this.major = new Float64Array(processes);
    this.pausedNs = new Float64Array(processes);
  }

  startedMinor(process: ProcessId): void {
    this.minor[process]!++;
  }

  startedMajor(process: ProcessId): void {
    this.major[process]!++;
  }

  /** Books a stop; returns it in whole ns. */
  paused(process: ProcessId, pauseNs: number): Nanos {
    const whole = Math.max(1, Math.round(pauseNs));
    this.pausedNs[process]! += whole;
    return whole;
  }

  /** Collections so far, minor and major. */
  total(process: ProcessId): number {
    return this.minor[process]! + this.major[process]!;
  }

  of(process: ProcessId): CollectionCounts {
    return { minor: this.minor[process]!, major: this.major[process]!, pausedNs: this.pausedNs[process]! };
  }
}
