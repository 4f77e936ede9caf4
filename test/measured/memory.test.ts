import { describe, expect, it } from 'vitest';
import { MEMORY } from '../../src/model/memory/coefficients.js';
import { measured } from '../support/gc/measured-tables.js';
import { compareArenas, compareCurve, compareThreads, compareWaits, cowCases } from '../support/memory-validation.js';

const LIMITS = { curve: 0.1, settledPss: 0.05, settledPrivateDirty: 0.05, arenas: 0.15, threads: 0.15 } as const;

/**
 * Cases with sampled points of the curve beyond its limit, all of them among the first ten requests, and how many; why is in
 * docs/validation/memory.md.
 */
const KNOWN_POINTS_BEYOND: Readonly<Record<string, number>> = {
  // All of the first three requests went to one worker.
  puma_w2t1_preload_untouched: 1,
};

/** Peaks of arenas that are further off than the limit, and by how much (simulated over measured, less one). How far they scatter is in docs/validation/memory.md. */
const KNOWN_ARENA_MISSES: Readonly<Record<string, number>> = {
  // Chance: with other seeds -14 to -22 %; real processes of the same kind peak at 582 to 646 MiB, this one at 690 (arena_waits.csv).
  arena_burst_t25_default_idle: -0.223,
};

/** The same of threads that hold memory. How long their strings were, and how the heap grew, is not known, and worth as much: docs/validation/memory.md. */
const KNOWN_THREAD_MISSES: Readonly<Record<string, number>> = {
  '1 x 30 default': -0.152,
  '10 x 30 2': -0.176,
};

/** A known miss is as large as it is said to be, to half a percent; anything else is within the limit. */
function check(error: number, limit: number, miss: number | undefined): void {
  if (miss === undefined) expect(Math.abs(error)).toBeLessThanOrEqual(limit);
  else expect(error).toBeCloseTo(miss, 2);
}

describe('copy-on-write of measured servers', () => {
  it.each(cowCases())('$name', (cow) => {
    const { points, settledPss, settledPrivateDirty } = compareCurve(cow);
    expect(points.length).toBeGreaterThanOrEqual(9);
    expect(Math.abs(settledPss)).toBeLessThanOrEqual(LIMITS.settledPss);
    expect(Math.abs(settledPrivateDirty)).toBeLessThanOrEqual(LIMITS.settledPrivateDirty);
    const beyond = points.filter(({ pssError }) => Math.abs(pssError) > LIMITS.curve);
    expect(beyond.length).toBe(KNOWN_POINTS_BEYOND[cow.name] ?? 0);
    for (const { requests } of beyond) expect(requests).toBeLessThanOrEqual(10);
  });
});

describe('arenas of measured processes', () => {
  const arenas = compareArenas();

  it.each(arenas)('$name: peak resident size', ({ name, error }) => {
    check(error, LIMITS.arenas, KNOWN_ARENA_MISSES[name]);
  });

  it('the order of the configurations is the measured one, where they differ by more than a tenth', () => {
    for (const group of groups(arenas)) {
      for (const a of group) {
        for (const b of group) {
          if (a.measuredKib < 0.9 * b.measuredKib) {
            expect(a.simulatedKib, `${a.name} below ${b.name}`).toBeLessThan(b.simulatedKib);
          }
        }
      }
    }
  });
});

describe('bursts of a program that is known in full', () => {
  const waits = compareWaits();

  it.each(waits)('$threads threads, arenas $config, waits $waits: mean peak of three processes', ({ error }) => {
    expect(Math.abs(error)).toBeLessThanOrEqual(LIMITS.arenas);
  });

  it('what is held while a request waits takes as much more memory as measured', () => {
    const excess = (threads: number, config: string, kib: 'measuredKib' | 'simulatedKib'): number => {
      const [first, last] = (['first', 'last'] as const).map((wait) =>
        waits.find((one) => one.threads === threads && one.config === config && one.waits === wait),
      );
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      return sum(last![kib]) / sum(first![kib]) - 1;
    };
    for (const config of ['default', '2'])
      expect(Math.abs(excess(16, config, 'simulatedKib') - excess(16, config, 'measuredKib'))).toBeLessThan(
        LIMITS.arenas,
      );
  });
});

describe('threads that hold memory until their requests end', () => {
  it.each(compareThreads())(
    '$threads threads, $heldMib MiB a request, arenas $arenaMax: peak resident size',
    ({ error, threads, heldMib, arenaMax }) => {
      check(error, LIMITS.threads, KNOWN_THREAD_MISSES[`${threads} x ${heldMib} ${arenaMax}`]);
    },
  );
});

describe('threads of measured processes', () => {
  it('a fit: one size for stacks and the caches of malloc serves all the rows that it was fitted to', () => {
    const rest = measured('thread_cost.csv').map((row) => ({
      threads: Number(row.threads),
      kib: Number(row.rss_after_malloc_trim_kib) - Number(row.string_bytes_kib) - 16 * Number(row.heap_pages),
    }));
    const [alone, ...others] = rest;
    expect(alone!.threads).toBe(1);
    const simulatedKib = (MEMORY.threadBytes + MEMORY.glibcThreadCacheBytes) / 1024;
    for (const { threads, kib } of others) {
      const each = (kib - alone!.kib) / (threads - 1);
      // Not a test with other data: two runs of the same program with 16 threads are 6 % apart, and fewer threads are measured more roughly.
      expect(Math.abs(each / simulatedKib - 1)).toBeLessThan(0.1);
    }
  });
});

/** Configurations under the same threads and the same load. */
function groups<A extends { readonly name: string; readonly config: string }>(arenas: readonly A[]): A[][] {
  const keys = new Map<string, A[]>();
  for (const arena of arenas) {
    const key = arena.name.replace(`_${arena.config}`, '');
    keys.set(key, [...(keys.get(key) ?? []), arena]);
  }
  return [...keys.values()];
}
