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
  /** Pages of the Ruby heap. */
  readonly pages: number;
}

export function heapAtFork(liveObjects: number, pageBytes: number): HeapAtFork {
  const slots = liveObjects * (1 + MEMORY.freeSlotRatio);
  return { liveSlots: liveObjects, pages: Math.ceil((slots * MEMORY.slotBytes) / pageBytes) };
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
  const lazyShare = Math.min(1, spec.lazyBytes / Math.max(1, heapPages * PAGE_BYTES));
  const withFreeSlots = freeSlotPages(spec.beforeFork, heap, heapPages);
  const parts = {
    atOnce: pagesOf(MEMORY.forkedAtOnceBytes),
    firstRequest: pagesOf(MEMORY.firstRequestBytes) + Math.round(lazyShare * heapPages),
    freeSlots: Math.round(withFreeSlots * (1 - lazyShare)),
    bookkeeping: Math.round(heap.pages * MEMORY.bookkeepingPagesPerHeapPage),
    code: codePages,
  };
  const written = parts.atOnce + parts.firstRequest + parts.freeSlots + parts.bookkeeping + parts.code;
  return { ...parts, untouched: Math.max(0, total - written) };
}

function freeSlotPages(beforeFork: BeforeFork, { liveSlots }: HeapAtFork, heapPages: number): number {
  if (beforeFork !== 'compact') return MEMORY.freeSlotPageRatio * heapPages;
  return (liveSlots * MEMORY.freeSlotRatio * MEMORY.slotBytes) / PAGE_BYTES;
}

/** Share of the pages with free slots that is written when `objects` have been allocated since the fork. */
export function freeSlotsWritten(objects: number, { liveSlots }: HeapAtFork, beforeFork: BeforeFork): number {
  const used = objects / Math.max(1, liveSlots * MEMORY.freeSlotRatio);
  // Sweeping that was under way at the fork goes on in the child at the pace of its allocations; slots of compacted pages lie together.
  if (beforeFork === 'compact') return Math.min(1, used);
  if (beforeFork === 'none') return Math.min(1, objects / SWEPT_AFTER_OBJECTS);
  return Math.min(1, (used / MEMORY.freeSlotsWrittenAt) ** MEMORY.freeSlotsCurvature);
}

/**
 * Objects allocated until a sweep that was not finished before the fork is (measured: nine tenths after 10 000, the
 * rest after 50 000) [objects].
 */
const SWEPT_AFTER_OBJECTS = 30_000;

export function pagesOf(bytes: number): number {
  return Math.round(bytes / PAGE_BYTES);
}
