import type { Kernel, Timer } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import type { AdaptiveThreadsSpec } from '../../control-spec.js';
import type { RequestId } from '../../entities/ids.js';
import type { RequestTable } from '../../entities/requests.js';
import { PARTS, Part } from '../../observations.js';

/** A pool whose number of threads in use can be changed while it runs. */
export interface ResizablePool {
  /** Threads that may be in use. */
  readonly limit: number;
  /** Threads at work plus requests queued. */
  readonly busy: number;
  resize(limit: number): void;
}

/** Of fewer requests the share says nothing; the interval then goes on. */
const FEWEST_REQUESTS = 10;

/**
 * Concurrency of one process adapted to the contention at its GVL: back-pressure instead of threads that wait for each
 * other. A middleware reads the GVL wait of its thread before and after each request (gvltools, `LocalTimer`) and adds
 * it up; every interval the process compares the share of the requests' time on threads that went into it.
 *
 * ```
 * every interval: waits / time on threads > above, and more than min threads -------> one thread fewer
 *                                         < below, and a request found all busy ----> one thread more, up to the server's setting
 *                                         else, or fewer than ten requests ---------> as it is
 * ```
 * Thread by thread: a change shows in the waits of the requests that follow. Waiting for another thread's collection counts
 * as waiting for the GVL, since that is what the instrumentation sees.
 * @see Shopify/gvltools README (LocalTimer); puma/puma v8 lib/puma/thread_pool.rb (pool bounds that change at run time)
 */
export class AdaptiveThreads {
  private waitNs: number;
  private onThreadNs: number;
  private requestCount: number;
  private wasFull: boolean;
  private area: number;
  private sinceNs: Nanos;

  constructor(
    private readonly spec: AdaptiveThreadsSpec,
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly pool: ResizablePool,
    private readonly timer: Timer,
  ) {
    this.waitNs = 0;
    this.onThreadNs = 0;
    this.requestCount = 0;
    this.wasFull = false;
    this.area = 0;
    this.sinceNs = 0;
  }

  /** A request of the process has been answered. */
  answered(request: RequestId): void {
    const { partsNs } = this.requests;
    const first = request * PARTS;
    for (let part = first + Part.Run; part < first + PARTS; part++) this.onThreadNs += partsNs[part]!;
    this.waitNs += partsNs[first + Part.GvlWait]! + partsNs[first + Part.GcOther]!;
    this.requestCount++;
    if (this.pool.busy >= this.pool.limit) this.wasFull = true;
    if (!this.kernel.isArmed(this.timer)) this.kernel.arm(this.timer, this.kernel.nowNs() + this.spec.intervalNs);
  }

  /** The interval is over. */
  decide(): void {
    if (this.requestCount < FEWEST_REQUESTS) return; // the next request begins another interval
    const { above, below, min, max } = this.spec;
    const share = this.onThreadNs === 0 ? 0 : this.waitNs / this.onThreadNs;
    const { limit } = this.pool;
    if (share > above && limit > min) this.change(limit - 1);
    else if (share < below && this.wasFull && limit < max) this.change(limit + 1);
    this.begin();
  }

  /** Time-integral of the threads that may be in use since 0 [ns x threads]. */
  integral(nowNs: Nanos): number {
    return this.area + this.pool.limit * (nowNs - this.sinceNs);
  }

  /** A new process takes the place of the old one: it begins with all threads. To be called before it does. */
  restarts(): void {
    this.book();
    this.begin();
  }

  private change(limit: number): void {
    this.book();
    this.pool.resize(limit);
  }

  private book(): void {
    const nowNs = this.kernel.nowNs();
    this.area = this.integral(nowNs);
    this.sinceNs = nowNs;
  }

  private begin(): void {
    this.waitNs = 0;
    this.onThreadNs = 0;
    this.requestCount = 0;
    this.wasFull = false;
  }
}
