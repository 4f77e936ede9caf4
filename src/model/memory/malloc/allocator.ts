import type { Nanos } from '../../../kernel/time.js';
import type { AllocatorSpec } from '../../memory-spec.js';
import { GlibcHeap } from './glibc.js';
import { JemallocHeap } from './jemalloc.js';

/** Number of an arena within its process; 0 is the main arena, which the main thread uses. */
export type ArenaId = number;

/** The allocator of one process: which arena a thread takes its memory from, and what the arenas keep resident. */
export interface MallocHeap {
  /** Arenas that exist. */
  readonly arenas: number;
  /** The arena of a thread that allocates for the first time. */
  attach(): ArenaId;
  /** @param blockBytes size of each of the blocks, on average */
  allocate(arena: ArenaId, bytes: number, blockBytes: number): void;
  free(arena: ArenaId, bytes: number, blockBytes: number, nowNs: Nanos): void;
  /** `malloc_trim(0)`: gives free pages back, wherever they lie. */
  trim(): void;
  /** Bytes that are allocated. */
  live(): number;
  /** Memory that the arenas keep [bytes]. */
  resident(nowNs: Nanos): number;
  /** Addresses that it has set aside, of which only pages that were written to take memory [bytes]. */
  reserved(nowNs: Nanos): number;
}

export function createMallocHeap(spec: AllocatorSpec): MallocHeap {
  return spec.kind === 'glibc' ? new GlibcHeap(spec) : new JemallocHeap(spec);
}
