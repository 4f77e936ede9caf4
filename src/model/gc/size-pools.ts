import type { SizePool } from './size-pool.js';

/**
 * Where slots come from: free ones only (a major collection is due, it starts instead of adding a page), free ones and pages
 * that may be mapped, or those set aside for incremental marking.
 */
export type SlotSource = 'free slots' | 'free slots and new pages' | 'slots set aside';

/**
 * The size pools of a process. What requests allocate is spread over them in shares that stay the same. So they last until the
 * first of them is used up, which is known beforehand, and a pool is told what it has handed out only when somebody looks at it.
 */
export class SizePools {
  private source: SlotSource;
  /** Objects that can be allocated from `source`, counted from when the pools were last up to date; NaN: not counted yet. */
  private capacity: number;
  /** Objects allocated since the pools were last up to date. */
  private handedOut: number;
  /** The largest share: that pool needs slots first, and all pools are swept at its pace. */
  private readonly largestShare: number;

  /** @param shares of what requests allocate, by pool; they add up to 1 */
  constructor(
    private readonly pools: readonly SizePool[],
    readonly shares: readonly number[],
  ) {
    this.source = 'free slots and new pages';
    this.capacity = Number.NaN;
    this.handedOut = 0;
    this.largestShare = Math.max(...shares);
  }

  /** All of them, up to date. */
  get all(): readonly SizePool[] {
    this.settle();
    return this.pools;
  }

  /** From now on slots come from there. To be called whenever a collection has changed the pools. */
  serveFrom(source: SlotSource): void {
    this.settle();
    this.source = source;
    this.capacity = Number.NaN;
  }

  /** Objects that can be allocated before one of the pools has no slot left. */
  get left(): number {
    if (Number.isNaN(this.capacity)) this.capacity = this.count();
    return Math.max(0, this.capacity - this.handedOut);
  }

  handOut(objects: number): void {
    this.handedOut += objects;
  }

  /** Moves all free slots to those set aside. Returns how many were there already. */
  setAllAside(): number {
    let setAside = 0;
    for (const pool of this.all) {
      setAside += pool.pooled;
      pool.pooled += pool.room;
      pool.room = 0;
    }
    return setAside;
  }

  /** From now on so many more objects stay; see `SizePool.pin`. Returns how many there was room for. */
  pin(objects: number, outOf: number, inARow: number): number {
    let pinned = 0;
    for (const [k, pool] of this.all.entries()) {
      pinned += pool.pin(objects * this.shares[k]!, outOf * this.shares[k]!, inARow);
    }
    return pinned;
  }

  /** So many of them go; see `SizePool.unpin`. Returns how many there were. */
  unpin(objects: number): number {
    let unpinned = 0;
    for (const [k, pool] of this.all.entries()) unpinned += pool.unpin(objects * this.shares[k]!);
    return unpinned;
  }

  /**
   * Allocations in which sweeping comes to all free slots, if there are that many: a slice of sweeping frees as many slots in each
   * pool, and the next one is due when the pool that hands out most has used them up.
   *
   * @see ruby/ruby gc.c 3.3.8 `gc_sweep_continue`
   */
  get sweptIn(): number {
    let most = 0;
    for (const { room } of this.all) if (room > most) most = room;
    return most / this.largestShare;
  }

  private count(): number {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < this.pools.length; k++) {
      const share = this.shares[k]!;
      if (share > 0) least = Math.min(least, this.slotsOf(this.pools[k]!) / share);
    }
    return least;
  }

  private slotsOf(pool: SizePool): number {
    if (this.source === 'slots set aside') return pool.pooled;
    return this.source === 'free slots' ? pool.room : pool.room + pool.allocatable;
  }

  private settle(): void {
    const { handedOut, shares, pools } = this;
    if (handedOut === 0) return;
    this.handedOut = 0;
    this.capacity -= handedOut;
    for (let k = 0; k < pools.length; k++) {
      const slots = handedOut * shares[k]!;
      if (this.source === 'slots set aside') pools[k]!.pooled -= slots;
      else if (slots > 0) pools[k]!.take(slots);
    }
  }
}
