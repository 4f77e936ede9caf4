import type { AllocatorSpec } from '../../memory-spec.js';
import { MEMORY } from '../coefficients.js';
import type { ArenaId, MallocHeap } from './allocator.js';

const KIB = 1024;
/** Blocks from this size on are mapped alone, at first … */
const MMAP_THRESHOLD = 128 * KIB;
/** … until such a block is freed, whose size is the threshold from then on, up to this. */
const MMAP_THRESHOLD_MAX = 32 * 1024 * KIB;
/** `arena_test`: the limit is computed only when there are more arenas than this. */
const ARENA_TEST = 8;
const ARENAS_PER_CPU = 8;
/** `HEAP_MAX_SIZE`: addresses that an arena of a thread sets aside at a time. The main arena grows by `brk` instead. */
const ARENA_HEAP_BYTES = 64 * 1024 * KIB;

interface Arena {
  live: number;
  /** Blocks that are allocated: each of them may lie at the top. */
  blocks: number;
  /** Pages written to and not given back [bytes]. */
  resident: number;
  /** How far the blocks that are left may reach: the size of the arena at its largest, until none is left [bytes]. */
  extent: number;
}

/**
 * glibc's malloc, as far as memory goes. An arena keeps what it has needed at its busiest: freed blocks go back to the
 * arena they came from and can serve nobody else; memory returns to the kernel only from the top of an arena, and some
 * block nearly always lies there. So what a process keeps is the sum of the peaks of its arenas, and the peaks of
 * different threads do not coincide.
 *
 * A thread gets an arena at its first allocation: a new one while there are fewer than the limit, else the next in turn: the
 * main one first, then from the newest to the oldest, so that of threads that begin one after the other those nearest to the
 * limit share.
 * The cache of each thread (tcache) holds freed small blocks back, which no other thread can use; it is taken to be full,
 * as it is in a thread that has swept.
 *
 * ```
 * page of an arena: not there -- more is needed than ever --> resident -- freed --> resident, for this arena alone
 *                       ^                                        |
 *                       `-- at the top and at least 2 x the mmap threshold free, or trimmed --'
 * large block: mapped -- freed --> unmapped; the next of its size comes from an arena
 * ```
 *
 * Known to be wrong: holes are a fixed share of the peak, whatever the mix of sizes; address order is not simulated, so
 * the memory returned from the top is its expected value for blocks that lie anywhere with equal probability.
 * @see glibc 2.36 malloc/arena.c (arena_get2, reused_arena, heap_trim), malloc/malloc.c (sysmalloc, systrim)
 */
export class GlibcHeap implements MallocHeap {
  private readonly all: Arena[];
  private readonly limit: number;
  private nextToUse: number;
  private mmapThreshold: number;
  private mapped: number;
  /** Threads that have been given an arena: none in a process with a single one, which uses the main arena. */
  private threads: number;
  /** Bytes freed so far. */
  private freed: number;

  constructor(spec: Extract<AllocatorSpec, { kind: 'glibc' }>) {
    this.all = [emptyArena()];
    this.limit = arenaLimit(spec.arenaMax, spec.cpus);
    this.nextToUse = 0;
    this.mmapThreshold = MMAP_THRESHOLD;
    this.mapped = 0;
    this.threads = 0;
    this.freed = 0;
  }

  get arenas(): number {
    return this.all.length;
  }

  attach(): ArenaId {
    this.threads++;
    if (this.all.length < this.limit) {
      this.all.push(emptyArena());
      return this.all.length - 1;
    }
    // In the list that the turn goes along, a new arena is put right behind the main one.
    const arena = this.nextToUse;
    this.nextToUse = (arena === 0 ? this.all.length : arena) - 1;
    return arena;
  }

  allocate(id: ArenaId, bytes: number, blockBytes: number): void {
    if (this.isMapped(blockBytes)) {
      this.mapped += bytes;
      return;
    }
    const arena = this.all[id]!;
    arena.live += bytes;
    arena.blocks += bytes / blockBytes;
    const needed = taken(arena);
    if (needed > arena.resident) {
      arena.resident = needed;
      if (needed > arena.extent) arena.extent = needed;
    }
  }

  free(id: ArenaId, bytes: number, blockBytes: number): void {
    if (this.isMapped(blockBytes)) {
      // A mapped block is unmapped, and the next of its size comes from an arena.
      const freed = Math.min(bytes, this.mapped);
      this.mapped -= freed;
      this.mmapThreshold = Math.min(MMAP_THRESHOLD_MAX, Math.max(this.mmapThreshold, blockBytes + 1));
      if (freed === bytes) return;
      this.take(id, bytes - freed);
      return;
    }
    this.take(id, bytes);
  }

  trim(): void {
    for (const arena of this.all) {
      const pinned = taken(arena) + arena.blocks * MEMORY.trimPinnedBytes;
      arena.resident = Math.min(arena.resident, pinned);
    }
  }

  live(): number {
    return this.all.reduce((sum, { live }) => sum + live, this.mapped);
  }

  resident(): number {
    return this.all.reduce((sum, { resident }) => sum + resident, this.mapped) + this.cached();
  }

  reserved(): number {
    const [main, ...others] = this.all;
    const heaps = others.reduce((sum, { extent }) => sum + Math.max(1, Math.ceil(extent / ARENA_HEAP_BYTES)), 0);
    // The blocks in the caches lie in the arenas that they came from, for which 64 MiB are set aside but for the main one.
    const inMain = this.threads === 0 ? this.cached() : 0;
    return this.mapped + main!.extent + inMain + heaps * ARENA_HEAP_BYTES;
  }

  /** What the threads' caches hold back, of what has been freed. */
  private cached(): number {
    return Math.min(Math.max(1, this.threads) * MEMORY.glibcThreadCacheBytes, this.freed);
  }

  private take(id: ArenaId, bytes: number): void {
    const arena = this.all[id]!;
    this.freed += bytes;
    // Freed blocks are as large as those that stay, on average.
    const left = arena.live > bytes ? 1 - bytes / arena.live : 0;
    arena.live *= left;
    arena.blocks *= left;
    this.trimTop(arena);
  }

  /** The free end of an arena in which `blocks` blocks lie anywhere: 1 / (blocks + 1) of it on average. */
  private trimTop(arena: Arena): void {
    const left = arena.extent - arena.extent / (arena.blocks + 1);
    if (arena.resident - left < 2 * this.mmapThreshold) return;
    arena.resident = Math.max(taken(arena), left);
    if (arena.resident === 0) arena.extent = 0;
  }

  private isMapped(blockBytes: number): boolean {
    return blockBytes >= this.mmapThreshold;
  }
}

/**
 * Largest number of arenas of a process, the main one included.
 *
 * @param arenaMax MALLOC_ARENA_MAX; null = not set: 8 x CPUs, but one more than 8 with a single CPU
 * @param cpus CPUs of the machine that are online; a container's CPU quota does not count, nor does pinning (measured)
 */
export function arenaLimit(arenaMax: number | null, cpus: number): number {
  return arenaMax ?? Math.max(ARENA_TEST + 1, ARENAS_PER_CPU * cpus);
}

/** What the blocks of an arena take, holes between them included [bytes]. */
function taken({ live, blocks }: Arena): number {
  return (live + blocks * MEMORY.glibcBlockExtraBytes) * (1 + MEMORY.glibcHoles);
}

function emptyArena(): Arena {
  return { live: 0, blocks: 0, resident: 0, extent: 0 };
}
