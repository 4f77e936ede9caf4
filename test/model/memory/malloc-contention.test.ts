import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/model/bench.js';
import type { Thread } from '../../../src/model/entities/thread.js';
import { MEMORY } from '../../../src/model/memory/coefficients.js';
import { largeShareOf, lockUse, shortestPairNs, stretch } from '../../../src/model/memory/malloc/contention.js';
import { coresByArena } from '../../../src/model/memory/malloc/core-shares.js';
import { mixedStretch } from '../../../src/model/memory/malloc/mixed-contention.js';
import { NativeMallocs } from '../../../src/model/memory/malloc/native-mallocs.js';
import { createStreams } from '../../../src/random/streams.js';
import { loadScenario } from '../../../src/scenario/index.js';
import { compareContention } from '../../support/malloc-contention.js';

const MS = 1_000_000;

describe('the lock of an arena', () => {
  it('costs nothing to whoever is alone with it, whatever it does', () => {
    for (const pairNs of [23, 131, 10_000]) {
      for (const large of [0, 0.5, 1]) expect(stretch(lockUse(pairNs, large), 1)).toBe(1);
    }
  });

  it('passes at most once in the time that it is held, and with many users once in that and what handing it on takes', () => {
    const use = lockUse(300, 1);
    const alone = use.freeNs + use.heldNs;
    const perNs = (users: number): number => users / (alone * stretch(use, users));
    const passNs = use.heldNs + MEMORY.futexWakeNs;
    for (const users of [2, 3, 4, 16]) {
      expect(perNs(users)).toBeLessThanOrEqual(1 / use.heldNs);
      // Nobody waits for more than all the others.
      expect(perNs(users)).toBeGreaterThanOrEqual(users / (use.freeNs + users * passNs));
    }
    expect(perNs(64) * passNs).toBeCloseTo(1, 6);
  });

  it('matters less the less it is used, and more the more use it', () => {
    const rare = [1_000, 3_000, 10_000, 100_000].map((pairNs) => stretch(lockUse(pairNs, 1), 2));
    expect(rare).toEqual([...rare].sort((a, b) => b - a));
    // Used for 0.22 % of the time by the other one: each of the two calls of a pair meets it as often, and costs two wakes at most.
    const pairNs = 100_000;
    const busy = shortestPairNs(4096) / pairNs;
    const most = 1 + (2 * busy * (2 * MEMORY.futexWakeNs + 2 * MEMORY.glibcLargeHoldNs)) / pairNs;
    expect(rare.at(-1)!).toBeGreaterThan(1);
    expect(rare.at(-1)!).toBeLessThan(most);
    const users = [1, 1.5, 2, 3, 4.5, 8].map((k) => stretch(lockUse(1_000, 1), k));
    expect(users).toEqual([...users].sort((a, b) => a - b));
  });

  it('is needed for all blocks beyond 1032 B, and for a tenth of the others', () => {
    expect([24, 1_032, 1_033, 65_536].map(largeShareOf)).toEqual([0, 0, 1, 1]);
    const [small, large] = [lockUse(1_000, 0), lockUse(1_000, 1)];
    expect((large.freeNs + large.heldNs) / (small.freeNs + small.heldNs)).toBeCloseTo(MEMORY.glibcCacheMissRatio, 12);
  });
});

describe('threads that use the lock in different ways', () => {
  const use = (pairsPerMs: number) => lockUse(1e6 / pairsPerMs, 1);
  const cycle = ({ freeNs, heldNs }: ReturnType<typeof lockUse>): number => freeNs + heldNs;

  it.each([1, 10, 100, 1_000, 4_000])(
    'one other, however busy, costs a hold and two wakes each time at most: %i/ms',
    (own) => {
      const most = MEMORY.glibcLargeHoldNs + 2 * MEMORY.futexWakeNs;
      for (const other of [1, 100, 1_000, 4_000]) {
        if (other <= own) continue;
        const [seldom] = mixedStretch(
          [
            { use: use(own), threads: 1 },
            { use: use(other), threads: 1 },
          ],
          2,
        );
        expect(seldom!).toBeGreaterThan(1);
        expect(seldom!).toBeLessThanOrEqual(1 + most / cycle(use(own)));
      }
    },
  );

  it('somebody who seldom comes costs a busy one a hold and three wakes at most each time that it comes', () => {
    // Woken itself, it wakes the busy one, which takes the lock as one that has waited and wakes again.
    const most = MEMORY.glibcLargeHoldNs + 3 * MEMORY.futexWakeNs;
    for (const seldom of [1, 10, 100]) {
      const [, busy] = mixedStretch(
        [
          { use: use(seldom), threads: 1 },
          { use: use(4_000), threads: 1 },
        ],
        2,
      );
      expect(busy!).toBeGreaterThan(1);
      expect(1 - 1 / busy!).toBeLessThanOrEqual((2 * seldom * most) / 1e6);
    }
  });

  it('equal users lose what equal users do, and nearly equal ones nearly that', () => {
    for (const perMs of [100, 500, 1_000, 4_000]) {
      for (const [threads, cores] of [
        [2, 2],
        [4, 4],
        [16, 2],
        [16, 3.5],
        [16, 16],
      ] as const) {
        const alike = stretch(use(perMs), cores);
        expect(mixedStretch([{ use: use(perMs), threads }], cores)).toEqual([alike]);
        const groups = [
          { use: use(perMs), threads: 1 },
          { use: use(perMs * (1 + 1e-9)), threads: threads - 1 },
        ];
        for (const one of mixedStretch(groups, cores)) expect(one / alike).toBeCloseTo(1, 6);
      }
    }
  });

  it('the work does not grow with how different they are', () => {
    const groups = [
      { use: use(0.001), threads: 1 },
      { use: use(4_000), threads: 63 },
    ];
    // Each of the 63 can be ahead of it once.
    const [seldom] = mixedStretch(groups, 64);
    expect(seldom! - 1).toBeLessThanOrEqual((64 * (MEMORY.glibcLargeHoldNs + MEMORY.futexWakeNs)) / cycle(use(0.001)));
  });
});

