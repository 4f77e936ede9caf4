import { describe, expect, it } from 'vitest';
import { CodePages } from '../../../src/model/memory/kernel-pages/code-pages.js';
import { compose, freeSlotsWritten, heapAtFork } from '../../../src/model/memory/kernel-pages/composition.js';
import { noPages, SharedPages } from '../../../src/model/memory/kernel-pages/shared-pages.js';
import { PAGE_BYTES } from '../../../src/model/memory-figures.js';
import type { SimulatedMemorySpec } from '../../../src/model/memory-spec.js';
import { createStreams } from '../../../src/random/streams.js';

const MIB = 1024 * 1024;
const NONE = { atOnce: 0, firstRequest: 0, freeSlots: 0, bookkeeping: 0, code: 0, untouched: 0 };
const noCode = (workers: number) => new CodePages({ methods: 0, methodsPerRequest: 0 }, workers);

describe('pages that forked processes share', () => {
  it('100 MiB that a child has not written: Pss is 50 MiB each, Rss 100 MiB twice', () => {
    const pages = new SharedPages({ ...NONE, untouched: (100 * MIB) / PAGE_BYTES }, noCode(1), 1);
    const [worker, parent] = [noPages(), noPages()];
    pages.addTo(worker, parent);
    for (const sums of [worker, parent]) {
      expect(sums.pss * PAGE_BYTES).toBe(50 * MIB);
      expect(sums.sharedDirty * PAGE_BYTES).toBe(100 * MIB);
      expect(sums.privateDirty).toBe(0);
    }
  });

  it('a page that every child has written is private to the parent', () => {
    const pages = new SharedPages({ ...NONE, bookkeeping: 10 }, noCode(2), 2);
    pages.bookkeeping.write(0, 10);
    const [workers, parent] = [noPages(), noPages()];
    pages.addTo(workers, parent);
    expect([workers.sharedDirty, parent.sharedDirty, parent.privateDirty]).toEqual([10, 10, 0]);
    pages.bookkeeping.write(1, 10);
    const after = [noPages(), noPages()] as const;
    pages.addTo(...after);
    expect(after.map(({ sharedDirty }) => sharedDirty)).toEqual([0, 0]);
    expect(after[1].privateDirty).toBe(10);
  });

  it('every page that somebody maps counts once in the sum of Pss, whoever has written what', () => {
    const streams = createStreams(1, 0);
    const code = new CodePages({ methods: 500, methodsPerRequest: 20 }, 4);
    const pages = new SharedPages({ ...NONE, freeSlots: 97, untouched: 211 }, code, 4);
    for (let worker = 0; worker < 4; worker++) {
      code.fork(worker, streams.open(`code/${worker}`));
      code.served(worker, 7 * worker);
      pages.freeSlots.write(worker, 23 * worker);
    }
    const [workers, parent] = [noPages(), noPages()];
    pages.addTo(workers, parent);
    expect(workers.pss + parent.pss).toBeCloseTo(pages.count, 8);
    expect(parent.sharedDirty + parent.privateDirty).toBe(pages.count);
    const written = [0, 1, 2, 3].reduce((sum, worker) => sum + pages.writtenBy(worker), 0);
    expect(workers.sharedDirty + workers.privateDirty + written).toBe(4 * pages.count);
    const single = [0, 1, 2, 3].reduce((sum, worker) => sum + pages.proportional(worker), 0);
    expect(single).toBeCloseTo(workers.pss, 8);
  });

  it('code that the parent has executed before the fork is not written again', () => {
    const streams = createStreams(2, 0);
    const code = new CodePages({ methods: 1_000, methodsPerRequest: 30 }, 2);
    code.fork(0, streams.open('first'));
    code.served(0, 1_000);
    const executed = code.writtenBy(0);
    expect(executed).toBeGreaterThan(900);
    code.moldFrom(0);
    code.fork(1, streams.open('second'));
    code.served(1, 1_000_000);
    expect(code.writtenBy(1)).toBeLessThanOrEqual(code.count - executed);
  });

  it('while workers of three generations serve, every original counts once, and all of it is private once they have gone', () => {
    const streams = createStreams(4, 0);
    const code = new CodePages({ methods: 400, methodsPerRequest: 20 }, 3);
    const pages = new SharedPages({ ...NONE, freeSlots: 100, untouched: 50 }, code, 3);
    const fork = (worker: number, generation: number) => {
      pages.forget(worker);
      code.fork(worker, streams.open(`code/${worker}/${generation}`));
    };
    const work = (worker: number, requests: number, slots: number) => {
      code.served(worker, requests);
      pages.freeSlots.write(worker, slots);
    };
    for (const worker of [0, 1, 2]) fork(worker, 0);
    work(0, 5, 30);
    work(1, 9, 60);
    work(2, 2, 10);
    const promote = (worker: number, generation: number) => {
      pages.promote(worker, { heap: 7, arenas: 11, code: 3 });
      fork(worker, generation);
      expect(pages.count).toBe(code.count + 150 + 21 * generation);
    };
    promote(1, 1);
    fork(2, 1);
    work(1, 4, 20);
    work(2, 6, 80);
    promote(2, 2);
    work(2, 3, 40);
    const [workers, parent] = [noPages(), noPages()];
    pages.addTo(workers, parent);
    // Worker 0 maps what is left of generation 0, 1 of 1, and 2 and the parent of 2: Rss is the sum of what they map.
    const mapped = [0, 1, 2].reduce((sum, worker) => sum + pages.countOf(worker) - pages.writtenBy(worker), 0);
    expect(workers.sharedDirty + workers.privateDirty).toBe(mapped);
    expect(parent.sharedDirty + parent.privateDirty).toBe(pages.count);
    // Pages that only one of them maps count whole, the others in parts.
    expect(workers.pss + parent.pss).toBeCloseTo(pages.originals, 8);
    expect(pages.originals).toBeGreaterThan(pages.count);
    expect([0, 1, 2].reduce((sum, worker) => sum + pages.proportional(worker), 0)).toBeCloseTo(workers.pss, 8);
    for (const worker of [0, 1]) fork(worker, 2);
    fork(2, 3);
    expect(pages.originals).toBe(pages.count);
  });

  it('shared code falls steeply at first: more in the first ten requests than in the next hundred', () => {
    const code = new CodePages({ methods: 6_000, methodsPerRequest: 50 }, 1);
    code.fork(0, createStreams(3, 0).open('code'));
    const after = [10, 20, 110, 120].map((requests) => {
      code.served(0, requests);
      return code.writtenBy(0);
    });
    expect(after[0]!).toBeGreaterThan(after[3]! - after[2]!);
    expect(after[1]! - after[0]!).toBeGreaterThan(after[3]! - after[2]!);
  });
});

