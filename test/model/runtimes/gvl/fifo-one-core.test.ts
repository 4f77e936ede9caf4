import { describe, expect, it } from 'vitest';
import { c, i, ms, us } from '../../../support/phases.js';
import { runThreads } from '../../../support/ruby-threads.js';

/** Worked out by hand: slices of 0.3 ms, 7 us from a signal to the first instruction, 3.5 us for a switch alone. */
const ONE_CORE = { gvl: 'fifo-ticks', wakeLatencyNs: us(7), preemptAfterNs: us(300) } as const;
const OWN_CORES = { gvl: 'fifo-ticks', wakeLatencyNs: us(7) } as const;
const TRIP = i(0);

describe('lock of Ruby 3.3 to 3.5 on one core', () => {
  it('a thread that has had its slice loses the core to the one that it hands the lock to, and is not in the queue', () => {
    const scripts = [
      { atNs: 0, does: [c(ms(1)), TRIP, c(us(10))] },
      { atNs: us(500), does: [c(us(50)), TRIP, c(us(50)), TRIP, c(us(50))] },
    ];
    // B finds no waiter at its calls, and goes on.
    expect(runThreads(ONE_CORE, scripts).turns).toEqual([
      ['A', 0, ms(1)],
      ['B', us(1007), us(1057)],
      ['B', us(1057), us(1107)],
      ['B', us(1107), us(1157)],
      ['A', us(1160.5), us(1170.5)],
    ]);
    // With a core of its own A is back in the queue at once, and the lock changes hands at every call.
    expect(
      runThreads(OWN_CORES, scripts)
        .turns.map(([thread]) => thread)
        .join(''),
    ).toBe('ABABB');
  });

  it('a thread within its slice goes on to the end of its call, and queues', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(us(400)), TRIP, c(us(10))] },
      { atNs: us(350), does: [c(us(20)), TRIP, c(us(20))] },
      { atNs: us(360), does: [c(us(20))] },
    ]);
    // B is in its slice when it hands the lock to C; A, which lost the core to B, gets it when B sleeps in the queue.
    expect(turns).toEqual([
      ['A', 0, us(400)],
      ['B', us(407), us(427)],
      ['C', us(434), us(454)],
      ['B', us(461), us(481)],
      ['A', us(488), us(498)],
    ]);
  });

  it('who is woken while another thread keeps the core asks for the lock later', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(us(200)), TRIP, c(us(50))] },
      { atNs: us(100), does: [c(us(50))] },
    ]);
    // At 200 us B has not asked yet, so A keeps the lock.
    expect(turns).toEqual([
      ['A', 0, us(200)],
      ['A', us(200), us(250)],
      ['B', us(253.5), us(303.5)],
    ]);
  });

  it('counts its slice of 100 ms from when the first waiter has asked', () => {
    const { turns } = runThreads({ ...ONE_CORE, wakeLatencyNs: 0 }, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(5))] },
    ]);
    expect(turns).toEqual([
      ['A', 0, ms(130)],
      ['B', ms(130), ms(135)],
      ['A', ms(135), ms(255)],
    ]);
  });
});