describe('threads of different arenas first', () => {
  const shares = (lengths: readonly number[], cores: number): number[] => {
    const users = new Map(lengths.map((length, k) => [`${k}`, { length }]));
    const found = coresByArena(users, cores);
    return lengths.map((_, k) => found.get(`${k}`)!);
  };

  it.each([
    ['all run at once', [2, 1], 4, [2, 1]],
    ['two cores, sixteen threads at one arena', [16], 2, [2]],
    ['two cores, two arenas: one of each', [8, 8], 2, [1, 1]],
    ['what one arena cannot use goes to the other', [1, 8], 4, [1, 3]],
    ['fewer cores than arenas: one of each, now and then', [5, 5, 5], 2, [1, 1, 1]],
    ['an uneven rest is shared', [5, 5], 3, [1.5, 1.5]],
  ])('%s', (_, lengths, cores, expected) => {
    expect(shares(lengths, cores)).toEqual(expected);
  });
});

describe('measured threads without a GVL', () => {
  const cases = compareContention();
  const named = (threads: number, config: string, bytes: number) =>
    cases.find((one) => one.threads === threads && one.config === config && one.maxBlockBytes === bytes)!;

  const withCores = cases.filter(({ threads }) => threads <= 2);

  it.each(withCores.filter(({ together }) => together === 1))(
    'nobody loses anything at an arena of its own: $threads threads, $config arenas, blocks to $maxBlockBytes B',
    ({ error }) => {
      expect(Math.abs(error)).toBeLessThanOrEqual(0.15);
    },
  );

  it.each(withCores.filter(({ together }) => together > 1))(
    'two threads at an arena, blocks to $maxBlockBytes B',
    ({ threads, error }) => {
      expect(threads).toBe(2);
      expect(Math.abs(error)).toBeLessThanOrEqual(0.15);
    },
  );

  it.each([
    ['default', 0.29],
    ['1', -0.19],
    ['2', 0.44],
    ['4', 0.32],
  ])('known gap: sixteen threads on two cores, %s arenas', (config, known) => {
    const { error } = named(16, config, 65_536);
    // docs/validation/memory.md says why.
    expect(Math.abs(error - known)).toBeLessThan(0.01);
  });

  it('sixteen threads on two cores: as measured, one arena is far slower, and two are hardly slower than sixteen', () => {
    for (const of of ['measuredPerSec', 'simulatedPerSec'] as const) {
      const [one, two, all] = ['1', '2', 'default'].map((config) => named(16, config, 65_536)[of]);
      expect(one! / all!).toBeLessThan(1 / 3);
      expect(two! / all!).toBeGreaterThan(0.85);
    }
  });
});

interface Situation {
  readonly malloc?: string;
  readonly cores?: number;
  readonly laterMs?: number;
  readonly phase?: string;
  /** Hosts behind a load balancer, each of which gets two such requests. */
  readonly hosts?: number;
}

/** Two requests on two threads of a process, which come at 0 and at `laterMs`. */
function twoRequests(situation: Situation) {
  const { malloc = 'glibc: {arena_max: 1}', cores = 2, laterMs = 0, phase = 'native: 10ms', hosts = 1 } = situation;
  const text = `
version: 1
name: contention
host: {cores: ${cores}, scheduler: {processor_sharing: {}}}
overheads: none
ruby: {version: "3.3", gc: "off", malloc: {${malloc}}}
server: {ideal: {processes: 1, threads: 2}}
load_balancer: {hosts: ${hosts}, balance: round_robin}
app:
  classes: [{name: hash, phases: [{${phase}}], native_malloc: {per_ms: 2000, held: 1MiB}}]
  memory: {static: 100MiB}
load: {recorded: {file: a.csv}}
run: {replications: 1, warmup: 0}
`;
  const readText = (): string => `arrival_ms\n${'0\n'.repeat(hosts)}${`${laterMs}\n`.repeat(hosts)}`;
  const { experiment, problems } = loadScenario({ file: 'contention.yml', text }, { readText });
  expect(problems).toEqual([]);
  const { configurations, run } = experiment!;
  const limits = { requests: run.requests, durationNs: run.durationNs };
  const times: number[] = [];
  const observer = { departed: (_: number, nowNs: number) => times.push(nowNs) };
  return { bench: compile(configurations[0]!.system, limits, createStreams(1, 0), observer), times };
}

