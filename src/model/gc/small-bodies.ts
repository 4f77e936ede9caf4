import type { ThreadId } from '../entities/ids.js';
import type { CollectionCosts } from './costs.js';

/**
 * Share of the strings of an `a` phase whose bytes do not fit into their slots (more than 23), so that they are in
 * a small malloc'ed block. In the application measured: of four strings in a row one comes from a literal (Unicorn, which
 * loads config.ru in a way that ignores its `frozen_string_literal` comment, makes exactly 1.25 objects a string).
 */
const WITH_BODY = 0.25;

/**
 * The small blocks (up to 128 bytes) that hold the bytes of strings in one process, as glibc's malloc has them.
 *
 * It keeps free blocks of these sizes in lists, last in, first out, and never joins them. Where the thread that sweeps is
 * the one that allocates, blocks go back into the very list that the next strings are taken from, and with every
 * collection the list is in less of an order, until each block freed is a miss of the caches. With several threads that
 * take turns, each has an arena of its own, blocks go back to the arenas of the others, and the order lasts.
 *
 * Seen in Unicorn on Ruby 3.1.2: a slice of sweeping (2 370 objects, 474 with bodies) takes 37 us in young processes, as it
 * does in Puma with five threads at all times, and 85 after 70 collections; least squares: 37 + 50 (1 - exp(-k / 40)) us
 * after k collections, which is 105 ns a block. Found again with programs of one, two, three and five threads on the same
 * Ruby: time of collections over that of Ruby code 0.23 to 0.33 in the course of 130 collections with one thread, 0.17 to 0.18 with
 * two, 0.15 to 0.16 with three and five; again 0.20 to 0.29 with five threads and `MALLOC_ARENA_MAX=1`, and no rise
 * with strings that have no body. Left out: that setting, other allocators, and bodies of other objects than these strings.
 */
export class SmallBodies {
  /** Allocated and not found dead yet. */
  private blocks: number;
  /** The one thread that has made strings; -1 = none yet. */
  private thread: ThreadId;
  private isOneThread: boolean;
  /** 0 = blocks are freed in the order of their addresses, 1 = in no order. */
  private disorder: number;

  constructor(private readonly costs: CollectionCosts) {
    this.blocks = 0;
    this.thread = -1;
    this.isOneThread = true;
    this.disorder = 0;
  }

  /** `thread` goes on to make so many strings. */
  make(thread: ThreadId, strings: number): void {
    this.blocks += strings * WITH_BODY;
    if (this.thread !== -1 && this.thread !== thread) this.isOneThread = false;
    this.thread = thread;
  }

  /**
   * A collection has found so much garbage beside so many live objects that requests made.
   *
   * @returns by how much longer sweeping takes [ns]
   */
  found(garbage: number, live: number): number {
    if (this.blocks === 0 || garbage === 0) return 0;
    const freed = Math.min(garbage * WITH_BODY, (this.blocks * garbage) / (garbage + live));
    this.blocks -= freed;
    const extraNs = this.isOneThread ? freed * this.disorder * this.costs.scatteredBodyNs : 0;
    this.disorder += (1 - this.disorder) / this.costs.orderlyCollections;
    return extraNs;
  }
}
