import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarQueue } from '../../src/kernel/calendar-queue.js';
import type { EventList } from '../../src/kernel/event-list.js';
import { HeapList } from '../../src/kernel/heap-list.js';
import { LinkedList } from '../../src/kernel/linked-list.js';
import { Rank } from '../../src/kernel/ranks.js';
import { Timer } from '../../src/kernel/timer.js';

/** Few, so that ties are common; some so far apart that no list finds them by looking ahead. */
const time = fc.oneof(
  { weight: 10, arbitrary: fc.nat(12) },
  { weight: 3, arbitrary: fc.constantFrom(5e6, 6e6, 1e12 + 7e6, Number.POSITIVE_INFINITY) },
);

/** What a list is to do: arm (or move) a timer, disarm it, or take the first. */
const operation = fc.oneof(
  fc.record({ what: fc.constant('arm' as const), timer: fc.nat(39), atNs: time }),
  fc.record({ what: fc.constant('disarm' as const), timer: fc.nat(39) }),
  fc.record({ what: fc.constant('take' as const) }),
);

const ranks = Object.values(Rank);

/** Sorts everything at every question. */
class SortedArray {
  readonly armed: { timer: number; atNs: number; rank: number; serial: number }[] = [];
  private serial = 0;

  arm(timer: number, atNs: number, rank: number): void {
    this.disarm(timer);
    this.armed.push({ timer, atNs, rank, serial: this.serial++ });
    this.armed.sort((a, b) => (a.atNs === b.atNs ? 0 : a.atNs - b.atNs) || a.rank - b.rank || a.serial - b.serial);
  }

  disarm(timer: number): void {
    const at = this.armed.findIndex((entry) => entry.timer === timer);
    if (at !== -1) this.armed.splice(at, 1);
  }
}

const lists: [name: string, make: () => EventList][] = [
  ['linked list', () => new LinkedList()],
  ['calendar', () => new CalendarQueue()],
  ['heap', () => new HeapList()],
];

describe.each(lists)('event list: %s', (_, make) => {
  it('holds the timers in the order of time, rank and serial, as an array that is sorted at every step', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
        const timers = Array.from(
          { length: 40 },
          (_, k) => new Timer(k, 'ring', () => {}, k, ranks[k % ranks.length]!),
        );
        const list = make();
        const oracle = new SortedArray();
        for (const step of operations) {
          if (step.what === 'arm') {
            const timer = timers[step.timer]!;
            timer.atNs = step.atNs; // before it is removed, as the kernel does
            if (timer.isArmed) list.remove(timer);
            list.insert(timer);
            oracle.arm(step.timer, step.atNs, ranks[step.timer % ranks.length]!);
          } else if (step.what === 'disarm') {
            const timer = timers[step.timer]!;
            if (timer.isArmed) list.remove(timer);
            oracle.disarm(step.timer);
          } else if (list.size > 0) {
            expect(list.first().id).toBe(oracle.armed[0]!.timer);
            list.removeFirst();
            oracle.armed.shift();
          }
          expect(list.size).toBe(oracle.armed.length);
          for (const { id, isArmed } of timers) expect(isArmed).toBe(oracle.armed.some(({ timer }) => timer === id));
        }
        const drained: number[] = [];
        while (list.size > 0) {
          drained.push(list.first().id);
          list.removeFirst();
        }
        expect(drained).toEqual(oracle.armed.map(({ timer }) => timer));
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  it('holds hundreds of timers from the next nanosecond to the next hour in order, while they are taken and armed again', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (parts) => {
        const next = (): number => parts.next().value as number;
        // Far, near, and at the same time: three periods of another density each.
        const later = [() => 3.6e12 * next(), () => 10 ** (6 * next()), () => 1e6 * Math.ceil(3 * next())];
        const timers = Array.from({ length: 300 }, (_, k) => new Timer(k, 'ring', () => {}, k, Rank.Release));
        let list = make();
        const arm = (timer: Timer, atNs: number): void => {
          timer.atNs = atNs;
          list.insert(timer);
          if (list.isOutgrown) list = list.successor();
        };
        for (const timer of timers) arm(timer, Math.round(later[0]!()));
        for (const delayNs of later) {
          for (let k = 0, nowNs = -1; k < 4000; k++) {
            const first = list.first();
            if (first.atNs < nowNs) throw new Error(`${first.atNs} after ${nowNs}`);
            nowNs = first.atNs;
            list.removeFirst();
            arm(first, Math.round(nowNs + delayNs()));
          }
          const earliest = timers.reduce((least, { atNs }) => Math.min(least, atNs), Number.POSITIVE_INFINITY);
          expect(list.first().atNs).toBe(earliest);
          expect(list.size).toBe(300);
        }
      }),
      { seed: 13, numRuns: 2 },
    );
  });

  it('keeps the order of rank and serial among many timers of one time when some of them are disarmed', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(100).keys()], { minLength: 1, maxLength: 80 }), (disarmed) => {
        const timers = Array.from(
          { length: 100 }, // more than the heap has room for at first
          // 7 and 100 have no common divisor: all ranks, in an order of their own.
          (_, k) => new Timer(k, 'ring', () => {}, k, ranks[((7 * k) % 100) % ranks.length]!),
        );
        const list = make();
        const oracle = new SortedArray();
        for (const [k, timer] of timers.entries()) {
          timer.atNs = 5;
          list.insert(timer);
          oracle.arm(k, 5, ranks[((7 * k) % 100) % ranks.length]!);
        }
        for (const k of disarmed) {
          list.remove(timers[k]!);
          oracle.disarm(k);
        }
        const drained: number[] = [];
        for (; list.size > 0; list.removeFirst()) drained.push(list.first().id);
        expect(drained).toEqual(oracle.armed.map(({ timer }) => timer));
      }),
      { seed: 12, numRuns: 60 },
    );
  });
});