/** When they are answered [ns]. */
function departures(situation: Situation = {}): number[] {
  const { bench, times } = twoRequests(situation);
  bench.kernel.runUntil(Number.POSITIVE_INFINITY);
  return times;
}

describe('native code of requests that mallocs', () => {
  const slower = stretch(lockUse(500, 1), 2);

  it('is slower while another thread is at the same arena', () => {
    expect(slower).toBeGreaterThan(2);
    for (const time of departures()) expect(time).toBeCloseTo(10 * MS * slower, -1);
  });

  it('is as slow on every host behind a load balancer', () => {
    const times = departures({ hosts: 3 });
    expect(times).toHaveLength(6);
    for (const time of times) expect(time).toBeCloseTo(10 * MS * slower, -1);
  });

  it('is slower only for so long', () => {
    // Alone for 4 ms, then both; the first has 6 ms left, the second as much as 10 ms less what it has done by then, alone again.
    const [first, second] = departures({ laterMs: 4 });
    expect(first!).toBeCloseTo((4 + 6 * slower) * MS, -1);
    expect(second!).toBeCloseTo((4 + 6 * slower + 4) * MS, -1);
  });

  it('hardly loses next to a thread that mallocs all the time if it seldom does', () => {
    const [seldom, busy] = [{ process: 0 } as Thread, { process: 0 } as Thread];
    const uses = new Map([
      [seldom, lockUse(1e6, 1)],
      [busy, lockUse(250, 1)],
    ]);
    const heaps = {
      useOf: (thread: Thread) => ({ lock: uses.get(thread)!, heldBytes: 1, blockBytes: 4096 }),
      begin: () => 0,
      end: () => {},
    };
    const natives = new NativeMallocs(heaps, 2);
    natives.attach({ leftNs: () => 10 * MS, shorten: () => {} });
    natives.begins(busy, 10 * MS);
    const lostNs = natives.begins(seldom, 10 * MS) - 10 * MS;
    expect(lostNs).toBeGreaterThan(0);
    // A pair each ms for 10 ms: 20 calls, each of which waits for one hold and makes two wakes at most.
    expect(lostNs).toBeLessThanOrEqual(20 * (MEMORY.glibcLargeHoldNs + 2 * MEMORY.futexWakeNs));
  });

  it.each([
    ['each thread has an arena', { malloc: 'glibc: {}' }],
    ['jemalloc has more than one lock', { malloc: 'jemalloc: {}' }],
  ])('meets nobody where %s', (_, options) => {
    expect(departures(options)).toEqual([10 * MS, 10 * MS]);
  });

  it('meets nobody with a single core, and under the GVL', () => {
    expect(departures({ cores: 1 })).toEqual([20 * MS, 20 * MS]);
    expect(departures({ phase: 'cpu: 10ms' })).toEqual([10 * MS, 20 * MS]);
  });

  it('has memory of its arena until it ends', () => {
    const { bench } = twoRequests({});
    const live = (nowNs: number): number => bench.memory!.layers!(nowNs)!.malloc.liveBytes;
    bench.kernel.runUntil(5 * MS);
    expect(live(5 * MS)).toBe(2 * 2 ** 20);
    bench.kernel.runUntil(100 * MS);
    expect(live(100 * MS)).toBe(0);
  });

  it('goes on alone when the other one is killed, whose memory is gone with its process', () => {
    const [left, ended]: [Map<unknown, number>, unknown[]] = [new Map(), []];
    const natives = new NativeMallocs(
      {
        useOf: () => ({ lock: lockUse(500, 1), heldBytes: 1, blockBytes: 4096 }),
        begin: () => 0,
        end: (thread) => ended.push(thread),
      },
      2,
    );
    natives.attach({ leftNs: (thread) => left.get(thread)!, shorten: (thread, workNs) => left.set(thread, workNs) });
    const [a, b] = [{ process: 0 } as Thread, { process: 0 } as Thread];
    left.set(a, natives.begins(a, 10 * MS));
    left.set(b, natives.begins(b, 10 * MS));
    // Alone until now as far as it has asked; the rest takes longer, and that again at once.
    expect(left.get(a)).toBe(10 * MS);
    expect(left.get(b)).toBeCloseTo(10 * MS * slower, -1);
    natives.killed(b);
    expect(natives.goesOn(a)).toBe(0);
    expect(ended).toEqual([a]);
    natives.killed(b);
  });
});