describe('what a loaded application is made of', () => {
  const spec = { staticBytes: 230 * MIB, lazyBytes: 0, beforeFork: 'none' } as SimulatedMemorySpec;

  it('all parts together are its anonymous memory', () => {
    const heap = heapAtFork(1_200_000, 16_384);
    for (const beforeFork of ['none', 'gc', 'compact'] as const) {
      const parts = compose({ ...spec, beforeFork }, heap, 16_384, 6_000);
      const total = Object.values(parts).reduce((sum, pages) => sum + pages, 0);
      expect(total * PAGE_BYTES).toBe(Math.round((230 * MIB - 11_200 * 1024) / PAGE_BYTES) * PAGE_BYTES);
    }
  });

  it('compaction leaves the free slots side by side: as many as were measured', () => {
    const heap = heapAtFork(1_200_000, 16_384);
    const [gc, compact] = (['gc', 'compact'] as const).map(
      (beforeFork) => compose({ ...spec, beforeFork }, heap, 16_384, 6_000).freeSlots,
    );
    // Unicorn with 1 199 961 live objects after GC.compact; within what chance does to the share of free slots at boot.
    expect(Math.abs((compact! * PAGE_BYTES) / 40 / 155_778 - 1)).toBeLessThan(0.03);
    expect(compact! / gc!).toBeLessThan(0.2);
  });

  it('free slots are written by the time they are used up', () => {
    const heap = heapAtFork(1_000_000, 16_384);
    const written = (objects: number, beforeFork: 'none' | 'gc' | 'compact', bootSweep: 'early' | 'late' = 'early') =>
      freeSlotsWritten(objects, heap, { beforeFork, bootSweep });
    expect(written(0, 'gc')).toBe(0);
    expect(written(128_000, 'gc')).toBe(1);
    // Measured in Unicorn, slots and pages: the exponent is fitted to the first two. Known miss: 9 points too many at the end.
    const points = [
      { slots: 0.44, pages: 0.23, error: -0.02 },
      { slots: 0.53, pages: 0.28, error: 0.02 },
      { slots: 0.99, pages: 0.89, error: 0.09 },
    ];
    for (const { slots, pages, error } of points) expect(written(slots * 128_000, 'gc') - pages).toBeCloseTo(error, 2);
    expect(written(64_000, 'compact')).toBeCloseTo(0.5, 6);
    // A sweep that is past the pages of the application leaves them to the first collection.
    expect(written(30_000, 'none')).toBe(1);
    expect(written(39_000, 'none', 'late')).toBeCloseTo(0.25, 6);
    expect(written(1_000_000, 'none', 'late')).toBe(0.5);
  });
});
