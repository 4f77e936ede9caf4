/**
 * Sweeping that is still to be done: the allocations that follow a collection pay for it, slot by slot.
 *
 * Ruby sweeps about 2 000 free slots at a time, a pause of 20 to 40 us; here the cost is spread evenly over the slots.
 *
 * ```
 * done -- marking has ended --> slots to sweep -- so many allocations --> done
 *                                 `-- a size pool used up, malloc limit reached, or a full collection: finish, in one stop --> done
 * ```
 */
export class LazySweep {
  /** Slots that it has still to free. */
  slots: number;
  /** Of them, slots with dead objects, whose bodies it frees. They come first: pages are swept in the order of filling. */
  dirty: number;
  private bytesPerDirtySlot: number;
  private nsPerSlot: number;
  /** Slots that it frees for each object that is allocated: 1 if there is one size pool. */
  private slotsPerObject: number;

  constructor() {
    this.slots = 0;
    this.dirty = 0;
    this.bytesPerDirtySlot = 0;
    this.nsPerSlot = 0;
    this.slotsPerObject = 1;
  }

  /**
   * @param slots free slots that sweeping finds
   * @param dirty dead objects in them
   * @param bytes malloc'ed bodies of those
   * @param ns CPU time of all of it
   * @param objects allocations that it is done in
   */
  start(slots: number, dirty: number, bytes: number, ns: number, objects: number): void {
    this.slots = slots;
    this.dirty = Math.min(slots, dirty);
    this.bytesPerDirtySlot = bytes / Math.max(1, this.dirty);
    this.nsPerSlot = ns / Math.max(1, slots);
    this.slotsPerObject = objects > 0 ? slots / objects : 1;
  }

  /** What allocating so many objects costs [ns]. */
  costNs(objects: number): number {
    return Math.min(objects * this.slotsPerObject, this.slots) * this.nsPerSlot;
  }

  /** Bytes of bodies that no sweep has freed yet. */
  get bytes(): number {
    return this.dirty * this.bytesPerDirtySlot;
  }

  /** Allocations in which it frees dead objects, and with each of them so many bytes. */
  get dirtyObjects(): number {
    return this.dirty / this.slotsPerObject;
  }

  get bytesPerObject(): number {
    return this.bytesPerDirtySlot * this.slotsPerObject;
  }

  /** So many objects have been allocated. */
  advance(objects: number): void {
    const slots = objects * this.slotsPerObject;
    this.dirty = Math.max(0, this.dirty - slots);
    this.slots = Math.max(0, this.slots - slots);
  }

  /** Sweeps the rest at once. Returns what that takes [ns]. */
  finish(): number {
    const ns = this.slots * this.nsPerSlot;
    this.cancel();
    return ns;
  }

  cancel(): void {
    this.slots = 0;
    this.dirty = 0;
  }
}
