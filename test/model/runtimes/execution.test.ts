import { describe, expect, it } from 'vitest';
import { ExplicitCollector } from '../../../src/model/gc/explicit.js';
import { Part } from '../../../src/model/observations.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { c, h, i, ms, n, s, us } from '../../support/phases.js';
import { runThreads } from '../../support/ruby-threads.js';
import { byArrival, collectEvery, idealServer, runWorld, world } from '../../support/worlds.js';

const collector = (everyRunNs: number, pauseNs: number): ExplicitCollector =>
  new ExplicitCollector(
    { processes: 1, everyRunNs, everyRequests: 0, pause: createConstant(pauseNs) },
    { uniform: () => 0.5 },
  );

describe('garbage collection in the middle of a burst', () => {
  it('cuts the burst where the running time is used up, keeps the lock, and goes on', () => {
    const { turns } = runThreads({ gvl: 'fifo-ticks', collector: collector(ms(30), ms(8)) }, [
      { atNs: 0, does: [c(ms(50))] },
      { atNs: ms(5), does: [c(ms(20))] },
    ]);
    // A runs 30 ms, collects 8, runs 20: the process has 10 ms left, which B uses up from 58 to 68 ms; then 8 + 10 ms.
    expect(turns).toEqual([
      ['A', 0, ms(58)],
      ['B', ms(58), ms(86)],
    ]);
  });

  it('a tick that falls into the pause is noticed at its end', () => {
    const { turns } = runThreads({ gvl: 'fifo-ticks', quantumNs: ms(30), collector: collector(ms(30), ms(8)) }, [
      { atNs: 0, does: [c(ms(50))] },
      { atNs: ms(5), does: [c(ms(4))] },
    ]);
    // Ticks at 15, 25 and 35 ms; the third comes while A collects, from 30 to 38 ms.
    expect(turns).toEqual([
      ['A', 0, ms(38)],
      ['B', ms(38), ms(42)],
      ['A', ms(42), ms(62)],
    ]);
  });

  it('stops the Ruby code of the whole process, while I/O and native code go on', () => {
    const { ends } = runThreads({ gvl: 'fifo-ticks', collector: collector(ms(30), ms(50)) }, [
      { atNs: 0, does: [c(ms(31))] },
      { atNs: 0, does: [i(ms(40)), c(ms(1))] },
      { atNs: 0, does: [n(ms(45)), c(ms(1))] },
    ]);
    // B and C first queue for the lock behind A, which yields to them after 10 ticks, at 100 ms: it is done by 81 ms.
    expect(ends).toEqual({ A: [ms(81)], B: [ms(121), ms(122)], C: [ms(126), ms(127)] });
  });

  it('is charged to the request whose code ran, and to those that waited for the lock meanwhile', () => {
    const run = runWorld(
      world({
        server: idealServer(1, 2),
        gc: collectEvery(ms(30), ms(8)),
        requests: [
          { atNs: 0, phases: [c(ms(50))] },
          { atNs: ms(5), phases: [c(ms(6))] },
        ],
      }),
    );
    const [first, second] = byArrival(run);
    expect(first!.departedNs).toBe(ms(58));
    expect(first!.partsNs[Part.Run]).toBe(ms(50));
    expect(first!.partsNs[Part.GcOwn]).toBe(ms(8));
    expect(second!.departedNs).toBe(ms(64));
    expect(second!.partsNs[Part.GcOther]).toBe(ms(8));
    expect(second!.partsNs[Part.GvlWait]).toBe(ms(58 - 5 - 8));
    expect(second!.partsNs[Part.Run]).toBe(ms(6));
  });

  it.each([1, 3, 7, 49, 1234567, 29999999])('happens after exactly %i ns of running time', (everyRunNs) => {
    const { ends } = runThreads({ gvl: 'fifo-ticks', collector: collector(everyRunNs, 1000) }, [
      { atNs: 0, does: [c(everyRunNs), c(everyRunNs + 1), c(10 * everyRunNs)] },
    ]);
    // The collection is due as soon as more is to run: before the second burst, before its last ns, then every so often.
    const second = everyRunNs + 1000 + everyRunNs + 1000 + 1;
    // … and of the third: after all but one ns of a period, nine full ones, and the rest of one ns.
    expect(ends.A).toEqual([everyRunNs, second, second + 10 * everyRunNs + 10 * 1000]);
  });
});

