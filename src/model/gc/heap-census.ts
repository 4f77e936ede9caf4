import type { SizePool } from './size-pool.js';
import type { SizePools } from './size-pools.js';
import type { Survivors } from './survivors.js';

/** Who has the slots of a process: the objects that stay, by size pool, and those that threads keep or have dropped, by age. */
export class HeapCensus {
  constructor(
    private readonly process: number,
    private readonly slotsOf: SizePools,
    private readonly survivors: Survivors,
  ) {}

  /** One for each slot size. */
  get pools(): readonly SizePool[] {
    return this.slotsOf.all;
  }

  /** Share of what requests allocate that is in each pool. */
  get shares(): readonly number[] {
    return this.slotsOf.shares;
  }

  /** Slots of all pages. */
  get slots(): number {
    let slots = 0;
    for (const pool of this.pools) slots += pool.slots;
    return slots;
  }

  /** Free slots of all pages. */
  get free(): number {
    let free = 0;
    for (const pool of this.pools) free += pool.free;
    return free;
  }

  /** Objects that stay. */
  get pinned(): number {
    let objects = 0;
    for (const pool of this.pools) objects += pool.pinned;
    return objects;
  }

  /** Objects that only a major collection looks at. */
  get old(): number {
    return this.pinned + this.survivors.old(this.process) + this.survivors.deadOldOf(this.process);
  }

  /** Objects that do not stay and that the last collection left: what threads keep, and garbage that it did not find. */
  get transient(): number {
    const { survivors, process } = this;
    return (
      survivors.young(process) + survivors.deadYoungOf(process) + survivors.old(process) + survivors.deadOldOf(process)
    );
  }

  /** Objects that a major collection which starts now will mark. */
  get live(): number {
    const { survivors, process } = this;
    const dead = survivors.deadOldOf(process) + survivors.deadYoungOf(process) + survivors.orphansOf(process);
    return this.pinned + this.transient - dead;
  }

  /** What a collection that is over has found dead: who has a slot and neither stays nor was left. */
  get garbage(): number {
    const { pools, shares, transient } = this;
    let garbage = 0;
    for (let k = 0; k < pools.length; k++) garbage += pools[k]!.garbage(transient * shares[k]!);
    return garbage;
  }
}
