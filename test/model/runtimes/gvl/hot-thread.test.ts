import { describe, expect, it } from 'vitest';
import { c, i, ms, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

const RULES = { gvl: 'hot-thread', wakeLatencyNs: us(7) } as const;

describe('lock of the 2026 master of Ruby', () => {
  it('the last releaser takes the lock back while the next thread wakes up; the loser goes to the front', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), i(us(3)), c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
      { atNs: ms(2), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-10, A 10.003-15.003, B 15.01-20.01, C 20.017-25.017');
  });

  it('once the next thread has resumed, the releaser queues at the tail', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), i(us(8)), c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
      { atNs: ms(2), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-10, B 10.007-15.007, C 15.014-20.014, A 20.021-25.021');
  });

  it('the loser is on its way all the same: if it is given the lock again meanwhile, it runs no later for that', () => {
    // B is told at 10 ms, loses the lock at 10.001 ms, is given it again at 10.003 ms and is awake at 10.007 ms.
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), i(us(1)), c(us(2))] },
      { atNs: ms(1), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-10, A 10.001-10.003, B 10.007-15.007');
  });

  it('nobody but the last releaser may do so', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10))] },
      { atNs: ms(1), does: [c(ms(5))] },
      { atNs: ms(10.003), does: [c(ms(1))] },
    ]);
    expect(turns.map(([thread]) => thread)).toEqual(['A', 'B', 'C']);
  });

  it('a thread made to yield at the end of its slice is no hot thread', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(150))] },
      { atNs: 0, does: [c(ms(20)), i(us(3)), c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-100, B 100.007-120.007, B 120.01-121.01, A 121.017-171.017');
  });

  it('taking it back keeps the account of used time', () => {
    // Ticks from 11 ms on, four of them before the release at 50 ms; the tenth is at 101 ms.
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(50)), i(0), c(ms(200))] },
      { atNs: ms(1), does: [c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-50, A 50-101, B 101.007-102.007, A 102.014-251.014');
  });

  it('without a wake-up latency there is no window: strict FIFO', () => {
    const { turns } = runThreads({ gvl: 'hot-thread' }, [
      { atNs: 0, does: [c(ms(10)), i(0), c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-10, B 10-15, A 15-20');
  });
});
