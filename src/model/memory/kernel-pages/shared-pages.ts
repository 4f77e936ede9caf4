import { PAGE_BYTES, type ProcessFigures } from '../../memory-figures.js';
import type { CodePages } from './code-pages.js';
import type { Composition } from './composition.js';
import { OrderedPages } from './ordered-pages.js';

/** Sums in kernel pages; a process class as a whole. */
export interface PageSums {
  pss: number;
  sharedClean: number;
  sharedDirty: number;
  privateClean: number;
  privateDirty: number;
}

export const noPages = (): PageSums => ({ pss: 0, sharedClean: 0, sharedDirty: 0, privateClean: 0, privateDirty: 0 });

export function inBytes(sums: PageSums): ProcessFigures {
  return {
    pss: sums.pss * PAGE_BYTES,
    sharedClean: sums.sharedClean * PAGE_BYTES,
    sharedDirty: sums.sharedDirty * PAGE_BYTES,
    privateClean: sums.privateClean * PAGE_BYTES,
    privateDirty: sums.privateDirty * PAGE_BYTES,
  };
}

/**
 * The pages that workers inherit from the process they are forked from: who still maps the original, and who has
 * written a copy. The parent itself writes nothing after the fork. All of them are dirty: they were written while the
 * application was loaded.
 *
 * ```
 * page of a process: original -- written --> copy of its own        no other process maps the original any more: private
 * written: at once       by the fork                     first request   by the first request
 *          free slots    as they are handed out, swept   bookkeeping     by the first collection
 *          arenas        as the child mallocs            untouched       never
 * ```
 */
export class SharedPages {
  readonly atOnce: OrderedPages;
  readonly firstRequest: OrderedPages;
  readonly freeSlots: OrderedPages;
  readonly bookkeeping: OrderedPages;
  /** Arenas of malloc as a worker has left them that became a parent: written as the child needs memory itself. */
  readonly arenas: OrderedPages;
  private readonly untouched: OrderedPages;
  private readonly ordered: readonly OrderedPages[];

  /** @param workers places 0 to workers - 1; the parent has the next one */
  constructor(
    parts: Composition,
    readonly code: CodePages,
    private readonly workers: number,
  ) {
    const places = workers + 1;
    this.atOnce = new OrderedPages(parts.atOnce, places);
    this.firstRequest = new OrderedPages(parts.firstRequest, places);
    this.freeSlots = new OrderedPages(parts.freeSlots, places);
    this.bookkeeping = new OrderedPages(parts.bookkeeping, places);
    this.arenas = new OrderedPages(0, places);
    this.untouched = new OrderedPages(parts.untouched, places);
    this.ordered = [this.atOnce, this.firstRequest, this.freeSlots, this.bookkeeping, this.arenas, this.untouched];
  }

  /** All of the newest image, code included. */
  get count(): number {
    return this.ordered.reduce((sum, { count }) => sum + count, this.code.count);
  }

  /** All of the image that the worker was forked from. */
  countOf(worker: number): number {
    return this.ordered.reduce((sum, pages) => sum + pages.countOf(worker), this.code.count);
  }

  /** Pages that anybody still maps as they were at a fork: more than one image has while workers of two generations serve. */
  get originals(): number {
    const [workers, parent] = [noPages(), noPages()];
    this.addTo(workers, parent);
    return workers.pss + parent.pss;
  }

  /**
   * A fork of the worker becomes the parent of all that are forked from now on; the parent before it ends.
   *
   * @param own pages that the worker has and its image has not
   */
  promote(worker: number, own: OwnPages): void {
    const { freeSlots, arenas, untouched } = this;
    for (const pages of this.ordered) {
      const more = pages === freeSlots ? own.heap : pages === arenas ? own.arenas : pages === untouched ? own.code : 0;
      pages.promote(worker, more);
      pages.clear(this.workers);
    }
    this.code.moldFrom(worker);
  }

  /** Copies that the worker has made. */
  writtenBy(worker: number): number {
    return this.ordered.reduce((sum, pages) => sum + pages.writtenBy(worker), this.code.writtenBy(worker));
  }

  /** A new worker takes the place of another one. */
  forget(worker: number): void {
    for (const pages of this.ordered) pages.clear(worker);
  }

  /** Adds what workers and parent still share, or are the last to map, to their sums. */
  addTo(workers: PageSums, parent: PageSums): void {
    const parentPlace = this.workers;
    const places = Array.from({ length: this.workers + 1 }, (_, place) => place);
    for (const pages of this.ordered) {
      pages.eachRun(places, (count, sharers) => {
        for (const place of sharers) addRun(place === parentPlace ? parent : workers, count, sharers.length);
      });
    }
    const { withMaster, withoutMaster } = this.code.sharing(places.slice(0, this.workers));
    for (let sharers = 0; sharers <= this.workers; sharers++) {
      addRun(parent, withMaster[sharers]!, sharers + 1);
      for (let k = 0; k < sharers; k++) {
        addRun(workers, withMaster[sharers]!, sharers + 1);
        addRun(workers, withoutMaster[sharers]!, sharers);
      }
    }
  }

  /** Proportional share of one worker in the originals it still maps [pages]. */
  proportional(worker: number): number {
    const places = Array.from({ length: this.workers + 1 }, (_, place) => place);
    let sum = this.code.proportional(worker, places.slice(0, this.workers));
    for (const pages of this.ordered) {
      pages.eachRun(places, (count, sharers) => {
        if (sharers.includes(worker)) sum += count / sharers.length;
      });
    }
    return sum;
  }
}

/** Pages that a worker has beyond those it was forked with: of the Ruby heap, of malloc's arenas, of machine code. */
export interface OwnPages {
  readonly heap: number;
  readonly arenas: number;
  readonly code: number;
}

/** One process's part in pages that `sharers` processes map. */
function addRun(sums: PageSums, count: number, sharers: number): void {
  sums.pss += count / sharers;
  if (sharers > 1) sums.sharedDirty += count;
  else sums.privateDirty += count;
}
