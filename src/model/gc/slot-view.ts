import type { CollectionCounts } from './collector.js';
import type { RubyHeap } from './ruby-heap.js';

/** What a collector without single pages knows of its heaps. */
export interface SlotSource {
  readonly pageBytes: number;
  readonly slotsPerPage: number;
  slots(process: number): number;
  bodies(process: number): number;
  heap(process: number): { readonly freeSlots: number };
  counts(process: number): CollectionCounts;
}

/** The heap of a process as a memory model sees it, told from counts of slots: pages without live objects are the free ones. */
export class SlotView implements RubyHeap {
  private slotsAtFork = 0;
  private freeAtFork = 0;
  private collectionsAtFork = 0;

  constructor(
    private readonly process: number,
    private readonly source: SlotSource,
  ) {}

  forked(): void {
    this.slotsAtFork = this.slots;
    this.freeAtFork = this.freeSlots;
    this.collectionsAtFork = this.collections;
  }

  get pageBytes(): number {
    return this.source.pageBytes;
  }

  get pages(): number {
    return this.slots / this.source.slotsPerPage;
  }

  get emptyPages(): number {
    return this.freeSlots / this.source.slotsPerPage;
  }

  get slots(): number {
    return this.source.slots(this.process);
  }

  get usedSlots(): number {
    return this.slots - this.freeSlots;
  }

  get freeSlots(): number {
    return this.source.heap(this.process).freeSlots;
  }

  get sharedSlots(): number {
    if (this.slotsAtFork === 0) return 0;
    // The first collection comes when all slots that were free have been handed out.
    const written =
      this.collections > this.collectionsAtFork ? this.freeAtFork : Math.max(0, this.freeAtFork - this.freeSlots);
    return this.slotsAtFork - written;
  }

  get bodyBytes(): number {
    return this.source.bodies(this.process);
  }

  private get collections(): number {
    const { minor, major } = this.source.counts(this.process);
    return minor + major;
  }
}
