import { power } from '../../random/special/power.js';
/** How the objects that stay lie in the pages of a size pool. Numbers of pages may be fractions: they are means. */
export interface PageLayout {
  readonly pages: number;
  /** Pages that hold objects that stay and no free slot. */
  readonly full: number;
  /** Pages that hold no object that stays. */
  readonly unpinned: number;
  /** Objects that stay: of the loaded application, and retained by requests. */
  readonly pinned: number;
}

/**
 * Probability that none of the `slots` of a page is among the survivors: (1 - share) ^ slots if they are scattered one by
 * one. One survivor keeps the whole page: 0.1 % of them keep 34 % of the pages of 409 slots, and 81 % of those of 1638.
 *
 * @param share of the slots that survive, in [0, 1]
 * @param inARow survivors lie in rows of so many, the gaps between rows being random (geometric)
 */
export function emptyPageShare(share: number, slots: number, inARow = 1): number {
  if (share >= 1) return 0;
  const rows = share / inARow;
  // The first slot is free, and after no slot but the last a row begins.
  return (1 - share) * power(1 - rows / (1 - share + rows), slots - 1);
}

/**
 * The pages of a freshly booted application: loading filled the heap, which grew to `GROWN_FROM` times as much; the rest
 * of what loading made lies scattered over the pages of that last growth, with what is garbage by now in between.
 *
 * @param resident objects that stay
 * @param slots of the booted heap, at least `resident`
 */
export function bootedLayout(resident: number, slots: number, slotsPerPage: number): PageLayout {
  const pages = Math.ceil(slots / slotsPerPage);
  const isPacked = resident > pages * slotsPerPage - slotsPerPage;
  const full = isPacked
    ? Math.floor(resident / slotsPerPage)
    : Math.floor(Math.min(resident, slots * GROWN_FROM) / slotsPerPage);
  const rest = resident - full * slotsPerPage;
  const others = pages - full;
  const unpinned = others === 0 ? 0 : others * emptyPageShare(rest / (others * slotsPerPage), slotsPerPage);
  return { pages, full, unpinned, pinned: resident };
}

/** A heap without free slots grows so that 40 % are free: to 1 / 0.6 of its size. */
const GROWN_FROM = 0.6;
