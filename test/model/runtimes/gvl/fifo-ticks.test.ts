import { describe, expect, it } from 'vitest';
import { c, i, ms, n, s, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

/** Expected times follow from ruby/ruby v3.3.8 thread_pthread.c: FIFO hand-on, ticks of 10 ms while somebody waits. */
const RULES = { gvl: 'fifo-ticks' } as const;

describe('lock of Ruby 3.3 to 3.5', () => {
  it('lets a thread run that nobody waits for, however long', () => {
    expect(runThreads(RULES, [{ atNs: ms(3), does: [c(ms(1234))] }]).turns).toEqual([['A', ms(3), ms(1237)]]);
  });

  it('switches 10 ticks after the first waiter came: what the owner used before is free', () => {
    const { turns, ends } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-130, B 130-135, A 135-255');
    expect(ends).toEqual({ A: [ms(255)], B: [ms(135)] });
  });

  it('hands the lock on first come, first served', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10))] },
      { atNs: ms(3), does: [c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
      { atNs: ms(2), does: [c(ms(5))] },
    ]);
    expect(turns.map(([thread, fromNs]) => [thread, fromNs])).toEqual([
      ['A', 0],
      ['C', ms(10)],
      ['D', ms(15)],
      ['B', ms(20)],
    ]);
  });

  it('restarts the tick phase when a waiter finds the timer asleep, and goes on with the old one when it does not', () => {
    const script = (awayNs: number) => [
      { atNs: 0, does: [c(ms(300))] },
      { atNs: ms(30), does: [c(ms(1)), i(awayNs), c(ms(1))] },
    ];
    // B is back at 151 ms: the tick at 140 ms found nobody and the timer sleeps. Ten ticks: 161 … 251 ms.
    expect(inMs(runThreads(RULES, script(ms(20))).turns)).toBe('A 0-130, B 130-131, A 131-251, B 251-252, A 252-302');
    // B is back at 136 ms, before the tick at 140 ms, which counts. Ten ticks: 140 … 230 ms.
    expect(inMs(runThreads(RULES, script(ms(5))).turns)).toBe('A 0-130, B 130-131, A 131-230, B 230-231, A 231-302');
  });

  it('rotates CPU-bound threads strictly, 100 ms each', () => {
    const burst = [c(ms(250))];
    const { turns } = runThreads(
      RULES,
      [0, 1, 2].map((k) => ({ atNs: ms(k), does: burst })),
    );
    expect(inMs(turns)).toBe(
      'A 0-101, B 101-201, C 201-301, A 301-401, B 401-501, C 501-601, A 601-650, B 650-700, C 700-750',
    );
  });

  it.each([
    [3, 800],
    [2, 400],
    [1, 200],
    [0, 100],
    [-1, 50],
    [-2, 30],
    [-3, 20],
  ])('priority %i: a waiter waits %i ms, the quantum rounded up to ticks', (priority, waitMs) => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, priority, does: [c(ms(1000))] },
      { atNs: ms(5), does: [c(ms(1))] },
    ]);
    expect(turns[1]).toEqual(['B', ms(5 + waitMs), ms(6 + waitMs)]);
  });

  it.each([
    [1, 10],
    [10, 10],
    [15, 20],
    [20, 20],
  ])('a timeslice of %i ms is one of %i ms', (quantumMs, waitMs) => {
    const { turns } = runThreads({ ...RULES, quantumNs: ms(quantumMs) }, [
      { atNs: 0, does: [c(ms(100))] },
      { atNs: ms(5), does: [c(ms(1))] },
    ]);
    expect(turns[1]).toEqual(['B', ms(5 + waitMs), ms(6 + waitMs)]);
  });

  it('makes every tick late by the overshoot of the timer', () => {
    const { turns } = runThreads({ ...RULES, overshootNs: us(75) }, [
      { atNs: 0, does: [c(ms(200))] },
      { atNs: ms(5), does: [c(ms(1))] },
    ]);
    expect(turns[1]).toEqual(['B', ms(5 + 100.75), ms(5 + 101.75)]);
  });

  it('looks at the end of a slice only if the burst can last so long, by the ticks up to the last waiter', () => {
    // B comes at 5 ms: ticks at 15.075 + k 10.075 ms, the tenth at 105.75 ms. C comes at 60 ms, when five were sent and the next is due
    // at 65.45 ms; five more at 10 ms or more each end the slice at 105.45 ms at the earliest (at 105.075 ms, had those five not been booked).
    const script = (endNs: number) => [
      { atNs: 0, does: [c(ms(70)), c(endNs - ms(70))] },
      { atNs: ms(5), does: [c(ms(1))] },
      { atNs: ms(60), does: [c(ms(1))] },
    ];
    const run = (endNs: number) => runThreads({ ...RULES, overshootNs: us(75) }, script(endNs));
    // Three starts, four ends of bursts; the look at 105.75 ms finds another holder.
    expect(run(ms(105.45) - 1).events).toBe(7);
    expect(run(ms(105.45)).events).toBe(8);
    expect(inMs(run(ms(105.45)).turns)).toBe('A 0-105.45, B 105.45-106.45, C 106.45-107.45');
    expect(run(ms(120)).turns[0]).toEqual(['A', 0, ms(105.75)]);
  });

  describe('with a wake-up latency of 7 us', () => {
    const WAKING = { ...RULES, wakeLatencyNs: us(7) };

    it('the lock belongs to the next thread while it wakes up: nobody runs, nobody overtakes', () => {
      const { turns } = runThreads(WAKING, [
        { atNs: 0, does: [c(ms(10))] },
        { atNs: ms(1), does: [c(ms(5))] },
        { atNs: ms(10) + us(3), does: [c(ms(2))] },
      ]);
      expect(inMs(turns)).toBe('A 0-10, B 10.007-15.007, C 15.014-17.014');
    });

    it('a thread that releases and asks again at once goes to the tail', () => {
      const { turns } = runThreads(WAKING, [
        { atNs: 0, does: [c(ms(10)), i(0), c(ms(1))] },
        { atNs: ms(1), does: [c(ms(5))] },
        { atNs: ms(2), does: [c(ms(5))] },
      ]);
      expect(inMs(turns)).toBe('A 0-10, B 10.007-15.007, C 15.014-20.014, A 20.021-21.021');
    });

    it('an uncontended release and re-acquisition takes no time', () => {
      const { turns, ends } = runThreads(WAKING, [{ atNs: 0, does: [c(ms(10)), i(0), c(ms(1))] }]);
      expect(inMs(turns)).toBe('A 0-10, A 10-11');
      expect(ends.A).toEqual([ms(10), ms(10), ms(11)]);
    });

    it('does not count ticks against a thread that is still waking up', () => {
      // A releases at 9.998 ms; the tick of B's arrival at 0 falls at 10 ms, into B's wake-up. C waits all the time.
      // The timer goes to sleep there, B resumes at 10.005 ms and restarts it: ten ticks to 110.005 ms.
      const { turns } = runThreads(WAKING, [
        { atNs: 0, does: [c(ms(9.998))] },
        { atNs: 0, does: [c(ms(200))] },
        { atNs: 0, does: [c(ms(1))] },
      ]);
      expect(inMs(turns.slice(0, 3))).toBe('A 0-9.998, B 10.005-110.005, C 110.012-111.012');
    });
  });

  it('convoy: a thread with I/O waits a full round behind a CPU-bound one at every return', () => {
    const { ends } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(1000))] },
      { atNs: ms(0.5), does: [c(ms(1)), i(ms(5)), c(ms(1)), i(ms(5)), c(ms(1))] },
    ]);
    // Ticks at 0.5 + 10 k ms for ever, as somebody waits or comes back before each of them.
    expect(ends.B).toEqual([101.5, 200.5, 201.5, 300.5, 301.5].map(ms));
    expect(ends.A).toEqual([ms(1003)]);
  });

  it('two neighbouring I/O phases are two: between them the thread takes the lock, waiting if it must', () => {
    const { ends } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(50))] },
      { atNs: 0, does: [i(ms(10)), i(ms(10)), c(ms(1))] },
    ]);
    // B acquires first at 0, behind A, which runs to 50 ms.
    expect(ends.B).toEqual([60, 70, 71].map(ms));
    const contended = runThreads(RULES, [
      { atNs: 1, does: [c(ms(50))] },
      { atNs: 0, does: [i(ms(10)), i(ms(10)), c(ms(1))] },
    ]);
    expect(contended.ends.B).toEqual([ms(50) + 1, ms(60) + 1, ms(61) + 1]);
  });

  it('a C call that keeps the lock is interrupted at its next check point', () => {
    const { turns, ends } = runThreads(RULES, [
      { atNs: 0, does: [s(ms(300))] },
      { atNs: us(300), does: [c(ms(1))] },
    ]);
    // Ticks at 10.3 … 100.3 ms, noticed at 11 … 101 ms.
    expect(inMs(turns)).toBe('A 0-101, B 101-102, A 102-301');
    expect(ends.A).toEqual([ms(301)]);
  });

  it('native code runs without the lock, and takes it at its end', () => {
    const { turns, ends } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), n(ms(30)), c(ms(10))] },
      { atNs: ms(5), does: [c(ms(40))] },
    ]);
    expect(inMs(turns)).toBe('A 0-10, B 10-50, A 50-60');
    expect(ends.A).toEqual([10, 50, 60].map(ms));
  });
});
