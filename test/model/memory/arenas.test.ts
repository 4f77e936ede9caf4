import { describe, expect, it } from 'vitest';
import type { Retained } from '../../../src/model/gc/ruby-heap.js';
import { MEMORY } from '../../../src/model/memory/coefficients.js';
import { arenaLimit, GlibcHeap } from '../../../src/model/memory/malloc/glibc.js';
import { JemallocHeap } from '../../../src/model/memory/malloc/jemalloc.js';
import { RequestBytes } from '../../../src/model/memory/malloc/request-bytes.js';

const MIB = 1024 * 1024;
const glibc = (arenaMax: number | null, cpus = 2) =>
  new GlibcHeap({ kind: 'glibc', arenaMax, cpus, trimEveryRequests: Number.POSITIVE_INFINITY });

describe("glibc's arenas", () => {
  it('only the main arena exists at the start', () => {
    expect(glibc(null).arenas).toBe(1);
  });

  it.each([
    [1, 2],
    [5, 6],
    [15, 16],
    [16, 16],
    [25, 16],
  ])('%i threads on 2 CPUs make %i arenas, without any contention', (threads, arenas) => {
    const heap = glibc(null);
    for (let k = 0; k < threads; k++) heap.attach();
    expect(heap.arenas).toBe(arenas);
  });

  it('the limit is 8 x CPUs, one more than 8 with a single CPU, or MALLOC_ARENA_MAX', () => {
    expect([1, 2, 4, 8].map((cpus) => arenaLimit(null, cpus))).toEqual([9, 16, 32, 64]);
    expect(arenaLimit(2, 8)).toBe(2);
  });

  it('beyond the limit threads share the arenas in turn, the main one included', () => {
    const heap = glibc(2);
    expect([0, 1, 2, 3, 4].map(() => heap.attach())).toEqual([1, 0, 1, 0, 1]);
  });

  it('the turn goes from the main arena to the newest and on to the oldest (arena_get2 puts a new one behind the main one)', () => {
    const heap = glibc(4);
    const arenas = Array.from({ length: 8 }, () => heap.attach());
    expect(arenas).toEqual([1, 2, 3, 0, 3, 2, 1, 0]);
  });

  it('keep what each of them has needed at its busiest', () => {
    const apart = glibc(null);
    const together = glibc(1);
    for (const heap of [apart, together]) {
      for (let k = 0; k < 4; k++) {
        const arena = heap.attach();
        heap.allocate(arena, 10 * MIB, 256);
        heap.free(arena, 9.9 * MIB, 256);
      }
    }
    expect(apart.live()).toBeCloseTo(together.live(), 6);
    const cached = 4 * MEMORY.glibcThreadCacheBytes;
    expect((apart.resident() - cached) / (together.resident() - cached)).toBeCloseTo(40 / 10.3, 6);
  });

  it('give pages back in the middle only when malloc_trim asks for it', () => {
    const heap = glibc(1);
    heap.allocate(0, 100 * MIB, 8192);
    heap.free(0, 90 * MIB, 8192);
    expect(heap.resident()).toBeGreaterThan(100 * MIB);
    heap.trim();
    expect(heap.resident()).toBeGreaterThan(10 * MIB);
    expect(heap.resident()).toBeLessThan(14 * MIB);
  });

  it('a block takes a header and what it is rounded up by, which counts for small ones', () => {
    const [small, large] = [glibc(1), glibc(1)];
    small.allocate(0, 10 * MIB, 48);
    large.allocate(0, 10 * MIB, 48 * 1024);
    expect(small.resident() / large.resident()).toBeCloseTo((48 + 15.5) / 48, 3);
  });

  it('threads hold small blocks back in their caches, 7 of each of 64 sizes', () => {
    const full = 7 * Array.from({ length: 64 }, (_, k) => 32 + 16 * k).reduce((sum, size) => sum + size, 0);
    expect(MEMORY.glibcThreadCacheBytes).toBe(full);
    const heap = glibc(1);
    for (let k = 0; k < 2; k++) heap.attach();
    heap.allocate(0, MIB, 64);
    const before = heap.resident();
    heap.free(0, MIB / 8, 64);
    expect(heap.resident() - before).toBe(MIB / 8);
    heap.free(0, MIB / 2, 64);
    expect(heap.resident() - before).toBe(2 * full);
  });

  it('an arena without any block left gives all of it back but what the cache of a thread holds', () => {
    const heap = glibc(1);
    heap.allocate(0, 100 * MIB, 8192);
    heap.free(0, 100 * MIB, 8192);
    expect(heap.resident()).toBe(MEMORY.glibcThreadCacheBytes);
  });

  it('large blocks are mapped alone until one of them is freed; the next of its size comes from the arena', () => {
    const heap = glibc(1);
    heap.allocate(0, 10 * MIB, 10 * MIB);
    expect(heap.resident()).toBe(10 * MIB);
    heap.free(0, 10 * MIB, 10 * MIB);
    expect(heap.resident()).toBe(0);
    heap.allocate(0, 10 * MIB, 10 * MIB);
    expect(heap.resident()).toBeGreaterThan(10 * MIB);
  });
});

