import { describe, expect, it } from 'vitest';
import { c, i, ms, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

/** Expected times follow from ruby/ruby v3_1_2 thread_pthread.c: gvl_acquire_common, do_gvl_timer, gvl_yield. */
const RULES = { gvl: 'barging-deadline' } as const;
const WAKING = { ...RULES, wakeLatencyNs: us(7) } as const;

describe('lock of Ruby 2.6 to 3.2', () => {
  it('first contention after quiet: the waiter waits 100 ms from its arrival', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-130, B 130-135, A 135-255');
  });

  it('the deadline is a grid that all share: a waiter that comes in between waits for the rest', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(5)), i(ms(40)), c(ms(5))] },
    ]);
    // The expiry at 130 ms moved the deadline to 230 ms; B is back at 175 ms.
    expect(inMs(turns)).toBe('A 0-130, B 130-135, A 135-230, B 230-235, A 235-410');
  });

  it('a deadline that has passed pre-empts the owner at once', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(5)), i(ms(150)), c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-130, B 130-135, A 135-285, B 285-290, A 290-410');
  });

  it('an uncontended acquisition renews the deadline: 100 ms from the next arrival', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(us(5)), i(ms(40)), c(us(5))] },
    ]);
    // B runs for 5 us and is away again before A, told at 130.007 ms, is awake at 130.014 ms.
    expect(inMs(turns)).toBe('A 0-130, B 130.007-130.012, A 130.014-270.012, B 270.019-270.024, A 270.026-400.028');
  });

  it('barging with one waiter: it wakes up as the clock and has the barger give way', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(10)), i(0), c(ms(50))] },
      { atNs: ms(1), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-10, A 10-10.007, B 10.014-15.014, A 15.021-65.014');
  });

  it('barging with two waiters: the clock is the last one, so the barger keeps the lock to the deadline', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(5))] },
      { atNs: ms(1), does: [c(ms(10)), i(0), c(ms(200))] },
      { atNs: ms(2), does: [c(ms(5))] },
      { atNs: ms(3), does: [c(ms(5))] },
    ]);
    // B set the deadline to 101 ms when it came, took over at 5.007 ms and made D the clock. At 15 ms it barges past C.
    expect(inMs(turns)).toBe(
      'A 0-5, B 5.007-15.007, B 15.007-101, C 101.007-106.007, D 106.014-111.014, B 111.021-225.028',
    );
  });

  it('a thread that gives way does not come back before another had the lock', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(250))] },
    ]);
    expect(turns.map(([thread]) => thread).join('')).toBe('ABABAB');
    // A's second turn: B took over at 130.007 and A, told then, became the clock at 130.014 with the deadline 230 ms.
    expect(inMs(turns.slice(0, 3))).toBe('A 0-130, B 130.007-230, A 230.007-330');
  });

  it('a thread that gives way is one of those who wait, until another has the lock', () => {
    // A gives way at 130 ms, B is awake at 130.007 ms.
    const { waiting } = runThreads({ ...WAKING, looksNs: [ms(129), ms(130.003), ms(131)] }, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(250))] },
    ]);
    expect(waiting).toEqual([1, 2, 1]);
  });

  it('a thread that barges in between does not end the wait of one that gives way', () => {
    // A gives way to B at 101 ms. C comes at 101.003 ms, while B wakes up, and takes the lock for 2 ms. At 101.007 ms B
    // wakes as the clock and has C give way too. A and C come back only after B has taken over at 101.014 ms: A is told
    // then and queues at 101.021 ms; C is told by A and queues at 101.028 ms.
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(110))] },
      { atNs: ms(1), does: [c(ms(3))] },
      { atNs: ms(101.003), does: [c(ms(2))] },
    ]);
    expect(inMs(turns)).toBe('A 0-101, C 101.003-101.007, B 101.014-104.014, A 104.021-113.021, C 113.028-115.024');
  });

  it.each([
    [2, 400],
    [1, 200],
    [0, 100],
    [-1, 100],
    [-3, 100],
  ])('priority %i: a waiter waits %i ms, as an expiry counts as 100 ms', (priority, waitMs) => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, priority, does: [c(ms(1000))] },
      { atNs: ms(30), does: [c(ms(1))] },
    ]);
    expect(turns[1]).toEqual(['B', ms(30 + waitMs), ms(31 + waitMs)]);
  });

  it('keeps the account of used time when a thread comes back before anybody else ran', () => {
    // Priority 1: 200 ms. One expiry at 101 ms. At 150 ms A barges past B, which wakes as the clock and flags A: that
    // counts as another 100 ms.
    const { turns } = runThreads(WAKING, [
      { atNs: 0, priority: 1, does: [c(ms(150)), i(0), c(ms(100))] },
      { atNs: ms(1), does: [c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-150, A 150-150.007, B 150.014-151.014, A 151.021-251.014');
  });

  it('makes every deadline late by the overshoot of the timer', () => {
    const { turns } = runThreads({ ...RULES, overshootNs: us(75) }, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(400))] },
    ]);
    // B at 130.075 ms renews the deadline to 230.075 ms.
    expect(inMs(turns.slice(0, 2))).toBe('A 0-130.075, B 130.075-230.15');
  });

  it('a signal that is on its way when the deadline passes counts as a signal', () => {
    // B is the clock, deadline 101 ms. A goes away for good at 100.997 ms; B is awake at 101.004 ms, not at 101 ms, and
    // the deadline stays at 101 ms: C, which comes at 150 ms, pre-empts B at once.
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(100.997))] },
      { atNs: ms(1), does: [c(ms(200))] },
      { atNs: ms(150), does: [c(ms(1))] },
    ]);
    expect(inMs(turns.slice(0, 3))).toBe('A 0-100.997, B 101.004-150, C 150.007-151.007');
  });
});
