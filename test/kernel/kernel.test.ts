import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel, type Timer } from '../../src/kernel/kernel.js';
import { Rank } from '../../src/kernel/ranks.js';

interface Seen {
  readonly atNs: number;
  readonly kind: string;
  readonly subject: number;
}

describe('Kernel', () => {
  it('runs events by time, then rank, then order of arming', () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    const ranked = Object.entries(Rank).map(([name, rank]) => ({
      name,
      kind: kernel.define(name, rank, (subject) => seen.push(`${name} ${subject}`)),
    }));
    for (const { kind } of [...ranked].reverse()) {
      const timers = [0, 1].map((subject) => kernel.timer(kind, subject));
      kernel.arm(timers[1]!, 50);
      kernel.arm(timers[0]!, 50);
    }
    expect(kernel.runUntil(50)).toBe('no events');
    expect(seen).toEqual(
      ['Release', 'Grant', 'Timer', 'Arrival', 'Sample'].flatMap((name) => [`${name} 1`, `${name} 0`]),
    );
  });

  it('arming again moves the timer, behind all others of its new instant', () => {
    const { kernel, timers, seen } = withTimers(3);
    kernel.arm(timers[0]!, 10);
    kernel.arm(timers[1]!, 30);
    kernel.arm(timers[2]!, 20);
    kernel.arm(timers[0]!, 30);
    kernel.arm(timers[2]!, 5);
    kernel.runUntil(1000);
    expect(seen.map(({ atNs, subject }) => [atNs, subject])).toEqual([
      [5, 2],
      [30, 1],
      [30, 0],
    ]);
    expect(kernel.events).toBe(3);
  });

  it('a disarmed timer does not go off; disarming twice does no harm', () => {
    const { kernel, timers, seen } = withTimers(2);
    kernel.arm(timers[0]!, 10);
    kernel.arm(timers[1]!, 10);
    kernel.disarm(timers[0]!);
    kernel.disarm(timers[0]!);
    expect([kernel.isArmed(timers[0]!), kernel.isArmed(timers[1]!)]).toEqual([false, true]);
    kernel.runUntil(100);
    expect(seen.map(({ subject }) => subject)).toEqual([1]);
    expect(kernel.isArmed(timers[1]!)).toBe(false);
  });

  it('runs up to and including the end, and leaves the clock there', () => {
    const { kernel, timers, seen } = withTimers(3);
    for (const [k, timer] of timers.entries()) kernel.arm(timer, 10 * (k + 1));
    expect(kernel.runUntil(20)).toBe('end');
    expect(seen.map(({ atNs }) => atNs)).toEqual([10, 20]);
    expect(kernel.nowNs()).toBe(20);
    expect(kernel.runUntil(25)).toBe('end');
    expect(kernel.nowNs()).toBe(25);
    expect(kernel.runUntil(1000)).toBe('no events');
    expect(kernel.nowNs()).toBe(30);
  });

  it('never turns the clock back', () => {
    const { kernel, timers } = withTimers(1);
    kernel.arm(timers[0]!, 100);
    kernel.runUntil(60);
    kernel.runUntil(20);
    expect(kernel.nowNs()).toBe(60);
    expect(() => kernel.arm(timers[0]!, 40)).toThrow(RangeError);
  });

  it('stops after the event that says so, and goes on from there', () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    const kind = kernel.define('step', Rank.Timer, (subject: number) => {
      seen.push(subject);
      if (subject === 1) kernel.stop();
    });
    for (let k = 0; k < 4; k++) kernel.arm(kernel.timer(kind, k), 10);
    expect(kernel.runUntil(50)).toBe('stopped');
    expect(seen).toEqual([0, 1]);
    expect(kernel.nowNs()).toBe(10);
    expect(kernel.runUntil(50)).toBe('no events');
    expect(seen).toEqual([0, 1, 2, 3]);
    kernel.trace(() => {});
    for (let k = 0; k < 3; k++) kernel.arm(kernel.timer(kind, k), 60);
    expect(kernel.runUntil(70)).toBe('stopped');
    expect(seen).toEqual([0, 1, 2, 3, 0, 1]);
  });

  it.each([Number.NaN, -1, 9])('refuses %s ns at 10 ns, naming the event', (atNs) => {
    const kernel = new Kernel();
    const kind = kernel.define('gvl.tick', Rank.Timer, () => {});
    const timer = kernel.timer(kind, 7);
    kernel.arm(kernel.timer(kind, 0), 10);
    kernel.runUntil(10);
    expect(() => kernel.arm(timer, atNs)).toThrow(RangeError);
    expect(() => kernel.arm(timer, atNs)).toThrow(`at 10 ns: gvl.tick of 7 was to happen at ${atNs} ns`);
  });

  it('refuses a timer of a kind that is not defined', () => {
    expect(() => new Kernel().timer(0, 0)).toThrow(RangeError);
    expect(() => new Kernel().timer(-1, 0)).toThrow(RangeError);
  });

  it('a trace sees every event, in order, before it happens, and changes nothing', () => {
    const plain = withTimers(40);
    const traced = withTimers(40);
    const trace: Seen[] = [];
    traced.kernel.trace((atNs, kind, subject) => {
      expect(traced.seen.length).toBe(trace.length);
      trace.push({ atNs, kind, subject: subject as number });
    });
    for (const { kernel, timers } of [plain, traced]) {
      for (const [k, timer] of timers.entries()) kernel.arm(timer, (k * 7) % 11);
      kernel.runUntil(1000);
    }
    expect(trace).toEqual(traced.seen);
    expect(traced.seen).toEqual(plain.seen);
    expect(traced.kernel.fingerprint()).toBe(plain.kernel.fingerprint());
    expect(traced.kernel.events).toBe(40);
  });

  it('runs any program of armings as a plain sorted array does, across the change from array to heap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.nat(9), fc.nat(30)), { minLength: 20, maxLength: 120 }),
        (program) => {
          expect(runKernel(program)).toEqual(runSortedArray(program));
        },
      ),
      { seed: 12, numRuns: 200 },
    );
  });

  it('has a fingerprint that tells runs apart and does not depend on the event list', () => {
    const run = (order: readonly number[]): string => {
      const { kernel, timers } = withTimers(3);
      for (const [position, k] of order.entries()) kernel.arm(timers[k]!, 100 * position);
      kernel.runUntil(1000);
      return kernel.fingerprint();
    };
    expect(run([0, 1, 2])).toBe(run([0, 1, 2]));
    expect(run([0, 1, 2])).not.toBe(run([0, 2, 1]));
    expect(run([0, 1])).not.toBe(run([0, 1, 2]));
  });
});

