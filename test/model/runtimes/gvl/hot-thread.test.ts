import { describe, expect, it } from 'vitest';
import { c, i, ms, us } from '../../../support/phases.js';
import { runThreads } from '../../../support/ruby-threads.js';

const RULES = { gvl: 'hot-thread', wakeLatencyNs: us(7) } as const;

describe('lock of the 2026 master of Ruby', () => {
  it('the last releaser takes the lock back while the next thread wakes up; the loser goes to the front', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), i(us(3)), c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
      { atNs: ms(2), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(10)],
      ['A', ms(10.003), ms(15.003)],
      ['B', ms(15.01), ms(20.01)],
      ['C', ms(20.017), ms(25.017)],
    ]);
  });

  it('once the next thread has resumed, the releaser queues at the tail', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), i(us(8)), c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
      { atNs: ms(2), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(10)],
      ['B', ms(10.007), ms(15.007)],
      ['C', ms(15.014), ms(20.014)],
      ['A', ms(20.021), ms(25.021)],
    ]);
  });

  it('the loser is on its way all the same: if it is given the lock again meanwhile, it runs no later for that', () => {
    // B is told at 10 ms, loses the lock at 10.001 ms, is given it again at 10.003 ms and is awake at 10.007 ms.
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(10)), i(us(1)), c(us(2))] },
      { atNs: ms(1), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(10)],
      ['A', ms(10.001), ms(10.003)],
      ['B', ms(10.007), ms(15.007)],
    ]);
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
    expect(turns).toEqual([
      ['A', 0, ms(100)],
      ['B', ms(100.007), ms(120.007)],
      ['B', ms(120.01), ms(121.01)],
      ['A', ms(121.017), ms(171.017)],
    ]);
  });

  it('taking it back keeps the account of used time', () => {
    // Ticks from 11 ms on, four of them before the release at 50 ms; the tenth is at 101 ms.
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(50)), i(0), c(ms(200))] },
      { atNs: ms(1), does: [c(ms(1))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(50)],
      ['A', ms(50), ms(101)],
      ['B', ms(101.007), ms(102.007)],
      ['A', ms(102.014), ms(251.014)],
    ]);
  });

  it('without a wake-up latency there is no window: strict FIFO', () => {
    const { turns } = runThreads({ gvl: 'hot-thread' }, [
      { atNs: 0, does: [c(ms(10)), i(0), c(ms(5))] },
      { atNs: ms(1), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(10)],
      ['B', ms(10), ms(15)],
      ['A', ms(15), ms(20)],
    ]);
  });
});
