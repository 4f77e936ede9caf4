import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DedicatedCores } from '../../../../src/model/cpu/dedicated.js';
import { ProcessorSharing } from '../../../../src/model/cpu/processor-sharing.js';
import { TimeSlices } from '../../../../src/model/cpu/time-slices.js';
import { Doing, type Thread } from '../../../../src/model/entities/thread.js';
import { Part, Status } from '../../../../src/model/observations.js';
import { PhaseKind } from '../../../../src/model/phases.js';
import { RactorExecution } from '../../../../src/model/runtimes/ractors/ractor-execution.js';
import type { ServerSpec } from '../../../../src/model/spec.js';
import { load } from '../../../scenario/load-text.js';
import { length, phase, requests } from '../../../support/arbitraries.js';
import { c, h, i, ms, s, us } from '../../../support/phases.js';
import { byArrival, collectEvery, departureTimes, idealServer, runWorld, world } from '../../../support/worlds.js';

const ractors = (processes: number, count: number, threads: number): ServerSpec => ({
  type: 'ideal',
  params: { processes, ractors: count, threads },
});
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Two bursts of 50 ms, the second 1 ns later, on a heap that is full after 60 ms of Ruby code and collected in 20 ms. */
const two = [0, 1].map((atNs) => ({ atNs, phases: [c(ms(50))] }));
const gc = collectEvery(ms(60), ms(20));

describe('ractors', () => {
  it('run Ruby code at the same time', () => {
    expect(departureTimes(runWorld(world({ server: ractors(1, 2, 1), requests: two })))).toEqual([ms(50), ms(50) + 1]);
  });

  it('fill one heap together, and all stand still while it is collected', () => {
    // Both have used 60 ms less 1 ns at 30 ms: no room for another ns of each. Then 20 ms of collection, and 20 ms (and 1 ns) are left.
    const [first, second] = byArrival(runWorld(world({ server: ractors(1, 2, 1), requests: two, gc })));
    expect([first!.departedNs, second!.departedNs]).toEqual([ms(70), ms(70) + 1]);
    expect([first!.partsNs[Part.GcOwn], first!.partsNs[Part.GcOther]]).toEqual([ms(20), 0]);
    expect([second!.partsNs[Part.GcOwn], second!.partsNs[Part.GcOther]]).toEqual([0, ms(20)]);
  });

  it('of one thread each are processes of one thread each while nothing is collected: M/G/R', () => {
    fc.assert(
      fc.property(requests(phase, 30), fc.integer({ min: 2, max: 5 }), (list, count) => {
        const times = (server: ServerSpec) => departureTimes(runWorld(world({ server, requests: list })));
        expect(times(ractors(1, count, 1))).toEqual(times(idealServer(count, 1)));
      }),
      { seed: 72, numRuns: 40 },
    );
  });

  it('are no processes, each of which has a heap', () => {
    expect(departureTimes(runWorld(world({ server: ractors(2, 1, 1), requests: two, gc })))).toEqual([
      ms(50),
      ms(50) + 1,
    ]);
  });

  it('leave the room of one that has nothing to do to the others', () => {
    // 10 ms of the first, 50 ms of the second: the heap is full when the second has 5 ms left.
    const list = [
      { atNs: 0, phases: [c(ms(10)), i(ms(500))] },
      { atNs: 0, phases: [c(ms(55))] },
    ];
    const [, second] = byArrival(runWorld(world({ server: ractors(1, 2, 1), requests: list, gc })));
    expect(second!.departedNs).toBe(ms(75));
    expect(second!.partsNs[Part.GcOwn]).toBe(ms(20));
  });

  it('wake up twice for a collection: who collects, when the others stand still, and they, when it is over', () => {
    const wakeLatencyNs = us(10);
    const spec = world({ server: ractors(1, 2, 1), requests: two, gc, overheads: true, wakeLatencyNs });
    const [first, second] = byArrival(runWorld(spec));
    expect([first!.departedNs, second!.departedNs]).toEqual([ms(70) + us(10), ms(70) + us(20) + 1]);
    expect(first!.partsNs[Part.GcOwn]).toBe(ms(20) + us(10));
  });

  it('that are in a C call hold the collection up until its next check point', () => {
    const list = [
      { atNs: 0, phases: [s(ms(90) + us(300))] },
      { atNs: 0, phases: [c(ms(50) + us(400)), c(ms(10))] },
    ];
    const [call, ruby] = byArrival(
      runWorld(world({ server: ractors(1, 2, 1), requests: list, gc: collectEvery(ms(50) + us(400), ms(20)) })),
    );
    expect(call!.departedNs).toBe(ms(110) + us(300));
    expect(call!.partsNs[Part.GcOther]).toBe(ms(20));
    expect(ruby!.partsNs[Part.GcOwn]).toBe(ms(20) + us(600));
  });

  it('that are in a call without check points hold it up until its end', () => {
    const list = [
      { atNs: 0, phases: [h(ms(90))] },
      { atNs: 0, phases: [c(ms(60)), c(ms(10))] },
    ];
    const [, ruby] = byArrival(runWorld(world({ server: ractors(1, 2, 1), requests: list, gc })));
    expect(ruby!.partsNs[Part.GcOwn]).toBe(ms(30 + 20));
    expect(ruby!.departedNs).toBe(ms(60 + 30 + 20 + 10));
  });

  it('that are outside Ruby hold nothing up, and wait when they come back', () => {
    const list = [
      { atNs: 0, phases: [i(ms(65)), c(ms(1))] },
      { atNs: 0, phases: [c(ms(70))] },
    ];
    const [outside, ruby] = byArrival(runWorld(world({ server: ractors(1, 2, 1), requests: list, gc })));
    expect(outside!.partsNs[Part.GcOther]).toBe(ms(15));
    expect(outside!.departedNs).toBe(ms(81));
    expect(ruby!.departedNs).toBe(ms(90));
  });
});

