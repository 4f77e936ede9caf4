import { describe, expect, it } from 'vitest';
import { c, h, i, ms, us } from '../../../support/phases.js';
import { inMs, runThreads } from '../../../support/ruby-threads.js';

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
    expect(inMs(runThreads(ONE_CORE, scripts).turns)).toBe(
      'A 0-1, B 1.007-1.057, B 1.057-1.107, B 1.107-1.157, A 1.1605-1.1705',
    );
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
    expect(inMs(turns)).toBe('A 0-0.4, B 0.407-0.427, C 0.434-0.454, B 0.461-0.481, A 0.488-0.498');
  });

  it('a C call that keeps the lock and sleeps leaves the core: who is woken meanwhile queues, and is handed the lock', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [h(us(200)), TRIP, c(us(50))] },
      { atNs: us(100), does: [c(us(50))] },
    ]);
    expect(inMs(turns)).toBe('A 0-0.2, B 0.207-0.257, A 0.264-0.314');
  });

  it('who is woken while another thread keeps the core asks for the lock later', () => {
    const { turns } = runThreads(ONE_CORE, [
      { atNs: 0, does: [c(us(200)), TRIP, c(us(50))] },
      { atNs: us(100), does: [c(us(50))] },
    ]);
    // At 200 us B has not asked yet, so A keeps the lock.
    expect(inMs(turns)).toBe('A 0-0.2, A 0.2-0.25, B 0.2535-0.3035');
  });

  it('counts its slice of 100 ms from when the first waiter has asked', () => {
    const { turns } = runThreads({ ...ONE_CORE, wakeLatencyNs: 0 }, [
      { atNs: 0, does: [c(ms(250))] },
      { atNs: ms(30), does: [c(ms(5))] },
    ]);
    expect(inMs(turns)).toBe('A 0-130, B 130-135, A 135-255');
  });
});
