import type { CollectionCosts } from './costs.js';

/** What a minor collection finds. */
export interface Minor {
  /** Young objects that live, and those of them that were allocated one by one among others. */
  readonly young: number;
  readonly scattered: number;
  /** References in old containers that were added to. */
  readonly remembered: number;
}

/**
 * How long the parts of a collection stop a process [ns], from the state of its heap.
 *
 * Something is done for every page at each start and end; how much that takes depends on whether the caches still hold
 * the pages' headers, hence on what was malloc'ed since the last collection (`coldBytes`).
 */
export class StopLengths {
  constructor(private readonly costs: CollectionCosts) {}

  /**
   * @param slots of all pages
   * @param mallocedBytes since the last collection
   */
  minor(slots: number, mallocedBytes: number, { young, scattered, remembered }: Minor): number {
    const { costs } = this;
    return (
      costs.startNs +
      this.pages(costs.rememberPerSlotNs + costs.sweepStartPerSlotNs, slots, mallocedBytes) +
      (young - scattered) * costs.youngNs +
      scattered * costs.scatteredYoungNs +
      remembered * costs.referenceNs
    );
  }

  majorStart(slots: number, mallocedBytes: number): number {
    return this.costs.startNs + this.pages(this.costs.clearPerSlotNs, slots, mallocedBytes);
  }

  /** @param heapObjects objects that the last collection marked, or passed over because they are old */
  marking(objects: number, heapObjects: number): number {
    const { markedNs, markedObjects, markedRisePerDoubling } = this.costs;
    const doublings = Math.log2(Math.max(1_000, heapObjects) / markedObjects);
    return objects * markedNs * (1 + markedRisePerDoubling * doublings);
  }

  /** The end of a major collection's marking, besides the marking itself. */
  markEnd(slots: number, mallocedBytes: number): number {
    return this.costs.startNs + this.pages(this.costs.sweepStartPerSlotNs, slots, mallocedBytes);
  }

  /** All of a sweep. */
  sweep(slots: number, garbage: number, bodyBytes: number): number {
    const { cachedSlots, sweptSlotNs, freedObjectNs, freedKibNs } = this.costs;
    return Math.max(0, slots - cachedSlots) * sweptSlotNs + garbage * freedObjectNs + (bodyBytes / 1024) * freedKibNs;
  }

  private pages(perSlotNs: number, slots: number, mallocedBytes: number): number {
    const { cachedSlots, coldFactor, coldBytes } = this.costs;
    const cold = mallocedBytes / (mallocedBytes + coldBytes);
    return Math.max(0, slots - cachedSlots) * perSlotNs * (1 + coldFactor * cold);
  }
}
