import type { Nanos } from '../../kernel/time.js';
import type { Distribution } from '../../random/distribution.js';
import type { Stream } from '../../random/streams.js';
import type { ProcessId } from '../entities/ids.js';
import { CollectionTally } from './collection-counts.js';
import type { CollectionCounts, Collector } from './collector.js';

export interface ExplicitCollectorParams {
  readonly processes: number;
  /** A stop after so much Ruby running time of the process [ns]; Infinity or 0 = not by time. */
  readonly everyRunNs: Nanos;
  /** A stop at the first Ruby code after so many requests of the process have ended; Infinity or 0 = not by requests. */
  readonly everyRequests: number;
  /** Length of each stop [ns]. */
  readonly pause: Distribution;
  /** Every so many-th counts as a major one. @default none does */
  readonly majorEvery?: number;
}

/**
 * Collections as the user states them: so often, so long, whatever the requests allocate.
 *
 * ```
 * counting down (Ruby running time, requests) -- one is at 0 --> the next Ruby code stops for a drawn pause --> counting anew
 * ```
 */
export class ExplicitCollector implements Collector {
  readonly heaps = null;
  private readonly everyRunNs: number;
  private readonly everyRequests: number;
  private readonly runLeftNs: Float64Array;
  private readonly requestsLeft: Float64Array;
  private readonly tally: CollectionTally;
  private readonly pause: Distribution;
  private readonly majorEvery: number;

  /** @param stream source of the pause lengths, one draw a stop */
  constructor(
    params: ExplicitCollectorParams,
    private readonly stream: Stream,
  ) {
    this.everyRunNs = params.everyRunNs > 0 ? params.everyRunNs : Number.POSITIVE_INFINITY;
    this.everyRequests = params.everyRequests > 0 ? params.everyRequests : Number.POSITIVE_INFINITY;
    this.runLeftNs = new Float64Array(params.processes).fill(this.everyRunNs);
    this.requestsLeft = new Float64Array(params.processes).fill(this.everyRequests);
    this.tally = new CollectionTally(params.processes);
    this.pause = params.pause;
    this.majorEvery = params.majorEvery ?? Number.POSITIVE_INFINITY;
  }

  runnableFraction(process: ProcessId, workNs: Nanos): number {
    if (this.requestsLeft[process]! <= 0) return 0;
    const left = this.runLeftNs[process]!;
    return left < workNs ? left / workNs : 1;
  }

  stepCostNs(): Nanos {
    return 0;
  }

  allocated(process: ProcessId, _thread: number, workNs: Nanos): void {
    this.runLeftNs[process]! -= workNs;
  }

  collect(process: ProcessId): Nanos {
    if (this.requestsLeft[process]! <= 0) this.requestsLeft[process] = this.everyRequests;
    else this.runLeftNs[process] = this.everyRunNs;
    if ((this.tally.total(process) + 1) % this.majorEvery === 0) this.tally.startedMajor(process);
    else this.tally.startedMinor(process);
    return this.tally.paused(process, this.pause.sample(this.stream));
  }

  collectFully(process: ProcessId): Nanos {
    this.tally.startedMajor(process);
    return this.tally.paused(process, this.pause.sample(this.stream));
  }

  makeStrings(): void {}

  keep(): void {}

  hold(): void {}

  requestEnded(process: ProcessId): void {
    this.requestsLeft[process]!--;
  }

  renewed(process: ProcessId): void {
    this.runLeftNs[process] = this.everyRunNs;
    this.requestsLeft[process] = this.everyRequests;
  }

  counts(process: ProcessId): CollectionCounts {
    return this.tally.of(process);
  }
}
