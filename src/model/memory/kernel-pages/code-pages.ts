import { power } from '../../../random/special/power.js';
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
 *
 * ```
 * original, shared by all that map it -- the process executes a method on it for the first time --> private copy of the process
 *   ^                                                                                                 |
 *   `-- executed before the fork: never copied <---- the process becomes the parent of a generation <-'
 * ```
 */
export class CodePages {
  readonly count: number;
  /** By page: how often a request is the first to execute one of its methods. */
  private readonly rates: Float64Array;
  /** [place][page]: the page has been written. */
  private readonly isWritten: Uint8Array[];
  private readonly writtenCount: number[];
  /** [place]: pages in the order of their first execution, and the requests in which that is. */
  private readonly order: Int32Array[];
  private readonly firstAt: Float64Array[];
  private readonly next: number[];
  private readonly generationOf: number[];
  /** While there is one image: [page] how many workers map the original, and [n] how many pages n workers map. */
  private readonly mappers: Int32Array;
  private readonly mappedBy: Float64Array;
  /** [generation][page]: the generation whose parent executed it first and so made the original; 0 = never executed. */
  private readonly originals: Int32Array[];

  /** @param otherwiseWritten share of the heap's pages that are written by memoised data, so not by inline caches */
  constructor(code: CodeSpec, places: number, otherwiseWritten = 0) {
    const pagesPerMethod = MEMORY.pagesPerMethod + MEMORY.heapPagesPerMethod * (1 - otherwiseWritten);
    this.count = Math.round(code.methods * pagesPerMethod);
    this.rates = firstExecutions(this.count, code.methods === 0 ? 0 : code.methodsPerRequest / code.methods);
    this.isWritten = Array.from({ length: places }, () => new Uint8Array(0));
    this.writtenCount = new Array<number>(places).fill(0);
    this.order = Array.from({ length: places }, () => new Int32Array(0));
    this.firstAt = Array.from({ length: places }, () => new Float64Array(0));
    this.next = new Array<number>(places).fill(0);
    this.generationOf = new Array<number>(places).fill(0);
    this.originals = [new Int32Array(this.count)];
    this.mappers = new Int32Array(this.count);
    this.mappedBy = new Float64Array(places + 1);
    this.mappedBy[0] = this.count;
  }

  /** A worker is forked from the newest image: one draw for each page. */
  fork(place: number, stream: Stream): void {
    const { count } = this;
    const firstAt = new Float64Array(count);
    for (let page = 0; page < count; page++) {
      firstAt[page] = Math.max(1, Math.ceil(-Math.log(stream.uniform()) / this.rates[page]!));
    }
    this.mapAll(place);
    this.order[place] = sortedBy(firstAt);
    this.firstAt[place] = firstAt;
    this.next[place] = 0;
    this.isWritten[place] = new Uint8Array(count);
    this.writtenCount[place] = 0;
    this.generationOf[place] = this.originals.length - 1;
  }

  /** The process has served so many requests. */
  served(place: number, requests: number): void {
    const order = this.order[place]!;
    const firstAt = this.firstAt[place]!;
    const isWritten = this.isWritten[place]!;
    const originals = this.originals[this.generationOf[place]!]!;
    let next = this.next[place]!;
    while (next < order.length && firstAt[order[next]!]! <= requests) {
      const page = order[next++]!;
      if (originals[page] !== 0) continue;
      isWritten[page] = 1;
      this.writtenCount[place]!++;
      this.mapped(page, -1);
    }
    this.next[place] = next;
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

  /** The process at `place` becomes the parent of all that are forked from now on: what it has executed is written already. */
  moldFrom(place: number): void {
    const generation = this.originals.length;
    const originals = this.originals[this.generationOf[place]!]!.slice();
    const isWritten = this.isWritten[place]!;
    for (let page = 0; page < this.count; page++) if (isWritten[page] === 1) originals[page] = generation;
    this.originals.push(originals);
  }

  /**
   * The originals that are still mapped, counted by how many map them.
   *
   * @param workers places of all workers; a master maps all of the newest image and executes nothing
   */
  sharing(workers: readonly number[]): Sharing {
    const withoutMaster = new Float64Array(workers.length + 1);
    if (this.originals.length === 1) return { withMaster: this.mappedBy, withoutMaster };
    const withMaster = new Float64Array(workers.length + 1);
    const tables = workers.map((place) => this.isWritten[place]!);
    const images = workers.map((place) => this.originals[this.generationOf[place]!]!);
    const newest = this.originals.at(-1)!;
    const sharers = new Int32Array(this.originals.length);
    for (let page = 0; page < this.count; page++) {
      for (let k = 0; k < tables.length; k++) if (tables[k]![page] === 0) sharers[images[k]![page]!]!++;
      withMaster[sharers[newest[page]!]!]!++;
      sharers[newest[page]!] = 0;
      for (let k = 0; k < tables.length; k++) {
        const original = images[k]![page]!;
        if (sharers[original]! > 0) withoutMaster[sharers[original]!]!++;
        sharers[original] = 0;
      }
    }
    return { withMaster, withoutMaster };
  }

  /** Proportional share that one worker has of the pages it has not written [pages]. */
  proportional(place: number, workers: readonly number[]): number {
    const own = this.isWritten[place]!;
    const image = this.originals[this.generationOf[place]!]!;
    const tables = workers.map((other) => this.isWritten[other]!);
    const images = workers.map((other) => this.originals[this.generationOf[other]!]!);
    const newest = this.originals.at(-1)!;
    let sum = 0;
    for (let page = 0; page < this.count; page++) {
      if (own[page] === 1) continue;
      const original = image[page]!;
      let sharers = newest[page] === original ? 1 : 0;
      for (let k = 0; k < tables.length; k++) {
        if (tables[k]![page] === 0 && images[k]![page] === original) sharers++;
      }
      sum += 1 / sharers;
    }
    return sum;
  }

  /** A new process maps all originals, and none of its predecessor's copies. */
  private mapAll(place: number): void {
    const before = this.isWritten[place]!;
    for (let page = 0; page < this.count; page++) {
      if (before.length === 0 || before[page] === 1) this.mapped(page, 1);
    }
  }

  private mapped(page: number, change: 1 | -1): void {
    this.mappedBy[this.mappers[page]!]!--;
    this.mappers[page]! += change;
    this.mappedBy[this.mappers[page]!]!++;
  }
}

/** First executions of the methods in each page per request: density of the popularity at the page's rank. */
function firstExecutions(pages: number, methodsCalled: number): Float64Array {
  const s = MEMORY.methodPopularityExponent;
  return Float64Array.from({ length: pages }, (_, page) => {
    const rank = (page + 0.5) / pages;
    return MEMORY.methodsPerPage * methodsCalled * (1 - s) * power(rank, -s);
  });
}

/** Numbers of the entries in the order of their values, whole numbers from 1 on; equal ones in the order of the entries. */
function sortedBy(values: Float64Array): Int32Array {
  // Nearly all are small: they are counted. `next` is where the next entry of each value goes.
  const count = values.length;
  const next = new Int32Array(count + 2);
  for (let k = 0; k < count; k++) next[Math.min(values[k]!, count) + 1]!++;
  for (let value = 1; value <= count; value++) next[value]! += next[value - 1]!;
  const large = next[count]!;
  const order = new Int32Array(count);
  for (let k = 0; k < count; k++) order[next[Math.min(values[k]!, count)]!++] = k;
  sortLarge(order.subarray(large), values);
  return order;
}

/** The same for few entries of any values, which are in the order of their numbers. */
function sortLarge(entries: Int32Array, values: Float64Array): void {
  // Value and number in one: numbers are sorted many times faster than by a comparison.
  const count = values.length;
  const last = Math.floor(Number.MAX_SAFE_INTEGER / count) - 1;
  const keys = Float64Array.from(entries, (k) => Math.min(values[k]!, last) * count + k).sort();
  for (let k = 0; k < keys.length; k++) entries[k] = keys[k]! % count;
}

/** [s]: pages whose original s workers map, with the master or without it. */
export interface Sharing {
  readonly withMaster: Float64Array;
  readonly withoutMaster: Float64Array;
}
