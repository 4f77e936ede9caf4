/** Memory as Linux shows it: the fields of /proc/PID/smaps_rollup, in bytes. */

/**
 * One process. Exact at any time: rss = sharedClean + sharedDirty + privateClean + privateDirty.
 *
 * A page is shared when two or more processes map it. Dirty: written by somebody since it was mapped, before the fork
 * included; clean: still as in the file.
 */
export interface ProcessFigures {
  readonly pss: number;
  readonly sharedClean: number;
  readonly sharedDirty: number;
  readonly privateClean: number;
  readonly privateDirty: number;
}

export function rssOf({ sharedClean, sharedDirty, privateClean, privateDirty }: ProcessFigures): number {
  return sharedClean + sharedDirty + privateClean + privateDirty;
}

/** Unique set size: what would be free if the process ended. */
export function ussOf({ privateClean, privateDirty }: ProcessFigures): number {
  return privateClean + privateDirty;
}

/** Figures of so many alike processes together. */
export function times(figures: ProcessFigures, count: number): ProcessFigures {
  return {
    pss: count * figures.pss,
    sharedClean: count * figures.sharedClean,
    sharedDirty: count * figures.sharedDirty,
    privateClean: count * figures.privateClean,
    privateDirty: count * figures.privateDirty,
  };
}

/** `worker` serves requests; `master` is forked from and serves nobody; `image`: pages of the loaded application that no process maps any more. */
export type ProcessClass = 'master' | 'worker' | 'image';

/** Processes of one class together. */
export interface ClassReading {
  readonly processClass: ProcessClass;
  /** Processes of the class. */
  readonly count: number;
  /** Summed over them. */
  readonly figures: ProcessFigures;
}

/** What lies between Ruby objects and the kernel, summed over the worker processes. */
export interface MemoryLayers {
  /** Null where no collector keeps a heap. */
  readonly rubyHeap: RubyHeapFigures | null;
  /** The Ruby heap by the size of its slots, ascending; empty where there is none. */
  readonly sizePools: readonly SizePoolFigures[];
  /** What requests have malloc'ed; the loaded application's own is not in it. */
  readonly malloc: MallocFigures;
}

/** The Ruby heap, as `GC.stat` shows it. */
export interface RubyHeapFigures {
  readonly pages: number;
  /** All pages [bytes]. */
  readonly pageBytes: number;
  /** Slots in use, garbage that no sweep has reached yet included [bytes]. */
  readonly usedBytes: number;
  /** Pages without any live object [bytes]. */
  readonly emptyBytes: number;
}

/** One size pool, as `GC.stat_heap` shows it. */
export interface SizePoolFigures {
  /** Size of a slot [bytes]. */
  readonly slotBytes: number;
  /** Its pages [bytes]. */
  readonly pageBytes: number;
  /** Its slots in use, garbage that no sweep has reached yet included [bytes]. */
  readonly usedBytes: number;
}

/** The allocator, as `malloc_info` shows it. */
export interface MallocFigures {
  readonly arenas: number;
  /** Allocated and not freed [bytes]. */
  readonly liveBytes: number;
  /** Pages that arenas have and have not given back [bytes]. */
  readonly keptBytes: number;
  /** Addresses set aside [bytes]. */
  readonly reservedBytes: number;
}

/** Reads the memory of a running model. */
export interface MemoryMeter {
  /** Always the same classes in the same order. */
  read(nowNs: number): readonly ClassReading[];
  /** Null if memory is a formula. */
  layers(nowNs: number): MemoryLayers | null;
  /** What happened to processes so far for reasons of memory. */
  events(): MemoryEvents;
}

export interface MemoryEvents {
  /** Memory of the container; Infinity = no limit [bytes]. */
  readonly limitBytes: number;
  /** When the limit was reached first [ns]; Infinity = never. */
  readonly firstCrossingNs: number;
  /** Processes killed by the kernel because the container was full. */
  readonly oomKills: number;
  /** Workers replaced because a worker killer found them too large; null: there is none. */
  readonly workerKills: number | null;
  /** Workers replaced because they had served their number of requests; null: that number is not limited. */
  readonly retired: number | null;
}

export const MEBIBYTE = 1024 * 1024;
export const PAGE_BYTES = 4096;