function withTimers(count: number): { kernel: Kernel; timers: Timer[]; seen: Seen[] } {
  const kernel = new Kernel();
  const seen: Seen[] = [];
  const kind = kernel.define('ring', Rank.Timer, (subject: number) =>
    seen.push({ atNs: kernel.nowNs(), kind: 'ring', subject }),
  );
  return { kernel, seen, timers: Array.from({ length: count }, (_, k) => kernel.timer(kind, k)) };
}

/**
 * A program: instruction k makes timer k, of a rank; when timer k goes off, timers 2k+1 and 2k+2 are made and armed
 * after a delay, and timer k-3 is moved or disarmed. Timer 0 … 15 are armed at the start.
 */
type Program = readonly (readonly [rank: number, delay: number, other: number])[];
const ROOTS = 16;
type Log = readonly [atNs: number, k: number][];

function runKernel(program: Program): Log {
  const kernel = new Kernel();
  const log: [number, number][] = [];
  const timers = new Map<number, Timer>();
  const kinds = [0, 1, 2, 3, 4].map((rank) => kernel.define(`rank ${rank}`, rank as Rank, (k: number) => ring(k)));
  const start = (k: number): void => {
    if (k >= program.length) return;
    if (!timers.has(k)) timers.set(k, kernel.timer(kinds[program[k]![0]]!, k));
    kernel.arm(timers.get(k)!, kernel.nowNs() + program[k]![1]);
  };
  const ring = (k: number): void => {
    log.push([kernel.nowNs(), k]);
    const other = timers.get(program[k]![2]);
    if (other !== undefined && kernel.isArmed(other)) {
      if (k % 2 === 0) kernel.disarm(other);
      else kernel.arm(other, kernel.nowNs() + 1);
    }
    for (const child of [ROOTS + 2 * k, ROOTS + 2 * k + 1]) if (!timers.has(child)) start(child);
  };
  for (let k = 0; k < ROOTS; k++) start(k);
  kernel.runUntil(Number.POSITIVE_INFINITY);
  return log;
}

function runSortedArray(program: Program): Log {
  const log: [number, number][] = [];
  const made = new Set<number>();
  let armed: { k: number; at: number; rank: number; serial: number }[] = [];
  let serial = 0;
  let now = 0;
  const arm = (k: number, at: number): void => {
    armed = armed.filter((entry) => entry.k !== k);
    armed.push({ k, at, rank: program[k]![0], serial: serial++ });
  };
  const start = (k: number): void => {
    if (k >= program.length) return;
    made.add(k);
    arm(k, now + program[k]![1]);
  };
  for (let k = 0; k < ROOTS; k++) start(k);
  while (armed.length > 0) {
    armed.sort((a, b) => a.at - b.at || a.rank - b.rank || a.serial - b.serial);
    const { k, at } = armed.shift()!;
    now = at;
    log.push([now, k]);
    const other = program[k]![2];
    if (armed.some((entry) => entry.k === other)) {
      if (k % 2 === 0) armed = armed.filter((entry) => entry.k !== other);
      else arm(other, now + 1);
    }
    for (const child of [ROOTS + 2 * k, ROOTS + 2 * k + 1]) if (!made.has(child)) start(child);
  }
  return log;
}