describe('a thread that holds the lock and has no core', () => {
  const world2 = (scheduler: 'time-slices' | 'processor-sharing') =>
    runWorld(
      world({
        server: idealServer(2, 2),
        cores: 1,
        scheduler,
        timeSliceNs: ms(30),
        requests: [
          { atNs: 0, phases: [c(ms(200))] },
          { atNs: 0, phases: [c(ms(500))] },
          { atNs: ms(5), phases: [c(ms(5))] },
        ],
      }),
    );

  it('keeps the lock, and looks at its time slice when it is back on a core', () => {
    const [, , waiter] = byArrival(world2('time-slices'));
    // On the core: A 0-30, C 30-60, A 60-90, C 90-120, A from 120. Ticks for B at 15 … ms. Those that come while A is
    // off its core only leave a flag, seen at 60 and at 120 ms: 2 + 1 + 3 + 1 + 3 ticks are counted at 145 ms.
    expect(waiter!.process).toBe(0);
    expect(waiter!.partsNs[Part.GvlWait]).toBe(ms(140));
    // B then waits for C's slice, 145-175.
    expect(waiter!.partsNs[Part.CpuWait]).toBe(ms(30));
    expect(waiter!.departedNs).toBe(ms(180));
  });

  it('charges the time without a core to cpu_wait, apart from the wait for the lock', () => {
    for (const scheduler of ['time-slices', 'processor-sharing'] as const) {
      for (const { partsNs, arrivedNs, departedNs } of world2(scheduler).departures) {
        expect([200, 500, 5].map(ms)).toContain(partsNs[Part.Run]);
        expect(partsNs[Part.CpuWait]).toBeGreaterThan(0);
        expect(partsNs.reduce((sum, part) => sum + part)).toBe(departedNs - arrivedNs);
      }
    }
  });

  it('a C call that waits under the lock needs no core', () => {
    const [holder] = byArrival(
      runWorld(
        world({
          server: idealServer(2, 1),
          cores: 1,
          requests: [
            { atNs: 0, phases: [s(ms(20))] },
            { atNs: 0, phases: [c(ms(20))] },
          ],
        }),
      ),
    );
    expect(holder!.departedNs).toBe(ms(20));
    expect(holder!.partsNs[Part.CpuWait]).toBe(0);
  });

  it('native code competes for the cores without the lock', () => {
    const run = byArrival(
      runWorld(
        world({
          server: idealServer(1, 2),
          cores: 1,
          scheduler: 'processor-sharing',
          requests: [
            { atNs: 0, phases: [n(ms(10))] },
            { atNs: us(1), phases: [c(ms(10) - us(1))] },
          ],
        }),
      ),
    );
    // Alone for 1 us, then half speed each: the native code has 10 ms - 1 us left as well, and both are done at once.
    expect(run.map(({ departedNs }) => departedNs)).toEqual([ms(20) - us(1), ms(20) - us(1)]);
    expect(run[1]!.partsNs[Part.GvlWait]).toBe(0);
  });
});

describe('short C calls after one that took no time', () => {
  it('can be interrupted between them', () => {
    const requests = [
      { atNs: 0, phases: [h(0), s(ms(300))] },
      { atNs: ms(1), phases: [c(ms(10))] },
    ];
    const [, other] = byArrival(runWorld(world({ server: idealServer(1, 2), requests })));
    // Ten ticks after the other came the slice is over: at 101 ms, a check point.
    expect(other!.departedNs).toBe(ms(111));
  });
});
