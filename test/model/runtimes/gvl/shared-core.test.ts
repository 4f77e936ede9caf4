import { describe, expect, it } from 'vitest';
import { c, h, i, ms, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

/** Worked out by hand: slices of 0.3 ms, 7 us from a signal to the first instruction, 3.5 us for a switch alone. */
const ONE_CORE = { gvl: 'barging-deadline', wakeLatencyNs: us(7), preemptAfterNs: us(300) } as const;
const OWN_CORES = { gvl: 'barging-deadline', wakeLatencyNs: us(7) } as const;
const TRIP = i(0);

describe('lock of Ruby 2.6 to 3.2 on one core', () => {
  it('a thread that has had its slice loses the lock in a call that returns at once', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(ms(1)), TRIP, c(ms(1))] },
      { atNs: us(500), does: [c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-1, B 1.007-2.007, A 2.014-3.014');
  });

  it('before, it keeps the lock: who was woken has to wait for the core', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(us(200)), TRIP, c(ms(1))] },
      { atNs: us(100), does: [c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-0.2, A 0.2-1.2, B 1.207-2.207');
  });

  it('a C call that keeps the lock and sleeps is no part of the slice: after it the thread keeps the lock', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [h(ms(1)), c(us(100)), TRIP, c(us(100)), TRIP, c(us(200))] },
      { atNs: us(500), does: [c(ms(1))] },
      { atNs: us(600), does: [c(ms(1))] },
    ]);
    // A's slice begins at 1 ms: it goes through two calls. At the end of it B, which A has woken, gets the core and asks A for the lock.
    expect(turns.slice(0, 4).map(([thread, , endNs]) => [thread, endNs])).toEqual([
      ['A', us(1100)],
      ['A', us(1200)],
      ['A', us(1300)],
      ['B', us(2307)],
    ]);
  });

  it('after such a call it loses the core to one who has been asleep for the lock since before its turn, at the release that wakes that one', () => {
    const turnsIf = (cComesNs: number): string => {
      const { turns } = runThreads(ONE_CORE, [
        { atNs: 0, does: [c(ms(1))] },
        { atNs: us(500), does: [h(ms(1)), c(us(100)), TRIP, c(us(100))] },
        { atNs: cComesNs, does: [c(ms(1))] },
      ]);
      return inMs(turns.slice(1));
    };
    // After C's slice B has the core, finds the lock taken and sleeps until C's end.
    expect(turnsIf(us(600))).toBe('B 1.007-2.107, C 2.114-3.114, B 3.121-3.221');
    expect(turnsIf(us(1200))).toBe('B 1.007-2.107, B 2.107-2.207, C 2.2105-3.2105');
  });

  it('nor does the lock of the next process know who was owed the core when its process was killed', () => {
    const scripts = [
      { atNs: 0, does: [c(ms(1))] },
      { atNs: us(500), does: [h(ms(1)), c(us(100)), TRIP, c(us(100))] },
      { atNs: us(600), does: [c(ms(1))] },
    ];
    const fresh = runThreads(
      ONE_CORE,
      scripts.map(({ does }) => ({ atNs: 0, does })),
    );
    // While B, which has slept, holds the lock that C has waited for since before; when it loses it; when C has it.
    for (const killUs of [1500, 2050, 2107, 2110, 2500]) {
      const { turns } = runThreads({ ...ONE_CORE, killNs: us(killUs) }, scripts);
      const after = turns.filter(([, fromNs]) => fromNs >= us(killUs));
      expect(after.map(([name, fromNs, toNs]) => [name, fromNs - us(killUs), toNs - us(killUs)])).toEqual(fresh.turns);
    }
  });

  it('threads that were woken while another kept the core go on in that order when it sleeps', () => {
    const scripts = [
      { atNs: 0, does: [c(ms(1))] },
      { atNs: us(500), does: [c(us(100)), TRIP, c(us(50))] },
      { atNs: us(600), does: [c(ms(1))] },
    ];
    // B takes over and tells C, the last waiter, to watch the clock; C gets the core when B is away, without its signal.
    expect(inMs(runThreads(ONE_CORE, scripts).turns)).toBe('A 0-1, B 1.007-1.107, B 1.107-1.157, C 1.1605-2.1605');
    // With a core of its own C is the clock before B's call, and the signal of that call makes it ask B for the lock.
    expect(inMs(runThreads(OWN_CORES, scripts).turns)).toBe(
      'A 0-1, B 1.007-1.107, B 1.107-1.114, C 1.121-2.121, B 2.128-2.171',
    );
  });

  it('a thread that was pre-empted comes after those who were woken', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(ms(1)), TRIP, c(us(10))] },
      { atNs: us(500), does: [c(us(100))] },
      { atNs: us(600), does: [c(us(100))] },
    ]);
    // B takes A's place and signals C; when B ends, C has been runnable for shorter than A, but A has had its slice.
    expect(inMs(turns)).toBe('A 0-1, B 1.007-1.107, C 1.1105-1.2105, A 1.214-1.224');
  });

  it('a thread that was pre-empted comes after one that is woken by the next to leave the core', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(ms(200))] },
      { atNs: ms(10), does: [c(ms(1)), TRIP, c(us(10))] },
      { atNs: ms(50), does: [c(us(100))] },
    ]);
    // A gives way to B and sleeps as the clock; B makes way to C, whose signal to A comes before it leaves the core.
    expect(turns.map(([name]) => name)).toEqual(['A', 'B', 'C', 'A', 'B']);
    const [, , third, fourth] = turns;
    expect(fourth![1] - third![2]).toBeLessThanOrEqual(us(7));
  });
});