describe('jemalloc', () => {
  const jemalloc = (cpus: number) => new JemallocHeap({ kind: 'jemalloc', narenas: null, cpus, decayNs: 10e9 });

  it('has 4 arenas a CPU, one with a single CPU; a thread goes where the fewest are', () => {
    const heap = jemalloc(2);
    for (let k = 0; k < 20; k++) heap.attach();
    expect(heap.arenas).toBe(8);
    const single = jemalloc(1);
    for (let k = 0; k < 20; k++) single.attach();
    expect(single.arenas).toBe(1);
  });

  it('gives freed pages back within the decay time, wherever they lie', () => {
    const heap = jemalloc(1);
    heap.allocate(0, 100 * MIB);
    const full = heap.resident(0);
    heap.free(0, 100 * MIB, 256, 0);
    expect(heap.resident(0)).toBeCloseTo(full, 3);
    expect(heap.resident(5e9) / full).toBeCloseTo(Math.exp(-1), 6);
    expect(heap.resident(60e9) / full).toBeLessThan(1e-4);
  });
});

describe('the memory of requests', () => {
  const memory = (cacheBytes: number, hasCollector = true, promotesChildrenOfOld = false) => {
    const heap = glibc(1);
    const dropped: string[] = [];
    const note = ({ objects, bytes }: Retained, isOld: boolean) =>
      dropped.push(`${objects} objects, ${bytes / MIB} MiB, ${isOld ? 'old' : 'young'}`);
    return { heap, dropped, bytes: new RequestBytes(heap, 1, hasCollector, cacheBytes, note, promotesChildrenOfOld) };
  };

  it('is freed in slices of 2 048 objects, while the cycle after the collection allocates as many again', () => {
    const { heap, bytes } = memory(0);
    bytes.allocate(0, 8 * MIB, 0, 256, 4 * 2_048, 0);
    bytes.requestEnded(0, { bytes: 0, objects: 0, leakedBytes: 0 }, 256, 0);
    expect(heap.live()).toBe(8 * MIB);
    bytes.collected(false, 4 * 2_048, 0);
    expect(heap.live()).toBe(6 * MIB);
    bytes.allocate(0, 0, 0, 256, 2_047, 0);
    expect(heap.live()).toBe(6 * MIB);
    bytes.allocate(0, 0, 0, 256, 1, 0);
    expect(heap.live()).toBe(4 * MIB);
    bytes.allocate(0, 0, 0, 256, 2 * 2_048, 0);
    expect(heap.live()).toBe(0);
  });

  it('that a request has held through three collections waits for a major one', () => {
    const { heap, bytes } = memory(0);
    bytes.allocate(0, 8 * MIB, 1, 256, 100, 0);
    for (let k = 0; k < 3; k++) bytes.collected(false, 0, 0);
    bytes.requestEnded(0, { bytes: 0, objects: 0, leakedBytes: 0 }, 256, 0);
    for (let k = 0; k < 5; k++) bytes.collected(false, 0, 0);
    expect(heap.live()).toBe(8 * MIB);
    bytes.collected(true, 0, 0);
    bytes.collected(true, 0, 0);
    expect(heap.live()).toBe(0);
  });

  it('that is kept stops growing where the cache ends, and never without an end', () => {
    const [cached, leaking] = [memory(10 * MIB), memory(Number.POSITIVE_INFINITY)];
    for (const { bytes } of [cached, leaking]) {
      for (let k = 0; k < 100; k++) {
        bytes.allocate(0, MIB, 0, 256, 10, 0);
        bytes.requestEnded(0, { bytes: MIB, objects: 0, leakedBytes: 0 }, 256, 0);
        bytes.collected(true, 0, 0);
      }
      bytes.collected(true, 0, 0);
      bytes.collected(true, 0, 0);
    }
    expect(cached.heap.live()).toBe(10 * MIB);
    expect(leaking.heap.live()).toBe(100 * MIB);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])(
    'that is added to an old container is old at its first collection, up to Ruby 3.2 (%s)',
    (promotesChildrenOfOld, left) => {
      const { heap, bytes } = memory(0, true, promotesChildrenOfOld);
      bytes.allocate(0, MIB, 1, 256, 4_096, 0);
      for (let k = 0; k < 3; k++) bytes.collected(false, 0, 0);
      bytes.allocate(0, MIB, 1, 256, 4_096, 0);
      bytes.collected(false, 0, 0);
      bytes.requestEnded(0, { bytes: 0, objects: 0, leakedBytes: 0 }, 256, 0);
      bytes.collected(false, 0, 0);
      bytes.sweptUp(0);
      // The first MiB is old in any case.
      expect(heap.live()).toBe((1 + left) * MIB);
      bytes.collected(true, 0, 0);
      bytes.sweptUp(0);
      expect(heap.live()).toBe(0);
    },
  );

  it('that is replaced in the cache takes its objects with it, old after three collections', () => {
    const { bytes, dropped } = memory(MIB);
    for (let k = 0; k < 2; k++) {
      bytes.allocate(0, MIB, 1, 256, 4_096, 0);
      bytes.requestEnded(0, { bytes: MIB, objects: 4_096, leakedBytes: 0 }, 256, 0);
    }
    for (let k = 0; k < 3; k++) bytes.collected(false, 0, 0);
    bytes.allocate(0, MIB, 1, 256, 4_096, 0);
    bytes.requestEnded(0, { bytes: MIB, objects: 4_096, leakedBytes: 0 }, 256, 0);
    expect(dropped).toEqual(['4096 objects, 1 MiB, young', '4096 objects, 1 MiB, old']);
  });

  it('goes with its request where nobody collects', () => {
    const { heap, bytes } = memory(0, false);
    bytes.allocate(0, MIB, 0, 256, 10, 0);
    bytes.requestEnded(0, { bytes: 0, objects: 0, leakedBytes: 0 }, 256, 0);
    expect(heap.live()).toBe(0);
  });
});
