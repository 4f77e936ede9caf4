import { power } from '../../../random/special/power.js';
import { PAGE_BYTES } from '../../memory-figures.js';
import type { BeforeFork, SimulatedMemorySpec } from '../../memory-spec.js';
import { MEMORY } from '../coefficients.js';

/**
 * The anonymous memory of a process that has loaded the application, in kernel pages by what makes a forked child write
 * them. Together they are the static memory less the file-backed pages.
 */
export interface Composition {
  /** Written by the fork itself. */
  readonly atOnce: number;
  /** Written by the first request: code of the framework, memoised data outside pages with free slots. */
  readonly firstRequest: number;
  /** Heap pages with free slots or garbage: written as the slots are handed out, or by the sweep that frees them. */
  readonly freeSlots: number;
  /** Descriptors and mark bits of heap pages: written by the first collection. */
  readonly bookkeeping: number;
  /** Bytecode and inline caches: written by first execution. */
  readonly code: number;
  /** Objects in full heap pages, and malloc'ed bodies: never written. */
  readonly untouched: number;
}

/** Heap of the loaded application before the fork. */
export interface HeapAtFork {
  readonly liveSlots: number;
  /** Mean size of a slot [bytes]. */
  readonly slotBytes: number;
  /** Pages of the Ruby heap. */
  readonly pages: number;
}

export function heapAtFork(liveObjects: number, pageBytes: number, slotBytes: number = MEMORY.slotBytes): HeapAtFork {
  const slots = liveObjects * (1 + MEMORY.freeSlotRatio);
  return { liveSlots: liveObjects, slotBytes, pages: Math.ceil((slots * slotBytes) / pageBytes) };
}

/**
 * Memoised data lies in the heap evenly, so a share of the pages with free slots is written by the first request
 * already.
 */
export function compose(
  spec: SimulatedMemorySpec,
  heap: HeapAtFork,
  pageBytes: number,
  codePages: number,
): Composition {
  const total = pagesOf(Math.max(0, spec.staticBytes - MEMORY.textBytes));
  const heapPages = Math.round((heap.pages * pageBytes) / PAGE_BYTES);
  const lazy = lazyShare(spec, heap, pageBytes);
  const withFreeSlots = freeSlotPages(spec.beforeFork, heap, heapPages);
  const parts = {
    atOnce: pagesOf(MEMORY.forkedAtOnceBytes),
    firstRequest: pagesOf(MEMORY.firstRequestBytes) + Math.round(lazy * heapPages),
    freeSlots: Math.round(withFreeSlots * (1 - lazy)),
    bookkeeping: Math.round(heap.pages * MEMORY.bookkeepingPagesPerHeapPage),
    code: codePages,
  };
  const written = parts.atOnce + parts.firstRequest + parts.freeSlots + parts.bookkeeping + parts.code;
  return { ...parts, untouched: Math.max(0, total - written) };
}

/** Share of the heap's pages in which memoised data lies. */
export function lazyShare({ lazyBytes }: SimulatedMemorySpec, heap: HeapAtFork, pageBytes: number): number {
  return Math.min(1, lazyBytes / Math.max(1, heap.pages * pageBytes));
}

function freeSlotPages(beforeFork: BeforeFork, { liveSlots, slotBytes }: HeapAtFork, heapPages: number): number {
  if (beforeFork !== 'compact') return MEMORY.freeSlotPageRatio * heapPages;
  return (liveSlots * MEMORY.freeSlotRatio * slotBytes) / PAGE_BYTES;
}

/**
 * Share of the pages with free slots that is written when `objects` have been allocated since the fork, before the first
 * collection. Slots that were swept before the fork are handed out here and there; a sweep that was under way goes on in
 * the child at the pace of its allocations and writes page after page.
 */
export function freeSlotsWritten(
  objects: number,
  { liveSlots }: HeapAtFork,
  { beforeFork, bootSweep }: Pick<SimulatedMemorySpec, 'beforeFork' | 'bootSweep'>,
): number {
  if (beforeFork === 'none') {
    return bootSweep === 'late'
      ? LATE_SHARE * Math.min(1, objects / (liveSlots * LATE_GARBAGE))
      : Math.min(1, objects / SWEPT_AFTER_OBJECTS);
  }
  const used = objects / Math.max(1, liveSlots * MEMORY.freeSlotRatio);
  // Slots of compacted pages lie together.
  if (beforeFork === 'compact') return Math.min(1, used);
  return Math.min(1, power(used, MEMORY.freeSlotsCurvature));
}

/**
 * Objects allocated until a sweep that had not come far before the fork has written nearly all pages: those of the loaded
 * application have few dead objects each (measured: 25 000 freed in 30 MiB of pages, 124 000 in 12 MiB after that) [objects].
 */
const SWEPT_AFTER_OBJECTS = 30_000;

/**
 * A sweep that has these pages behind it still comes to those that loading filled last: their share of the pages with free
 * slots, and the dead objects in them for each live one (measured: 94 000 freed in 18 MiB, 1.2 million live) [ratio].
 */
const LATE_SHARE = 0.5;
const LATE_GARBAGE = 0.078;

export function pagesOf(bytes: number): number {
  return Math.round(bytes / PAGE_BYTES);
}
