import { describe, expect, it } from 'vitest';
import { c, i, ms, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

const COLD = us(45);
const WARM = us(30);
const HOST = { wakeLatencyNs: COLD, warmWakeLatencyNs: WARM } as const;

describe('a thread that has slept for less than 200 us', () => {
  it.each(['fifo-ticks', 'barging-deadline'] as const)('is awake sooner (%s)', (gvl) => {
    const waiting = (forNs: number) =>
      runThreads({ gvl, ...HOST }, [
        { atNs: 0, does: [c(ms(1))] },
        { atNs: ms(1) - forNs, does: [c(us(10))] },
      ]).turns[1]![1];
    expect(waiting(us(150))).toBe(ms(1) + WARM);
    expect(waiting(us(199))).toBe(ms(1) + WARM);
    expect(waiting(us(200))).toBe(ms(1) + COLD);
    expect(waiting(us(900))).toBe(ms(1) + COLD);
  });

  it('on one core it is a thread that has run there less than 200 us ago, however long it has waited for the lock', () => {
    const host = {
      gvl: 'fifo-ticks',
      preemptAfterNs: us(300),
      wakeLatencyNs: us(7),
      warmWakeLatencyNs: us(2),
    } as const;
    const { turns } = runThreads(host, [
      { atNs: 0, does: [c(us(400)), i(0), c(us(10))] },
      { atNs: us(350), does: [c(us(20)), i(0), c(us(20))] },
      { atNs: us(360), does: [c(us(20))] },
    ]);
    // B has never run
    expect(inMs(turns)).toBe('A 0-0.4, B 0.407-0.427, C 0.434-0.454, B 0.456-0.476, A 0.478-0.488');
  });
});
