import type { Nanos } from '../../../kernel/time.js';
import type { AllocatorSpec } from '../../memory-spec.js';
import { MEMORY } from '../coefficients.js';
import type { ArenaId, MallocHeap } from './allocator.js';

const ARENAS_PER_CPU = 4;

interface Arena {
  threads: number;
  live: number;
  /** Freed pages that have not been given back yet [bytes], as of `atNs`. */
  dirty: number;
  atNs: Nanos;
}

/**
 * jemalloc 5.3, as far as memory goes: blocks of a size class lie together in slabs, so free memory is found again
 * wherever it is, and freed pages go back to the kernel after `dirty_decay_ms`. A thread belongs to the arena with the
 * fewest threads.
 *
 * The curve by which pages decay (smoothstep) is replaced by an exponential one with the same mean residence time, half
 * of the decay time.
 *
 * ```
 * page: not there -- needed, none is dirty --> in use -- freed --> dirty -- needed --> in use
 *          ^                                                        |
 *          `---------------- decays, after dirty_decay_ms / 2 on average
 * ```
 * @see jemalloc 5.3.0 src/jemalloc.c (arena_choose_hard), src/decay.c, include/jemalloc/internal/arena_types.h
 */
export class JemallocHeap implements MallocHeap {
  private readonly all: Arena[];
  private readonly limit: number;
  private readonly meanDirtyNs: number;
  private cached: number;

  constructor(spec: Extract<AllocatorSpec, { kind: 'jemalloc' }>) {
    this.all = [{ threads: 1, live: 0, dirty: 0, atNs: 0 }];
    this.limit = spec.narenas ?? (spec.cpus === 1 ? 1 : ARENAS_PER_CPU * spec.cpus);
    this.meanDirtyNs = spec.decayNs / 2;
    this.cached = 0;
  }

  get arenas(): number {
    return this.all.length;
  }

  attach(): ArenaId {
    this.cached++;
    const least = this.all.reduce((best, arena, id) => (arena.threads < this.all[best]!.threads ? id : best), 0);
    if (this.all[least]!.threads > 0 && this.all.length < this.limit) {
      this.all.push({ threads: 1, live: 0, dirty: 0, atNs: 0 });
      return this.all.length - 1;
    }
    this.all[least]!.threads++;
    return least;
  }

  allocate(id: ArenaId, bytes: number): void {
    const arena = this.all[id]!;
    arena.live += bytes;
    arena.dirty = Math.max(0, arena.dirty - bytes * (1 + MEMORY.jemallocOverhead));
  }

  free(id: ArenaId, bytes: number, _blockBytes: number, nowNs: Nanos): void {
    const arena = this.all[id]!;
    this.decay(arena, nowNs);
    const freed = Math.min(bytes, arena.live);
    arena.live -= freed;
    arena.dirty += freed * (1 + MEMORY.jemallocOverhead);
  }

  /** jemalloc has no such call: it trims by itself. */
  trim(): void {}

  live(): number {
    return this.all.reduce((sum, { live }) => sum + live, 0);
  }

  resident(nowNs: Nanos): number {
    let sum = this.cached * Math.min(MEMORY.jemallocThreadCacheBytes, this.live() / Math.max(1, this.cached));
    for (const arena of this.all) {
      this.decay(arena, nowNs);
      sum += arena.live * (1 + MEMORY.jemallocOverhead) + arena.dirty;
    }
    return sum;
  }

  /** Freed pages keep their addresses (`retain` is on by default), but for how many is not simulated. */
  reserved(nowNs: Nanos): number {
    return this.resident(nowNs);
  }

  private decay(arena: Arena, nowNs: Nanos): void {
    if (arena.dirty > 0) arena.dirty *= Math.exp((arena.atNs - nowNs) / this.meanDirtyNs);
    arena.atNs = nowNs;
  }
}
