import { MILLISECOND, type Nanos, SECOND } from '../../kernel/time.js';

/** Longest time without use for which it was measured; code does not get colder after that. */
const COLDEST_NS: Nanos = SECOND;

/**
 * What an application does to the caches that allocates `FLUSHING_OBJECTS` or more, in roots of a ms without use. An estimate:
 * two measurements disagree, 6 and 7 to 11, and it was set between them, nearer to the lower end; it follows from neither. Measured with
 * requests of 50 000 to 300 000 strings to Puma 6.6 on Ruby 3.3.8: they reached the application 0.20 to 0.30 ms later than after as long without
 * allocations, whether that was 10 or 300 ms and however many strings, and were answered 0.10 ms later after its end: 7 to 11 roots of each of
 * the two extra times. By the CPU time outside the application (0.70 ms a request) it is 6. With Unicorn twice as much.
 */
const FLUSHED_ROOTS = 7.5;

/** The fewest strings measured: 2 MB of slots, about the second-level cache. Less counts in proportion, which is an assumption. */
const FLUSHING_OBJECTS = 50_000;

/**
 * A piece of a server's code that runs longer the longer it has not run in its process: meanwhile the caches have filled
 * with the application's data, and with those of other guests of the machine.
 *
 * The extra time grows with the square root of the time since the piece last ran. Measured with Puma 6.6 on Ruby 3.3.8, one
 * core: requests that found the server idle reached the application after 0.29, 0.33, 0.35, 0.40, 0.46 and 0.51 ms when nothing had run
 * for 1, 3, 7, 14, 28 and 56 ms; CPU time outside the application was 0.28 to 0.30 ms at 80 requests a second, 0.34 at 40, 0.36 to 0.46
 * at 25, 0.54 at 16, 0.64 at 10 and 0.95 to 1.0 at 2.4 (no queueing in it: with one thread that was never idle it was the same).
 *
 * Allocating empties the caches at once, whenever the piece last ran. Only `allocate` phases count.
 *
 * ```
 * warm -- unused for t ms --> longer by sqrt(t), up to 1 s -- runs --> warm
 *   `-- the application allocates --> longer by 7.5 more at most -- runs --> warm
 * a new process: as after 1 s
 * ```
 */
export class ColdCode {
  private readonly lastRunNs: Float64Array;
  /** Allocated by the application since. */
  private readonly objects: Float64Array;

  /** @param perRootMsNs extra time after 1 ms without use [ns]; twice that after 4 ms */
  constructor(
    processes: number,
    private readonly perRootMsNs: Nanos,
  ) {
    this.lastRunNs = new Float64Array(processes);
    this.objects = new Float64Array(processes);
  }

  /** The application has allocated so many objects. */
  allocated(process: number, objects: number): void {
    this.objects[process]! += objects;
  }

  /** Another process takes the place of this one: its caches know nothing of the piece. */
  renewed(process: number): void {
    this.lastRunNs[process] = Number.NEGATIVE_INFINITY;
    this.objects[process] = 0;
  }

  /** The piece runs now: by how much longer [ns]. */
  runs(process: number, nowNs: Nanos): Nanos {
    const unusedNs = Math.min(nowNs - this.lastRunNs[process]!, COLDEST_NS);
    const flushed = Math.min(this.objects[process]! / FLUSHING_OBJECTS, 1);
    this.lastRunNs[process] = nowNs;
    this.objects[process] = 0;
    return Math.round(this.perRootMsNs * (Math.sqrt(unusedNs / MILLISECOND) + flushed * FLUSHED_ROOTS));
  }
}
