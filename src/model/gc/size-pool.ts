import { emptyPageShare, type PageLayout } from './page-layout.js';
import { SWEEP_SLICE_SLOTS, UNLINKED_PAGES_PER_SLICE } from './ruby-parameters.js';

/**
 * The pages of one slot size in one process, and the free slots in them.
 *
 * Objects that stay (`pinned`) have their place; all others are taken to lie in rows in the remaining slots, as what a
 * thread allocates in one go does, so that they fill whole pages. Only a page without any object can be returned.
 *
 * ```
 * slot: free -- handed out --> in use -- dead, and a collection has found it --> free, or set aside for incremental marking
 * page: not mapped -- no free slot is left, and it is allowed --> mapped -- nothing on it lives, after a collection --> returned
 * ```
 */
export class SizePool {
  pages: number;
  full: number;
  unpinned: number;
  pinned: number;
  /** Of the pinned ones, those that requests have left behind. */
  private retained: number;
  /** Pages that may be mapped without a collection. */
  allocatablePages: number;
  /** Free slots to hand out, whether swept already or not. */
  room: number;
  /** Free slots set aside for the time of incremental marking. */
  pooled: number;

  /** @param slotBytes size of a slot [bytes] */
  constructor(
    readonly slotBytes: number,
    readonly slotsPerPage: number,
    layout: PageLayout,
  ) {
    this.pages = layout.pages;
    this.full = layout.full;
    this.unpinned = layout.unpinned;
    this.pinned = layout.pinned;
    this.retained = 0;
    this.allocatablePages = 0;
    this.room = this.pages * slotsPerPage - this.pinned;
    this.pooled = 0;
  }

  /** Slots of all pages. */
  get slots(): number {
    return this.pages * this.slotsPerPage;
  }

  /** Slots of the pages that may be mapped. */
  get allocatable(): number {
    return this.allocatablePages * this.slotsPerPage;
  }

  /** Free slots, those set aside included. */
  get free(): number {
    return this.room + this.pooled;
  }

  /** Slots in use of objects that nobody refers to. @param transient live objects that do not stay */
  garbage(transient: number): number {
    return Math.max(0, this.slots - this.pinned - transient - this.free);
  }

  /** A collection has found that all slots are free but those of the objects that stay and of `transient` others. @param pooledShare of the free slots, set aside for incremental marking */
  setFree(transient: number, pooledShare: number): void {
    const free = Math.max(0, this.slots - this.pinned - transient);
    this.pooled = free * pooledShare;
    this.room = free - this.pooled;
  }

  /** Hands out slots; maps pages where the free ones do not suffice. */
  take(objects: number): void {
    this.room -= objects;
    if (this.room < 0) this.map(Math.ceil(-this.room / this.slotsPerPage));
  }

  /** Maps one page for objects that are allocated while marking; false if none may be. */
  mapWhileMarking(): boolean {
    if (this.allocatablePages < 1) return false;
    this.allocatablePages--;
    this.pages++;
    this.unpinned++;
    this.pooled += this.slotsPerPage;
    return true;
  }

  /**
   * From now on so many objects stay.
   *
   * @param outOf objects among which they are scattered evenly, allocated one after the other
   * @param inARow they come in rows of so many
   * @returns how many there was room for
   */
  pin(objects: number, outOf: number, inARow: number): number {
    const working = this.slots - this.pinned;
    if (objects <= 0 || working <= 0) return 0;
    const exposed = Math.min(1, outOf / working);
    const share = Math.min(1, objects / Math.max(objects, outOf));
    this.unpinned *= 1 - exposed * (1 - emptyPageShare(share, this.slotsPerPage, inARow));
    const pinned = Math.min(this.slots, this.pinned + objects);
    this.retained += pinned - this.pinned;
    this.pinned = pinned;
    return Math.min(objects, working);
  }

  /**
   * So many of the objects that requests have left behind go. Objects that went together were left behind together: pages
   * are rid of them in proportion. Returns how many there were.
   */
  unpin(objects: number): number {
    const unpinned = Math.min(objects, this.retained);
    if (unpinned === 0) return 0;
    this.unpinned += Math.max(0, this.pages - this.full - this.unpinned) * (unpinned / (this.retained + this.loaded));
    this.retained -= unpinned;
    this.pinned -= unpinned;
    return unpinned;
  }

  /** Objects of the loaded application outside full pages. */
  private get loaded(): number {
    return Math.max(0, this.pinned - this.retained - this.full * this.slotsPerPage);
  }

  /** Pages without any live object while `transient` objects live that do not stay. */
  emptyPages(transient: number): number {
    const working = this.slots - this.pinned;
    return working > 0 ? this.unpinned * Math.max(0, 1 - transient / working) : 0;
  }

  /**
   * Returns empty pages: of those that a slice of sweeping comes across, three at most, the others go back to work.
   *
   * @param transient live objects that do not stay
   * @param freeablePages pages that the collection allows to be returned
   * @returns pages returned
   */
  returnPages(transient: number, freeablePages: number): number {
    const empty = this.emptyPages(transient);
    const withFreeSlots = this.pages - this.full;
    if (freeablePages <= 0 || empty <= 0) return 0;
    const emptyShare = empty / withFreeSlots;
    const freeInPage = (this.slots - this.pinned - transient) / withFreeSlots;
    // A slice ends at the page with which more than so many slots are free.
    const kept = Math.floor(SWEEP_SLICE_SLOTS / freeInPage) + 1;
    const visited = emptyShare < 1 ? kept / (1 - emptyShare) : Number.POSITIVE_INFINITY;
    const isCapped = emptyShare * visited > UNLINKED_PAGES_PER_SLICE;
    const returnedShare = isCapped ? UNLINKED_PAGES_PER_SLICE / (kept + UNLINKED_PAGES_PER_SLICE) : emptyShare;
    return this.unmap(Math.floor(Math.min(freeablePages, empty, returnedShare * withFreeSlots)));
  }

  /** Returns all empty pages. */
  returnAll(transient: number): number {
    return this.unmap(Math.floor(this.emptyPages(transient)));
  }

  /** Moves the objects that stay together, from the last page into the free slots of the first. */
  compact(): void {
    this.full = Math.floor(this.pinned / this.slotsPerPage);
    this.unpinned = this.pages - Math.ceil(this.pinned / this.slotsPerPage);
  }

  private unmap(pages: number): number {
    this.pages -= pages;
    this.unpinned -= pages;
    return pages;
  }

  private map(wanted: number): void {
    const pages = Math.min(wanted, this.allocatablePages);
    this.allocatablePages -= pages;
    this.pages += pages;
    this.unpinned += pages;
    this.room += pages * this.slotsPerPage;
    // What is left of a rounding error in the caller's floating point numbers.
    if (this.room < 0) this.room = 0;
  }
}