describe('calendar', () => {
  it('finds who is armed for an earlier day than the first that it has found', () => {
    const list = new CalendarQueue();
    const [later, earlier] = [6e6, 5e6].map((atNs, k) => {
      const timer = new Timer(k, 'ring', () => {}, k, Rank.Release);
      timer.atNs = atNs;
      return timer;
    });
    list.insert(later!);
    expect(list.first()).toBe(later);
    list.insert(earlier!);
    expect(list.first()).toBe(earlier);
  });

  it('gives way to a heap, with all timers in their order, where thousands go off at one time', () => {
    let list: EventList = new CalendarQueue();
    const timers = Array.from({ length: 1500 }, (_, k) => new Timer(k, 'ring', () => {}, k, Rank.Release));
    for (const timer of timers) {
      timer.atNs = 7;
      list.insert(timer);
      if (list.isOutgrown) list = list.successor();
    }
    for (let k = 0; k < 20_000; k++) {
      const first = list.first();
      expect(first.id).toBe(k % 1500);
      list.removeFirst();
      first.atNs += 1000;
      list.insert(first);
      if (list.isOutgrown) list = list.successor();
    }
    expect(list).toBeInstanceOf(HeapList);
  });

  it('stays where timers are spread as those of a busy server are', () => {
    const list = new CalendarQueue();
    const timers = Array.from({ length: 400 }, (_, k) => new Timer(k, 'ring', () => {}, k, Rank.Release));
    let low = 1;
    const delayNs = (): number => {
      low = (low * 48_271) % 2_147_483_647; // Lehmer's generator
      return Math.round(-1e7 * Math.log(low / 2_147_483_647));
    };
    for (const timer of timers) {
      timer.atNs = delayNs();
      list.insert(timer);
    }
    for (let k = 0; k < 20_000; k++) {
      const first = list.first();
      list.removeFirst();
      first.atNs += delayNs();
      list.insert(first);
    }
    expect(list.isOutgrown).toBe(false);
  });
});
