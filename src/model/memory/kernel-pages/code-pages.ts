import type { Stream } from '../../../random/streams.js';
import type { CodeSpec } from '../../memory-spec.js';
import { MEMORY } from '../coefficients.js';

/**
 * Kernel pages with bytecode and inline caches. A page becomes private when a process executes one of its methods for
 * the first time. How often methods are executed falls with their rank, so the shared part decays steeply at first and
 * slowly in the end: E[shared after n requests] = sum over pages of (1 - p)^n.
 *
 * A process draws for every page in which of its requests that happens, once, when it is forked; a request then costs
 * no more than a look at the next page in that order. What the parent had executed before the fork is written already
 * and stays shared.
 */
export class CodePages {
  readonly count: number;
  private readonly methodsCalled: number;
  /** [place][page]: the page has been written. */
  private readonly isWritten: Uint8Array[];
  private readonly writtenCount: number[];
  /** [place]: pages in the order of their first execution, and the requests in which that is. */
  private readonly order: Int32Array[];
  private readonly firstAt: Float64Array[];
  private readonly next: number[];
  /** Pages that were executed before anybody was forked. */
  private warm: Uint8Array;

  constructor(code: CodeSpec, places: number) {
    this.count = Math.round(code.methods * MEMORY.pagesPerMethod);
    this.methodsCalled = code.methods === 0 ? 0 : code.methodsPerRequest / code.methods;
    this.isWritten = Array.from({ length: places }, () => new Uint8Array(0));
    this.writtenCount = new Array<number>(places).fill(0);
    this.order = Array.from({ length: places }, () => new Int32Array(0));
    this.firstAt = Array.from({ length: places }, () => new Float64Array(0));
    this.next = new Array<number>(places).fill(0);
    this.warm = new Uint8Array(this.count);
  }

  /** A worker is forked: one draw for each page. */
  fork(place: number, stream: Stream): void {
    const { count } = this;
    const firstAt = new Float64Array(count);
    for (let page = 0; page < count; page++) {
      const u = stream.uniform();
      const at = Math.ceil(-Math.log(u) / this.rate(page));
      firstAt[page] = this.warm[page] === 1 ? Number.POSITIVE_INFINITY : Math.max(1, at);
    }
    const order = Int32Array.from({ length: count }, (_, page) => page).sort(
      (a, b) => firstAt[a]! - firstAt[b]! || a - b,
    );
    this.order[place] = order;
    this.firstAt[place] = firstAt;
    this.next[place] = 0;
    this.isWritten[place] = new Uint8Array(count);
    this.writtenCount[place] = 0;
  }

  /** The process has served so many requests. */
  served(place: number, requests: number): void {
    const order = this.order[place]!;
    const firstAt = this.firstAt[place]!;
    let next = this.next[place]!;
    while (next < order.length && firstAt[order[next]!]! <= requests) {
      this.isWritten[place]![order[next]!] = 1;
      next++;
    }
    this.next[place] = next;
    this.writtenCount[place] = next;
  }

  writtenBy(place: number): number {
    return this.writtenCount[place]!;
  }

  /** Share of the code that has been executed after so many requests, as the process has drawn it. */
  executedShare(place: number, requests: number): number {
    const order = this.order[place]!;
    const firstAt = this.firstAt[place]!;
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firstAt[order[middle]!]! <= requests) low = middle + 1;
      else high = middle;
    }
    return order.length === 0 ? 0 : low / order.length;
  }

  /** The process at `place` becomes the parent of all others: what it has executed is written already. */
  moldFrom(place: number): void {
    for (let page = 0; page < this.count; page++) if (this.isWritten[place]![page] === 1) this.warm[page] = 1;
  }

  /**
   * Sharers of each page, counted.
   *
   * @param workers places of the workers that map them
   * @param unwriting other processes that map them and never execute anything (the master)
   * @returns [s]: pages that s workers have not written, with the `unwriting` processes left out
   */
  workersPerPage(workers: readonly number[]): Float64Array {
    const bySharers = new Float64Array(workers.length + 1);
    const tables = workers.map((place) => this.isWritten[place]!);
    for (let page = 0; page < this.count; page++) {
      let sharers = 0;
      for (let k = 0; k < tables.length; k++) sharers += 1 - tables[k]![page]!;
      bySharers[sharers]!++;
    }
    return bySharers;
  }

  /** Proportional share that one worker has of the pages it has not written [pages]. */
  proportional(place: number, workers: readonly number[], others: number): number {
    const own = this.isWritten[place]!;
    const tables = workers.map((other) => this.isWritten[other]!);
    let sum = 0;
    for (let page = 0; page < this.count; page++) {
      if (own[page] === 1) continue;
      let sharers = others;
      for (let k = 0; k < tables.length; k++) sharers += 1 - tables[k]![page]!;
      sum += 1 / sharers;
    }
    return sum;
  }

  /** First executions of the methods in a page per request: density of the popularity at the page's rank. */
  private rate(page: number): number {
    const s = MEMORY.methodPopularityExponent;
    const rank = (page + 0.5) / this.count;
    return MEMORY.methodsPerPage * this.methodsCalled * (1 - s) * rank ** -s;
  }
}