/** What is on the cores, seen from the cores. */
function watchCores(ractorsOfProcess: () => number): { readonly violations: string[] } {
  const on = new Set<Thread>();
  const violations: string[] = [];
  const look = (): void => {
    const inRuby = [...on].filter(({ doing }) => doing === Doing.Ruby || doing === Doing.Collecting);
    const locks = inRuby.map(({ process }) => process);
    if (new Set(locks).size < locks.length) violations.push(`one lock, two holders: ${inRuby}`);
    const heapOf = ({ process }: Thread): number => Math.floor(process / ractorsOfProcess());
    for (const thread of inRuby) {
      if (thread.doing !== Doing.Collecting) continue;
      if (inRuby.filter((other) => heapOf(other) === heapOf(thread)).length > 1)
        violations.push(`beside a collection: ${inRuby}`);
    }
  };
  for (const { prototype } of [DedicatedCores, ProcessorSharing, TimeSlices]) {
    const { start, stop } = prototype;
    vi.spyOn(prototype, 'start').mockImplementation(function (this: DedicatedCores, thread: Thread) {
      on.add(thread);
      look();
      start.call(this as never, thread);
    });
    vi.spyOn(prototype, 'stop').mockImplementation(function (this: DedicatedCores, thread: Thread) {
      if (!on.delete(thread)) violations.push(`stopped without running: ${thread}`);
      return stop.call(this as never, thread);
    });
  }
  const { worked } = RactorExecution.prototype;
  vi.spyOn(RactorExecution.prototype, 'worked').mockImplementation(function (this: RactorExecution, thread: Thread) {
    if (!on.delete(thread)) violations.push(`done without running: ${thread}`);
    worked.call(this, thread);
  });
  return { violations };
}

describe('any ractors', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('one holder of a lock, no Ruby beside a collection; everybody is served once and whole, parts add up, work is conserved', () => {
    const servers = fc.tuple(
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
    );
    const collections = fc.tuple(length, fc.integer({ min: 1, max: 200 })).map(([everyNs, percent]) => {
      return collectEvery(everyNs + ms(2), Math.round(((everyNs + ms(2)) * percent) / 100));
    });
    const hosts = fc.record({
      cores: fc.constantFrom(1, 2, 3, 16),
      scheduler: fc.constantFrom('time-slices' as const, 'processor-sharing' as const),
      overheads: fc.boolean(),
      wakeLatencyNs: fc.constantFrom(0, us(7), us(45)),
      gvl: fc.constantFrom('fifo-ticks' as const, 'barging-deadline' as const, 'hot-thread' as const),
      cpuQuota: fc.constantFrom(null, { cpus: 0.7, periodNs: ms(20) }),
    });
    let count = 1;
    const { violations } = watchCores(() => count);
    let stops = 0;
    fc.assert(
      fc.property(requests(phase, 30), servers, collections, hosts, (list, [p, r, t], collect, host) => {
        count = r;
        violations.length = 0;
        const { departures, bench } = runWorld(
          world({ server: ractors(p, r, t), requests: list, gc: collect, ...host }),
        );
        expect(violations).toEqual([]);
        expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(list.map((_, k) => k));
        expect(bench.kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
        for (const { ordinal, status, partsNs, arrivedNs, departedNs } of departures) {
          expect(status).toBe(Status.Ok);
          expect(sum(partsNs)).toBe(departedNs - arrivedNs);
          expect(Math.min(...partsNs)).toBeGreaterThanOrEqual(0);
          const work = list[ordinal]!.phases.filter(({ kind }) => kind !== PhaseKind.Io).map(({ ns }) => ns);
          expect(partsNs[Part.Run]).toBe(sum(work));
          stops += partsNs[Part.GcOther]! > 0 ? 1 : 0;
        }
      }),
      { seed: 71, numRuns: 80 },
    );
    expect(stops).toBeGreaterThan(150);
  });
});

describe('ractors in a scenario', () => {
  const problems = (server: string, more = ''): string[] =>
    load(
      `{version: 1, name: x, host: {cores: 1}, server: {ideal: {ractors: ${server}}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}${more}}`,
    ).problems.map(({ path, code }) => `${path} ${code}`);

  it('are those of Ruby 3.0 and later, without memory, without collections between requests', () => {
    const combination = ['server.ideal.ractors SCN_COMBINATION'];
    expect(problems('2')).toEqual([]);
    expect(problems('1', ', ruby: {version: "2.7"}')).toEqual([]);
    expect(problems('2', ', ruby: {version: "2.7"}')).toEqual(combination);
    expect(problems('2', ', python: {}')).toEqual(combination);
    expect(problems('2', ', ruby: {out_of_band_gc: {requests: 10}}')).toEqual(combination);
  });
});
