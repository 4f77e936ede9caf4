import type { HeapRules } from './heap-rules.js';
import type { ProcessHeap } from './process-heap.js';
import type { RubyHeap } from './ruby-heap.js';
import type { SizePool } from './size-pool.js';

/** The heap of a process as a memory model sees it. */
export class HeapView implements RubyHeap {
  private slotsAtFork: number;
  /** Of the pool that requests allocate from: slots of pages with free ones, and the free ones. */
  private partlyFreeAtFork: number;
  private freeAtFork: number;
  private collectionsAtFork: number;

  constructor(
    private heap: ProcessHeap,
    private readonly rules: HeapRules,
  ) {
    this.slotsAtFork = 0;
    this.partlyFreeAtFork = 0;
    this.freeAtFork = 0;
    this.collectionsAtFork = 0;
  }

  /** Another process, with a heap of its own, takes the place of the one that was looked at. */
  lookAt(heap: ProcessHeap): void {
    this.heap = heap;
    this.slotsAtFork = 0;
  }

  forked(): void {
    const pool = this.heap.pools[0]!;
    this.slotsAtFork = this.slots;
    this.partlyFreeAtFork = (pool.pages - pool.full) * pool.slotsPerPage;
    this.freeAtFork = pool.free;
    this.collectionsAtFork = this.heap.collections;
  }

  get pageBytes(): number {
    return this.rules.pageBytes;
  }

  get pages(): number {
    return this.sum((pool) => pool.pages);
  }

  get emptyPages(): number {
    return this.sum((pool, k) => pool.emptyPages(k === 0 ? this.heap.transient : 0));
  }

  get slots(): number {
    return this.heap.slots;
  }

  get usedSlots(): number {
    return this.slots - this.freeSlots;
  }

  get usedBytes(): number {
    return this.sum((pool) => (pool.slots - pool.free) * pool.slotBytes);
  }

  get freeSlots(): number {
    let free = 0;
    for (const pool of this.heap.pools) free += pool.free;
    return free;
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
    // The first collection comes when all slots that were free have been handed out.
    const isUsedUp = this.heap.collections > this.collectionsAtFork;
    const left = isUsedUp ? 0 : Math.min(1, this.heap.pools[0]!.free / Math.max(1, this.freeAtFork));
    return this.slotsAtFork - this.partlyFreeAtFork * (1 - left);
  }

  get bodyBytes(): number {
    return this.heap.bytes;
  }

  private sum(of: (pool: SizePool, k: number) => number): number {
    const { pools } = this.heap;
    let total = 0;
    for (let k = 0; k < pools.length; k++) total += of(pools[k]!, k);
    return total;
  }
}
