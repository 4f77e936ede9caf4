import { describe, expect, it } from 'vitest';
import { c, i, ms, us } from '../../../support/phases.js';
import { runThreads } from '../../../support/ruby-threads.js';

/** Expected times follow from ruby/ruby v3_1_2 thread_pthread.c: gvl_acquire_common, do_gvl_timer, gvl_yield. */
const RULES = { gvl: 'barging-deadline' } as const;
const WAKING = { ...RULES, wakeLatencyNs: us(7) } as const;

describe('lock of Ruby 2.6 to 3.2', () => {
  it('first contention after quiet: the waiter waits 100 ms from its arrival', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(130)],
      ['B', ms(130), ms(135)],
      ['A', ms(135), ms(255)],
    ]);
  });

  it('the deadline is a grid that all share: a waiter that comes in between waits for the rest', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(5)), i(ms(40)), c(ms(5))] },
    ]);
    // The expiry at 130 ms moved the deadline to 230 ms; B is back at 175 ms.
    expect(turns).toEqual([
      ['A', 0, ms(130)],
      ['B', ms(130), ms(135)],
      ['A', ms(135), ms(230)],
      ['B', ms(230), ms(235)],
      ['A', ms(235), ms(410)],
    ]);
  });

  it('a deadline that has passed pre-empts the owner at once', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(5)), i(ms(150)), c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(130)],
      ['B', ms(130), ms(135)],
      ['A', ms(135), ms(285)],
      ['B', ms(285), ms(290)],
      ['A', ms(290), ms(410)],
    ]);
  });

  it('an uncontended acquisition renews the deadline: 100 ms from the next arrival', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(us(5)), i(ms(40)), c(us(5))] },
    ]);
    // B runs for 5 us and is away again before A, told at 130.007 ms, is awake at 130.014 ms.
    expect(turns).toEqual([
      ['A', 0, ms(130)],
      ['B', ms(130.007), ms(130.012)],
      ['A', ms(130.014), ms(270.012)],
      ['B', ms(270.019), ms(270.024)],
      ['A', ms(270.026), ms(400.028)],
    ]);
  });

  it('barging with one waiter: it wakes up as the clock and has the barger give way', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(10)), i(0), c(ms(50))] },
      { atNs: ms(1), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(10)],
      ['A', ms(10), ms(10.007)],
      ['B', ms(10.014), ms(15.014)],
      ['A', ms(15.021), ms(65.014)],
    ]);
  });

  it('barging with two waiters: the clock is the last one, so the barger keeps the lock to the deadline', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(5))] },
      { atNs: ms(1), does: [c(ms(10)), i(0), c(ms(200))] },
      { atNs: ms(2), does: [c(ms(5))] },
      { atNs: ms(3), does: [c(ms(5))] },
    ]);
    // B set the deadline to 101 ms when it came, took over at 5.007 ms and made D the clock. At 15 ms it barges past C.
    expect(turns).toEqual([
      ['A', 0, ms(5)],
      ['B', ms(5.007), ms(15.007)],
      ['B', ms(15.007), ms(101)],
      ['C', ms(101.007), ms(106.007)],
      ['D', ms(106.014), ms(111.014)],
      ['B', ms(111.021), ms(225.028)],
    ]);
  });

  it('a thread that gives way does not come back before another had the lock', () => {
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(250))] },
    ]);
    expect(turns.map(([thread]) => thread).join('')).toBe('ABABAB');
    // A's second turn: B took over at 130.007 and A, told then, became the clock at 130.014 with the deadline 230 ms.
    expect(turns.slice(0, 3)).toEqual([
      ['A', 0, ms(130)],
      ['B', ms(130.007), ms(230)],
      ['A', ms(230.007), ms(330)],
    ]);
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
    expect(turns).toEqual([
      ['A', 0, ms(101)],
      ['C', ms(101.003), ms(101.007)],
      ['B', ms(101.014), ms(104.014)],
      ['A', ms(104.021), ms(113.021)],
      ['C', ms(113.028), ms(115.024)],
    ]);
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
    expect(turns).toEqual([
      ['A', 0, ms(150)],
      ['A', ms(150), ms(150.007)],
      ['B', ms(150.014), ms(151.014)],
      ['A', ms(151.021), ms(251.014)],
    ]);
  });

  it('makes every deadline late by the overshoot of the timer', () => {
    const { turns } = runThreads({ ...RULES, overshootNs: us(75) }, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(400))] },
    ]);
    // B at 130.075 ms renews the deadline to 230.075 ms.
    expect(turns.slice(0, 2)).toEqual([
      ['A', 0, ms(130.075)],
      ['B', ms(130.075), ms(230.15)],
    ]);
  });

  it('a signal that is on its way when the deadline passes counts as a signal', () => {
    // B is the clock, deadline 101 ms. A goes away for good at 100.997 ms; B is awake at 101.004 ms, not at 101 ms, and
    // the deadline stays at 101 ms: C, which comes at 150 ms, pre-empts B at once.
    const { turns } = runThreads(WAKING, [
      { atNs: 0, does: [c(ms(100.997))] },
      { atNs: ms(1), does: [c(ms(200))] },
      { atNs: ms(150), does: [c(ms(1))] },
    ]);
    expect(turns.slice(0, 3)).toEqual([
      ['A', 0, ms(100.997)],
      ['B', ms(101.004), ms(150)],
      ['C', ms(150.007), ms(151.007)],
    ]);
  });
});
