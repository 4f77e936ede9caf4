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
  // Too low by about a tenth, as the mean of a program that is known in full (arena_waits.csv: 582 to 646 MiB); that this one is at 690 is chance.
  arena_burst_t25_default_idle: -0.223,
};

/** The same of threads that hold memory. How long their strings were, and how the heap grew, is not known, and worth as much: docs/validation/memory.md. */
const KNOWN_THREAD_MISSES: Readonly<Record<string, number>> = {
  '1 x 30 default': -0.152,
  '10 x 30 2': -0.155,
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

  it('sixteen threads: what their waits were inferred from', () => {
    const mib = measured('arena_sizes.csv')
      .filter((row) => row.case === 'arena_burst_t16_default')
      .map(({ system_bytes }) => Number(system_bytes) / 2 ** 20);
    expect(mib).toHaveLength(16);
    const alike = mib.filter((size) => size > 29.5 && size < 32.8);
    expect(alike).toHaveLength(14);
    const { measuredKib } = arenas.find(({ name }) => name === 'arena_burst_t16_default')!;
    const peaks = (wait: string) =>
      measured('arena_waits.csv')
        .filter((row) => row.threads === '16' && row.config === 'default' && row.wait === wait)
        .map((row) => Number(row.peak_rss_kib));
    // Nearer to the lowest of those that wait first than to any that wait last.
    expect(Math.abs(Math.min(...peaks('first')) - measuredKib)).toBeLessThan(Math.min(...peaks('last')) - measuredKib);
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

  it('what is held while a request waits takes as much more memory as measured, as far as twelve processes can tell', () => {
    // With two arenas the excess is within the scatter of the three processes; the peaks themselves are tested above.
    const [first, last] = (['first', 'last'] as const).map(
      (wait) => waits.find(({ threads, config, waits: of }) => threads === 16 && config === 'default' && of === wait)!,
    );
    const groups = [first!.measuredKib, last!.measuredKib, first!.simulatedKib, last!.simulatedKib];
    const [measuredFirst, measuredLast, simulatedFirst, simulatedLast] = groups.map(mean);
    const apart = Math.log(simulatedLast! / simulatedFirst!) - Math.log(measuredLast! / measuredFirst!);
    // Four means of three, of one relative scatter: 8 degrees of freedom, of whose t distribution 2.306 is the 97.5 % quantile.
    const scatter = Math.sqrt(mean(groups.map((values) => variance(values) / mean(values) ** 2)));
    const limit = 2.306 * scatter * Math.sqrt(4 / 3);
    expect(limit).toBeLessThan(Math.log(measuredLast! / measuredFirst!));
    expect(Math.abs(apart)).toBeLessThan(limit);
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of which these are a sample. */
function variance(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
}

/** Configurations under the same threads and the same load. */
function groups<A extends { readonly name: string; readonly config: string }>(arenas: readonly A[]): A[][] {
  const keys = new Map<string, A[]>();
  for (const arena of arenas) {
    const key = arena.name.replace(`_${arena.config}`, '');
    keys.set(key, [...(keys.get(key) ?? []), arena]);
  }
  return [...keys.values()];
}
