import { describe, expect, it } from 'vitest';
import { c, h, i, ms, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

/** Expected times follow from python/cpython v3.12 Python/ceval_gil.c: take_gil, drop_gil. */
const RULES = { gvl: 'cpython' } as const;

describe('lock of CPython', () => {
  it('a waiter has the holder drop the lock after 5 ms, and the holder waits until it was taken', () => {
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(20))] },
      { atNs: ms(2), does: [c(ms(3))] },
    ]);
    expect(inMs(turns)).toBe('A 0-7, B 7-10, A 10-23');
  });

  it('a release wakes any waiter, as the operating system likes', () => {
    const scripts = [
      { atNs: 0, does: [c(ms(4))] },
      { atNs: ms(1), does: [c(ms(1))] },
      { atNs: ms(2), does: [c(ms(1))] },
    ];
    expect(runThreads({ ...RULES, draws: [0.9] }, scripts).turns.map(([thread]) => thread)).toEqual(['A', 'C', 'B']);
    expect(runThreads({ ...RULES, draws: [0.1] }, scripts).turns.map(([thread]) => thread)).toEqual(['A', 'B', 'C']);
  });

  it('a waiter asks only if the lock was not handed over while it waited', () => {
    // Intervals of B: 1-6. At 6 A drops. C's interval 3-8 saw that switch, so it starts another, 8-13. A's 6-11: B drops.
    // C takes at 11, A at 12. B's 11-16 saw A take over, so B asks at 21; A's 21-26: B drops at 26.
    const { turns } = runThreads(RULES, [
      { atNs: 0, does: [c(ms(19))] },
      { atNs: ms(1), does: [c(ms(20))] },
      { atNs: ms(3), does: [c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-6, B 6-11, C 11-12, A 12-21, B 21-26, A 26-30, B 30-40');
  });

  it('a voluntary release forces no switch: the releaser may be back before the waiter is awake', () => {
    const { turns } = runThreads({ ...RULES, wakeLatencyNs: us(7) }, [
      { atNs: 0, does: [c(ms(2)), i(0), c(ms(20))] },
      { atNs: ms(1), does: [c(ms(3))] },
    ]);
    // B, awake at 2.007 ms, finds the lock taken and waits another 5 ms.
    expect(inMs(turns)).toBe('A 0-2, A 2-7.007, B 7.014-10.014, A 10.021-25.014');
  });

  it('a waiter whose interval ends while the lock is free takes it', () => {
    // A releases at 5.998 ms and wakes C, awake at 6.005 ms. B's interval ends at 6 ms: the lock is free.
    const { turns } = runThreads({ ...RULES, wakeLatencyNs: us(7), draws: [0.9] }, [
      { atNs: 0, does: [c(ms(5.998))] },
      { atNs: ms(1), does: [c(ms(1))] },
      { atNs: ms(2), does: [c(ms(1))] },
    ]);
    expect(inMs(turns)).toBe('A 0-5.998, B 6-7, C 7.007-8.007');
  });

  it('on one core: a blocking call that returns at once loses the lock after a slice of the core, not before', () => {
    const scripts = (beforeMs: number) => [
      { atNs: 0, does: [c(ms(beforeMs)), i(0), c(ms(1))] },
      { atNs: ms(0.05), does: [c(ms(1))] },
    ];
    const rules = { ...RULES, wakeLatencyNs: us(7), preemptAfterNs: us(300) };
    const order = (beforeMs: number) => runThreads(rules, scripts(beforeMs)).turns.map(([thread]) => thread);
    expect(order(0.2)).toEqual(['A', 'A', 'B']);
    expect(order(0.4)).toEqual(['A', 'B', 'A']);
    // A call that sleeps with the lock is no part of the slice.
    const [first, second] = scripts(0);
    const { turns } = runThreads(rules, [{ ...first!, does: [h(ms(1)), c(ms(0.2)), i(0), c(ms(1))] }, second!]);
    expect(turns.map(([thread]) => thread)).toEqual(['A', 'A', 'B']);
  });
});
