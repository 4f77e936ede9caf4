import type { SizePoolFigures } from '../memory-figures.js';
import type { HeapRules } from './heap-rules.js';
import type { ProcessHeap } from './process-heap.js';
import type { RubyHeap } from './ruby-heap.js';
import type { SizePool } from './size-pool.js';

/** The heap of a process as a memory model sees it. */
export class HeapView implements RubyHeap {
  private slotsAtFork: number;
  /** By size pool: slots of pages with free ones, and the free ones. */
  private partlyFreeAtFork: readonly number[];
  private freeAtFork: readonly number[];
  private collectionsAtFork: number;

  constructor(
    private heap: ProcessHeap,
    private readonly rules: HeapRules,
  ) {
    this.slotsAtFork = 0;
    this.partlyFreeAtFork = [];
    this.freeAtFork = [];
    this.collectionsAtFork = 0;
  }

  /** Another process, with a heap of its own, takes the place of the one that was looked at. */
  lookAt(heap: ProcessHeap): void {
    this.heap = heap;
    this.slotsAtFork = 0;
  }

  forked(): void {
    const { pools } = this.heap.census;
    this.slotsAtFork = this.slots;
    this.partlyFreeAtFork = pools.map((pool) => (pool.pages - pool.full) * pool.slotsPerPage);
    this.freeAtFork = pools.map(({ free }) => free);
    this.collectionsAtFork = this.heap.collections;
  }

  get pageBytes(): number {
    return this.rules.pageBytes;
  }

  get pages(): number {
    return this.sum((pool) => pool.pages);
  }

  get emptyPages(): number {
    return this.sum((pool, k) => pool.emptyPages(this.heap.census.transient * this.heap.census.shares[k]!));
  }

  get slots(): number {
    return this.heap.census.slots;
  }

  get sizePools(): SizePoolFigures[] {
    return this.heap.census.pools.map(({ slotBytes, pages, slots, free }) => ({
      slotBytes,
      pageBytes: pages * this.rules.pageBytes,
      usedBytes: (slots - free) * slotBytes,
    }));
  }

  get slotBytes(): number {
    return this.sum((pool) => pool.slots * pool.slotBytes);
  }

  get usedSlots(): number {
    return this.slots - this.freeSlots;
  }

  get usedBytes(): number {
    return this.sum((pool) => (pool.slots - pool.free) * pool.slotBytes);
  }

  get freeSlots(): number {
    return this.heap.census.free;
  }

  get unsweptGarbage(): number {
    return this.heap.unsweptGarbage;
  }

  get unsweptSlots(): number {
    return this.heap.unsweptSlots;
  }

  get isMarking(): boolean {
    return this.heap.isMarking;
  }

  get sharedSlots(): number {
    if (this.slotsAtFork === 0) return 0;
    // The first collection sweeps all pages with free slots, of pools that hand out none as well.
    const isSwept = this.heap.collections > this.collectionsAtFork;
    const written = this.sum((pool, k) => {
      const left = isSwept ? 0 : Math.min(1, pool.free / Math.max(1, this.freeAtFork[k]!));
      return this.partlyFreeAtFork[k]! * (1 - left);
    });
    return this.slotsAtFork - written;
  }

  get bodyBytes(): number {
    return this.heap.bytes;
  }

  private sum(of: (pool: SizePool, k: number) => number): number {
    const { pools } = this.heap.census;
    let total = 0;
    for (let k = 0; k < pools.length; k++) total += of(pools[k]!, k);
    return total;
  }
}
