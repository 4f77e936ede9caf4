import { describe, expect, it } from 'vitest';
import { c, ms, us } from '../../../support/phases.js';
import { type Rules, runThreads } from '../../../support/ruby-threads.js';

const LOCKS: readonly (readonly [string, Rules])[] = [
  ['Ruby 2.6 to 3.2', { gvl: 'barging-deadline' }],
  ['Ruby 3.3 to 3.5', { gvl: 'fifo-ticks' }],
  ['Ruby after 3.5', { gvl: 'hot-thread' }],
  ['CPython', { gvl: 'cpython' }],
];

describe.each(LOCKS)('those who wait for the lock of %s', (_, rules) => {
  it('are all who are ready and do not have it, also those who have just given way', () => {
    // Four threads of 400 ms each, the last from 30 ms on: three of them wait until the first has ended.
    // No look falls into a hand-over: for the microseconds in which a thread is woken up to queue again it is not counted.
    const looksNs = [ms(12.5), ...Array.from({ length: 34 }, (_, k) => ms(42.5 + 10 * k))];
    const { turns, waiting } = runThreads({ ...rules, wakeLatencyNs: us(7), looksNs }, [
      { atNs: 0, does: [c(ms(400))] },
      { atNs: 0, does: [c(ms(400))] },
      { atNs: ms(1), does: [c(ms(400))] },
      { atNs: ms(30), does: [c(ms(400))] },
    ]);
    const held = looksNs.map((ns) => turns.some(([, from, to]) => from <= ns && ns < to));
    const ready = looksNs.map((ns) => (ns < ms(30) ? 3 : 4));
    expect(waiting).toEqual(ready.map((count, k) => (held[k] ? count - 1 : count)));
  });
});
