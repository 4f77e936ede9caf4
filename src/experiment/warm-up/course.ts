import type { Nanos } from '../../kernel/time.js';
import type { Bench } from '../../model/bench.js';
import type { RunSpec } from '../spec.js';

/** Parts of a run that its course is told in, equal in time (or in arrivals, where their number ends the run). */
export const SLOTS = 200;
/** A run whose length is not known beforehand keeps between half of these and all. */
const MOST_READINGS = 1024;

/** What went on in each slot of a replication, the warm-up included. */
export interface Course {
  /** Requests that left in the slot, and the sum of their latencies [ns]. */
  readonly departures: Float64Array;
  readonly sojournNs: Float64Array;
  /** Length of the slot [ns], and time-integral of the number in the system over it [ns x requests]. */
  readonly lengthNs: Float64Array;
  readonly inSystemNs: Float64Array;
}

interface Reading {
  /** Share of the load that is used up. */
  readonly progress: number;
  readonly values: readonly [departures: number, sojournNs: number, nowNs: number, inSystemNs: number];
}

/** What the course needs of the collector. */
export interface Departed {
  readonly departures: number;
  readonly sojournSumNs: number;
}

/**
 * Reads sums that are kept anyhow at some times of a replication: it sees no single request, and costs nothing per request.
 * The caller stops the kernel at `nextNs()` and calls `take()`.
 */
export class CourseReader {
  private readonly bench: Bench;
  private readonly departed: Departed;
  private readonly expected: number;
  private readonly durationNs: Nanos;
  private readonly byClock: boolean;
  private intervalNs: number;
  private readings: Reading[];

  /** @param expected requests after which the load is used up; Infinity when the clock ends it */
  constructor(bench: Bench, departed: Departed, run: RunSpec, expected: number) {
    this.bench = bench;
    this.departed = departed;
    this.expected = expected;
    this.durationNs = run.durationNs;
    this.byClock = !Number.isFinite(expected);
    this.intervalNs = this.byClock ? run.durationNs / SLOTS : 1_000_000;
    this.readings = [this.read(0)];
  }

  /** Infinity when the load is used up. */
  nextNs(): Nanos {
    if (this.readings.at(-1)!.progress >= 1) return Number.POSITIVE_INFINITY;
    return Math.round(this.readings.length * this.intervalNs);
  }

  take(): void {
    this.readings.push(this.read(this.nextNs()));
    if (this.byClock || this.readings.length <= MOST_READINGS) return;
    this.readings = this.readings.filter((_, k) => k % 2 === 0);
    this.intervalNs *= 2;
  }

  /** @param endNs when the load was used up */
  course(endNs: Nanos): Course {
    const readings = [...this.readings];
    if (readings.at(-1)!.progress < 1) readings.push({ ...this.read(endNs), progress: 1 });
    const sums = [0, 1, 2, 3].map(() => new Float64Array(SLOTS + 1));
    let k = 0;
    for (let slot = 1; slot <= SLOTS; slot++) {
      const share = slot / SLOTS;
      while (k < readings.length - 1 && readings[k]!.progress < share) k++;
      const [before, after] = [readings[Math.max(0, k - 1)]!, readings[k]!];
      const width = after.progress - before.progress;
      const weight = width > 0 ? Math.min(1, (share - before.progress) / width) : 1;
      sums.forEach((sum, which) => {
        sum[slot] = before.values[which]! + weight * (after.values[which]! - before.values[which]!);
      });
    }
    const [departures, sojournNs, lengthNs, inSystemNs] = sums.map((sum) =>
      Float64Array.from({ length: SLOTS }, (_, slot) => sum[slot + 1]! - sum[slot]!),
    );
    return { departures: departures!, sojournNs: sojournNs!, lengthNs: lengthNs!, inSystemNs: inSystemNs! };
  }

  private read(nowNs: Nanos): Reading {
    const { departures, sojournSumNs } = this.departed;
    const progress = this.byClock ? nowNs / this.durationNs : this.bench.arrivals() / this.expected;
    return { progress, values: [departures, sojournSumNs, nowNs, this.bench.inSystemIntegral(nowNs)] };
  }
}
