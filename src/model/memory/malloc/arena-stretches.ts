import type { LockUse } from './contention.js';
import { mixedStretch } from './mixed-contention.js';

/** Combinations that are remembered; a host with few kinds of requests has far fewer. */
const REMEMBERED = 10_000;

/** How much longer work takes at an arena by who is there, worked out once for each combination. */
export class ArenaStretches {
  private readonly uses: LockUse[];
  private readonly ids: Map<LockUse, number>;
  private readonly known: Map<string, readonly number[]>;

  constructor() {
    this.uses = [];
    this.ids = new Map();
    this.known = new Map();
  }

  /** Number of a way to use the lock: the same for equal ways. */
  idOf(use: LockUse): number {
    const known = this.ids.get(use);
    if (known !== undefined) return known;
    const same = this.uses.findIndex(({ freeNs, heldNs }) => freeNs === use.freeNs && heldNs === use.heldNs);
    const id = same < 0 ? this.uses.push(use) - 1 : same;
    this.ids.set(use, id);
    return id;
  }

  /**
   * @param threads threads there by the number of their use; one at least
   * @param cores how many of them run at the same time
   * @returns by the same number; of uses that nobody has there without meaning
   */
  of(threads: readonly (number | undefined)[], cores: number): readonly number[] {
    const key = `${cores}/${threads}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= REMEMBERED) this.known.clear();
    const there = this.uses.map((use, id) => ({ id, use, threads: threads[id] ?? 0 })).filter((one) => one.threads > 0);
    const found = mixedStretch(there, cores);
    const stretches = this.uses.map(() => 1);
    for (const [k, { id }] of there.entries()) stretches[id] = found[k]!;
    this.known.set(key, stretches);
    return stretches;
  }
}
