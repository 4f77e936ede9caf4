import type { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { SWEEP_SLICE_SLOTS } from '../../../src/model/gc/ruby-parameters.js';
import { type Burst, drive } from './drive.js';

/** Kinds of entries into the collector, by the names of gc_pauses.csv: what major collections do, and minor ones. */
export const PAUSE_KINDS = ['minor stop', 'major start', 'mark step', 'mark end', 'sweep step'] as const;
export type PauseKind = (typeof PAUSE_KINDS)[number];

/** What a replay went through. */
export interface Pauses {
  readonly minor: number;
  readonly major: number;
  /** Mean length [ms]; NaN if there was none. */
  readonly meanMs: Readonly<Record<PauseKind, number>>;
  /** All that majors stop for, per major [ms]. */
  readonly majorMarkMs: number;
  readonly sweepMs: number;
  /** CPU time of all of it [ms]. */
  readonly gcMs: number;
}

/**
 * Free slots that a slice of sweeping ends with: the page that passes the limit is swept to its end, and is half free on
 * average. Measured: 2 130 to 2 360.
 */
const SLICE_SLOTS = SWEEP_SLICE_SLOTS + 102;

/** Runs bursts and sorts the stops that they meet with by kind. */
export class PauseTally {
  private readonly sum: Record<PauseKind, number> = zero();
  private readonly count: Record<PauseKind, number> = zero();
  private readonly minorBefore: number;
  private readonly majorBefore: number;

  constructor(
    private readonly collector: AllocationCollector,
    private readonly processes: readonly number[],
  ) {
    this.minorBefore = this.counted('minor');
    this.majorBefore = this.counted('major');
  }

  run(burst: Burst): void {
    const { collector } = this;
    const heap = collector.heapBehind(burst.process);
    let wasMarking = heap.isMarking;
    const { sweepNs } = drive(collector, burst, (pauseNs, minorsStarted) => {
      const { isMarking } = heap;
      const kind = wasMarking ? (isMarking ? 'mark step' : 'mark end') : startKind(isMarking, minorsStarted > 0);
      wasMarking = isMarking;
      this.sum[kind] += pauseNs;
      this.count[kind]++;
    });
    this.sum['sweep step'] += sweepNs;
    if (sweepNs > 0) this.count['sweep step'] += burst.objects / SLICE_SLOTS;
  }

  result(): Pauses {
    const minor = this.counted('minor') - this.minorBefore;
    const major = this.counted('major') - this.majorBefore;
    const meanMs = zero();
    for (const kind of PAUSE_KINDS) meanMs[kind] = this.sum[kind] / this.count[kind] / 1e6;
    const { 'minor stop': stops, 'sweep step': sweeps, ...major_ } = this.sum;
    const majorNs = Object.values(major_).reduce((a, b) => a + b, 0);
    const gcMs = (stops + sweeps + majorNs) / 1e6;
    return { minor, major, meanMs, majorMarkMs: majorNs / major / 1e6, sweepMs: sweeps / 1e6, gcMs };
  }

  private counted(of: 'minor' | 'major'): number {
    return this.processes.reduce((total, process) => total + this.collector.counts(process)[of], 0);
  }
}

/** An entry while nothing is being marked: it starts a collection, or it sweeps what is left because the malloc limit is reached. */
function startKind(startsMajor: boolean, startsMinor: boolean): PauseKind {
  if (startsMajor) return 'major start';
  return startsMinor ? 'minor stop' : 'sweep step';
}

function zero(): Record<PauseKind, number> {
  return { 'minor stop': 0, 'major start': 0, 'mark step': 0, 'mark end': 0, 'sweep step': 0 };
}
