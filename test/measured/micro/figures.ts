import { quantile } from '../../../src/statistics/index.js';
import { REPEATS, type Repeat } from './repeats.js';

/**
 * What micro-tests of CRuby's lock printed, and how exactly each figure is known.
 *
 * One virtual machine with two cores (KVM guest, Linux 6.18). Source `first`: Ruby 3.1.2 (Debian) and 3.3.8 (built from the
 * release, -O2), two cores, a load of 1.1 to 1.4 (whether with the test's own is not recorded), one run of each test. Source `second`: Ruby 3.3.8 and
 * 3.1.2 (Debian), nothing else running, once pinned to one core and once on both, with p10 and p90 or three repeats. Source
 * `third`: Ruby 3.1.2 and 3.3.8 (Debian), three runs of 4 s each, both cores wanted by other programs (load of 4 to 7) of
 * which each had an 87th of the weight of the test; in the same hour one thread alone was measured (`noise.ts`), and T5 and T6 were repeated (`repeats.ts`; `programs.rb` is what ran).
 * "Hog": a thread that counts. "Trip": `wait_readable(0)` on a ready pipe, a blocking call that returns at once.
 */
export interface Figure {
  readonly name: string;
  /** M:N: RUBY_MN_THREADS=1. */
  readonly ruby: '3.1' | '3.3' | '3.3 M:N';
  readonly cores: 1 | 2;
  readonly unit: 'ms' | 'us' | 'calls';
  readonly measured: number;
  readonly source: 'first' | 'second' | 'third';
  /** A constant of the model, or what the replay is given, was taken from it: it cannot test the model. */
  readonly isInput?: boolean;
  /** What each of several runs printed, and how long a run was [s]; `measured` is their median. */
  readonly runs?: readonly number[];
  readonly seconds?: number;
  /** What is accepted as equal. */
  readonly low: number;
  readonly high: number;
}

interface Precision {
  /** Decimal places printed. @default 1 */
  readonly decimals?: number;
  /** Measured spread: p10 and p90, or the smallest and the largest of several runs. */
  readonly spread?: readonly [low: number, high: number];
  /** Ticks of the timer thread that the value contains, where no spread was measured. */
  readonly ticks?: number;
  /** Deadlines of 100 ms that the value contains. */
  readonly deadlines?: number;
  /** Calls of `sleep` that the value contains. */
  readonly sleeps?: number;
  /** Bursts of CPU that the value contains, with the hand-off after each. */
  readonly bursts?: number;
  /** The value comes in steps of this. */
  readonly step?: number;
  /** The replay is given a measured figure that is rounded as this one is. */
  readonly isGiven?: boolean;
}

/**
 * One wait of ten ticks (sleep of 10 ms and more next to a hog, two cores) was measured seven times, p50: 101.1, 101.3,
 * 101.4, 101.5, 101.7, 102.2, 102.4 ms. So a tick repeats within 0.13 ms.
 */
const TICK_MS = 0.13;
/** A timed wait ends late by the kernel's timer slack, 50 us, at least; by 112 us at p90 (sleep of 5 ms, measured). */
const DEADLINE_MS = 0.062;
/** A call of `sleep` has up to 40 us of CPU time, of which an unknown part lies between the readings of the clock. */
const SLEEP_MS = 0.04;
/** A burst exceeds what it was asked for by about 10 us; p10 and p90 of a hand-off are 10 us from its median. */
const BURST_MS = 0.02;

function figure(
  source: Figure['source'],
  [ruby, cores]: readonly [Figure['ruby'], Figure['cores']],
  name: string,
  measured: number,
  precision: Precision = {},
  unit: Figure['unit'] = 'ms',
): Figure {
  const { decimals = 1, ticks = 0, deadlines = 0, sleeps = 0, bursts = 0, step = 0, isGiven = false } = precision;
  const [low, high] = precision.spread ?? [measured, measured];
  const physical = ticks * TICK_MS + deadlines * DEADLINE_MS + sleeps * SLEEP_MS + bursts * BURST_MS + step;
  const slack = physical + (isGiven ? 1 : 0.5) * 10 ** -decimals;
  return { source, name, ruby, cores, unit, measured, low: low - slack, high: high + slack };
}

const input = (taken: Figure): Figure => ({ ...taken, isInput: true });

const R31 = ['3.1', 2] as const;
const R33 = ['3.3', 2] as const;
const R33_MN = ['3.3 M:N', 2] as const;
const R31_ONE = ['3.1', 1] as const;
const R33_ONE = ['3.3', 1] as const;

const ONE_DEADLINE = { deadlines: 1, sleeps: 1 } as const;
const TEN_TICKS = { ticks: 10, sleeps: 1 } as const;

const waits: Figure[] = [
  // Medians of two kinds of waits, as a repeat on 3.1 shows: 99.06 (p25) and 100.2 ms after 1 ms, 0.18 (p10), 1.1 (p25) and 100.2 ms after 120 ms.
  figure('first', R31, 'T1 wait after sleep 1 ms', 99.4, ONE_DEADLINE),
  figure('first', R31, 'T1 wait after sleep 30 ms', 70.2, ONE_DEADLINE),
  figure('first', R31, 'T1 wait after sleep 60 ms', 40.1, ONE_DEADLINE),
  figure('first', R31, 'T1 wait after sleep 90 ms', 10.1, ONE_DEADLINE),
  figure('first', R31, 'T1 wait after sleep 120 ms', 0.4, ONE_DEADLINE),
  // In a run at a load of 4 the wait was this, whatever the sleep.
  figure('first', R31, 'T1 wait after any sleep, loaded', 100.3, ONE_DEADLINE),
  figure('first', R33, 'T1 wait after sleep 1 ms', 100.2, TEN_TICKS),
  figure('first', R33, 'T1 wait after sleep 30 ms', 101.5, TEN_TICKS),
  figure('first', R33, 'T1 wait after sleep 60 ms', 102.2, TEN_TICKS),
  figure('first', R33, 'T1 wait after sleep 90 ms', 102.4, TEN_TICKS),
  figure('first', R33, 'T1 wait after sleep 120 ms', 101.7, TEN_TICKS),
  figure('second', R33, 'wait after sleep 1 ms', 99.97, { sleeps: 1, decimals: 2, spread: [99.94, 100.01] }),
  figure('second', R33, 'wait after sleep 30 ms', 101.14, { sleeps: 1, decimals: 2, spread: [101.11, 101.21] }),
  figure('second', R33, 'wait after sleep 97 ms', 101.27, { sleeps: 1, decimals: 2, spread: [101.15, 101.33] }),
  figure('second', R33_ONE, 'wait after sleep 1 ms', 99.77, { sleeps: 1, decimals: 2, spread: [99.74, 99.8] }),
  figure('second', R33_ONE, 'wait after sleep 30 ms', 100.87, { sleeps: 1, decimals: 2, spread: [100.86, 100.92] }),
  figure('second', R33_ONE, 'wait after sleep 97 ms', 100.9, { sleeps: 1, decimals: 2, spread: [100.84, 100.97] }),
  // A single observation; single waits exceed the median by up to 0.4 ms (T7h, p95).
  figure('first', R31, 'T9 wait 237 ms into a solo run', 100.6, { ...ONE_DEADLINE, spread: [100.2, 100.6] }),
  figure('first', R33, 'T9 wait 237 ms into a solo run', 101.8, TEN_TICKS),
];

const slices: Figure[] = [
  input(figure('first', R31, 'T2 slice of 2 hogs', 100.1, { deadlines: 1, spread: [100.1, 100.2] })),
  figure('first', R33, 'T2 slice of 2 hogs', 101.3, { ticks: 10, spread: [101.1, 101.5] }),
  figure('first', R31, 'T10 slice of 3 hogs', 100, { decimals: 0 }),
  figure('first', R33, 'T10 slice of 3 hogs', 101, { ticks: 10, decimals: 0 }),
  // Its p10 is an artefact (-0.02 ms); that of five hogs is taken.
  input(figure('second', R33, 'slice of 2 hogs', 100.99, { decimals: 2, spread: [100.92, 102.36] })),
  figure('second', R33, 'slice of 3 hogs', 101.01, { decimals: 2, spread: [100.93, 102.27] }),
  figure('second', R33, 'slice of 5 hogs', 101.01, { decimals: 2, spread: [100.92, 104] }),
  input(figure('second', R33_ONE, 'slice of 2 hogs', 100.75, { decimals: 2, spread: [100.71, 100.78] })),
  figure('second', R33_ONE, 'slice of 3 hogs', 100.74, { decimals: 2, spread: [100.7, 102.74] }),
  figure('second', R33_ONE, 'slice of 5 hogs', 100.75, { decimals: 2, spread: [100.68, 103.83] }),
  // On 3.1 two kinds of waits were seen, 90 and 100 ms, as in T1 (100 ms less the sleep of 10 ms, and 100 ms whatever the sleep); the
  // first is taken here, as in T1. Negative priorities change nothing.
  figure('first', R31, 'T3 wait, hog of priority -3', 90, { ...ONE_DEADLINE, decimals: 0 }),
  figure('first', R31, 'T3 wait, hog of priority -1', 90, { ...ONE_DEADLINE, decimals: 0 }),
  figure('first', R31, 'T3 wait, hog of priority 0', 90, { ...ONE_DEADLINE, decimals: 0 }),
  figure('first', R31, 'T3 wait, hog of priority 1', 190, { ...ONE_DEADLINE, deadlines: 2, decimals: 0 }),
  figure('first', R33, 'T3 wait, hog of priority -3', 20.5, { ticks: 2, sleeps: 1 }),
  figure('first', R33, 'T3 wait, hog of priority -1', 50.7, { ticks: 5, sleeps: 1 }),
  figure('first', R33, 'T3 wait, hog of priority 0', 101.4, TEN_TICKS),
  figure('first', R33, 'T3 wait, hog of priority 1', 203.5, { ticks: 20, sleeps: 1 }),
];

/** Whether a turn more or less fell into the two seconds: one of about 20. */
const ONE_TURN_OF_20 = 0.05;

const trips: Figure[] = [
  figure('first', R31, 'T4 trips in 2 s next to 1 hog', 369, { decimals: 0, step: 369 * ONE_TURN_OF_20 }, 'calls'),
  figure('first', R33, 'T4 trips in 2 s next to 1 hog', 20, { decimals: 0, step: 1 }, 'calls'),
  figure('first', R31, 'T4c {0.5 ms; trip} next to 1 hog', 70, { decimals: 0, spread: [70, 91] }),
  figure('first', R33, 'T4c {0.5 ms; trip} next to 1 hog', 101.7, { ticks: 10 }),
  // Eleven or ten of 20 slices: the mean is 0.9 or 1.0.
  figure('first', R31, 'T4d {0.5 ms} next to 1 hog', 0.9, { step: 2 * 0.9 * ONE_TURN_OF_20 }),
  figure('first', R33, 'T4d {0.5 ms} next to 1 hog', 0.9, { step: 2 * 0.9 * ONE_TURN_OF_20 }),
  figure('first', R31, 'T4e {0.5 ms; trip} next to 2 hogs', 10.6),
  figure('first', R33, 'T4e {0.5 ms; trip} next to 2 hogs', 203.2, { ticks: 20 }),
  figure('second', R31_ONE, 'wait of a trip next to 1 hog', 0),
  figure('second', R33_ONE, 'wait of a trip next to 1 hog', 100.7, { spread: [100.7, 100.8], sleeps: 1 }),
];

type On = typeof R31 | typeof R33 | typeof R33_ONE | typeof R33_MN;

const us = (
  source: Figure['source'],
  on: On,
  name: string,
  measured: number,
  spread: readonly [number, number] = [measured, measured],
  decimals = 2,
  isGiven = false,
): Figure => figure(source, on, name, measured, { decimals, spread, isGiven }, 'us');

/** A loop that is given what one thread alone took. */
const looped = (
  source: Figure['source'],
  on: On,
  name: string,
  measured: number,
  spread: readonly [number, number] = [measured, measured],
  decimals = 2,
): Figure => us(source, on, name, measured, spread, decimals, true);

/** What one thread alone takes for {work; trip} [us], by version and source: the loops are given it, see `simulated.ts`. */
export const ALONE_US = {
  '3.1 first': { 0: 0.49, 12: 13.2 },
  '3.3 first': { 0: 0.4, 12: 11.7 },
  '3.3 M:N first': { 0: 0.42, 12: 11.6 },
  '3.3 second': { 0: 0.4, 8: 8.42, 306: 305.52 },
  '3.3 second, one core': { 0: 0.39, 8: 8.31, 345: 344.92 },
} as const;

const both = [0, 12] as const;
const threads = [2, 4] as const;

/** T6 without and T6b with 12 us of work, of two and four threads: printed by the first series. */
const CONVOYS = {
  '3.1': { 0: { 2: 1.27, 4: 0.55 }, 12: { 2: 24.7, 4: 15.9 } },
  '3.3': { 0: { 2: 14.3, 4: 15.4 }, 12: { 2: 47.2, 4: 29.1 } },
  '3.3 M:N': { 0: { 2: 0.48, 4: 1.68 }, 12: { 2: 12.2, 4: 19.6 } },
} as const;

const ON = { '3.1': R31, '3.3': R33, '3.3 M:N': R33_MN } as const;

/**
 * Figures that differ from run to run by up to a factor of five. What they exceed one thread alone by [us], in the same series or repeat: accepted
 * is from the smallest to the largest of the seven.
 */
function convoy(ruby: keyof typeof CONVOYS, work: 0 | 12, count: 2 | 4): Figure {
  const alone = ALONE_US[`${ruby} first`][work];
  const measured = CONVOYS[ruby][work][count];
  const exceeds = (repeat: Repeat): number => {
    const [one, two, four] = work === 0 ? repeat.trips : repeat.working;
    return (count === 2 ? two : four) - one;
  };
  const excesses = [measured - alone, ...REPEATS[ruby].map(exceeds)];
  const name = work === 0 ? `T6 trips of ${count} threads` : `T6b {12 us; trip} of ${count} threads`;
  const spread = [alone + Math.min(...excesses), alone + Math.max(...excesses)] as const;
  return looped('first', ON[ruby], name, measured, spread, ruby !== '3.3' && work === 0 ? 2 : 1);
}

const convoys = (ruby: keyof typeof CONVOYS): Figure[] =>
  both.flatMap((work) => threads.map((count) => convoy(ruby, work, count)));

/** T5: what the first series printed, and the repeats, which differ by up to a factor of six. */
const pingPongs = (ruby: '3.1' | '3.3', printed: readonly number[]): number[] =>
  [...printed, ...REPEATS[ruby].map((repeat) => repeat.pingPong)].sort((a, b) => a - b);

const PING_PONGS = { '3.1': pingPongs('3.1', [39, 6, 23.8]), '3.3': pingPongs('3.3', [33.5]) } as const;

/**
 * Waking a thread that has hardly slept, on the machine of the first series and of the repeats: the median of {@link PING_PONGS}. The default is that of the
 * quiet machine of the second series.
 */
export const WARM_WAKE_US = { '3.1': median(PING_PONGS['3.1']), '3.3': median(PING_PONGS['3.3']) } as const;

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values), 0.5);
}

function pingPong(ruby: '3.1' | '3.3', measured: number, decimals: number): Figure {
  const all = PING_PONGS[ruby];
  return us('first', ON[ruby], 'T5 ping-pong, one way', measured, [all[0]!, all.at(-1)!], decimals);
}

/** A hand-off takes 34.5 to 54.7 us (p10, p90) on two cores, 3.5 to 19.0 us on one. */
const handOffs: Figure[] = [
  input(us('second', R33, 'gap from release to next owner', 44.9, [34.5, 54.7], 1)),
  input(us('second', R33_ONE, 'gap from release to next owner', 7.2, [3.5, 19], 1)),
  input(pingPong('3.1', 39, 0)),
  input(pingPong('3.3', 33.5, 1)),
  input(us('second', R33_ONE, 'ping-pong, one way', 2.28, [2.24, 2.28])),
  input(looped('first', R31, 'T5 trip without contention', 0.55, [0.49, 0.55])),
  input(looped('first', R33, 'T5 trip without contention', 0.42, [0.4, 0.42])),
  ...convoys('3.1'),
  ...convoys('3.3'),
  us('second', R33, 'ping-pong, one way', 27.46, [19.5, 33.18]),
  looped('second', R33, 'trips of 2 threads', 32.59, [32.59, 33.02]),
  looped('second', R33, 'trips of 4 threads', 15.62, [14.9, 16.08]),
  input(looped('second', R33, '{8 us; trip} of 2 threads', 38.26, [37.14, 40.65])),
  looped('second', R33, '{8 us; trip} of 4 threads', 22.17, [21.4, 25.22]),
  looped('second', R33, '{306 us; trip} of 2 threads', 354.41, [350.96, 370.67]),
  looped('second', R33, '{306 us; trip} of 4 threads', 387.82, [356.34, 389.03]),
  looped('second', R33_ONE, 'trips of 2 threads', 0.4, [0.39, 0.4]),
  looped('second', R33_ONE, 'trips of 4 threads', 1.08, [0.62, 1.18]),
  looped('second', R33_ONE, '{8 us; trip} of 2 threads', 8.51, [8.51, 8.66]),
  looped('second', R33_ONE, '{8 us; trip} of 4 threads', 10.56, [10.4, 10.77]),
  looped('second', R33_ONE, '{345 us; trip} of 2 threads', 344.22, [342.66, 348.37]),
  looped('second', R33_ONE, '{345 us; trip} of 4 threads', 341.07, [337.56, 344.92]),
];

// T7h on 3.1 with one thread was repeated once on a calm machine (46 iterations): p95 100.19, max 100.23 ms.

/** An iteration of k threads contains k bursts, one of the tail as many more as it was overtaken by. */
const loop = (on: typeof R31 | typeof R33, name: string, measured: number, bursts: number): Figure =>
  figure('first', on, name, measured, { bursts, sleeps: 1 });

const closedLoops: Figure[] = [
  loop(R31, 'T7 k = 2 {6; 3} p50', 12.2, 2),
  loop(R31, 'T7 k = 2 {6; 3} p95', 18.4, 3),
  loop(R31, 'T7 k = 2 {6; 3} p99', 19.9, 3),
  loop(R31, 'T7 k = 3 {6; 3} p50', 18.3, 3),
  loop(R31, 'T7 k = 3 {6; 3} p95', 24.4, 4),
  loop(R31, 'T7 k = 3 {6; 3} p99', 30.5, 5),
  loop(R31, 'T7 k = 5 {6; 3} p50', 30.3, 5),
  loop(R31, 'T7 k = 5 {6; 3} p95', 48.6, 8),
  loop(R31, 'T7 k = 5 {6; 3} p99', 54.8, 9),
  loop(R31, 'T7 k = 5 {6; 30} p50', 36.2, 1),
  loop(R31, 'T7 k = 5 {6; 30} p90', 37.6, 1),
  loop(R31, 'T7 k = 5 {6; 30} p99', 37.8, 1),
  loop(R33, 'T7 k = 2 {6; 3} p50', 12.1, 2),
  loop(R33, 'T7 k = 2 {6; 3} p95', 12.3, 2),
  loop(R33, 'T7 k = 2 {6; 3} p99', 14.1, 2),
  loop(R33, 'T7 k = 3 {6; 3} p50', 18.2, 3),
  loop(R33, 'T7 k = 3 {6; 3} p95', 18.4, 3),
  loop(R33, 'T7 k = 3 {6; 3} p99', 18.5, 3),
  loop(R33, 'T7 k = 5 {6; 3} p50', 30.4, 5),
  loop(R33, 'T7 k = 5 {6; 3} p95', 30.8, 5),
  loop(R33, 'T7 k = 5 {6; 3} p99', 31.8, 5),
  loop(R33, 'T7 k = 5 {6; 30} p50', 36.2, 1),
  loop(R33, 'T7 k = 5 {6; 30} p90', 37.6, 1),
  loop(R33, 'T7 k = 5 {6; 30} p99', 39.9, 1),
  figure('first', R31, 'T7h hog + 1 {2; 5} p50', 100.1, ONE_DEADLINE),
  figure('first', R31, 'T7h hog + 1 {2; 5} p95', 100.5, { ...ONE_DEADLINE, spread: [100.19, 100.5] }),
  figure('first', R31, 'T7h hog + 1 {2; 5} max', 100.5, { ...ONE_DEADLINE, spread: [100.23, 100.5] }),
  figure('first', R31, 'T7h hog + 3 {2; 5} p50', 100.1, ONE_DEADLINE),
  figure('first', R31, 'T7h hog + 3 {2; 5} p95', 100.5, ONE_DEADLINE),
  figure('first', R31, 'T7h hog + 3 {2; 5} max', 203.3, ONE_DEADLINE),
  figure('first', R33, 'T7h hog + 1 {2; 5} p50', 101.1, TEN_TICKS),
  figure('first', R33, 'T7h hog + 1 {2; 5} p95', 101.5, TEN_TICKS),
  figure('first', R33, 'T7h hog + 1 {2; 5} max', 103.5, TEN_TICKS),
  figure('first', R33, 'T7h hog + 3 {2; 5} p50', 101.4, TEN_TICKS),
  figure('first', R33, 'T7h hog + 3 {2; 5} p95', 102.1, TEN_TICKS),
  figure('first', R33, 'T7h hog + 3 {2; 5} max', 102.3, TEN_TICKS),
];

/** The same tests with known interruptions: three runs, of which the table shows the median. What is accepted is made of the runs (`chance.ts`). */
function thrice(on: typeof R31 | typeof R33, name: string, runs: readonly number[]): Figure {
  const median = [...runs].sort((a, b) => a - b)[1]!;
  return { ...figure('third', on, name, median, { decimals: 2 }), runs, seconds: 4 };
}

/** {6; 30}: at a load of 10 to 13, with the runs of one thread alone in between. */
const busyLoops: Figure[] = [
  thrice(R31, 'T7 k = 2 {6; 3} p50', [12.15, 12.17, 12.23]),
  thrice(R31, 'T7 k = 2 {6; 3} p90', [13.4, 14.08, 13.92]),
  thrice(R31, 'T7 k = 2 {6; 3} p95', [18.38, 18.31, 18.5]),
  thrice(R31, 'T7 k = 2 {6; 3} p99', [21.41, 20.75, 21.39]),
  thrice(R31, 'T7 k = 3 {6; 3} p50', [18.32, 18.35, 18.4]),
  thrice(R31, 'T7 k = 3 {6; 3} p90', [22.7, 18.76, 22.88]),
  thrice(R31, 'T7 k = 3 {6; 3} p95', [26.72, 24.38, 28.84]),
  thrice(R31, 'T7 k = 3 {6; 3} p99', [34.43, 30.55, 32.16]),
  thrice(R31, 'T7 k = 5 {6; 3} p50', [30.43, 30.38, 30.47]),
  thrice(R31, 'T7 k = 5 {6; 3} p90', [39.5, 33.67, 37.44]),
  thrice(R31, 'T7 k = 5 {6; 3} p95', [52.68, 48.67, 48.86]),
  thrice(R31, 'T7 k = 5 {6; 3} p99', [59.32, 54.92, 57]),
  thrice(R33, 'T7 k = 2 {6; 3} p50', [12.16, 12.17, 12.21]),
  thrice(R33, 'T7 k = 2 {6; 3} p90', [12.29, 13.51, 14.34]),
  thrice(R33, 'T7 k = 2 {6; 3} p95', [15.88, 14.92, 16.19]),
  thrice(R33, 'T7 k = 2 {6; 3} p99', [17.06, 17.69, 18.73]),
  thrice(R33, 'T7 k = 3 {6; 3} p50', [18.13, 18.25, 18.23]),
  thrice(R33, 'T7 k = 3 {6; 3} p90', [18.26, 19.25, 19.82]),
  thrice(R33, 'T7 k = 3 {6; 3} p95', [19.66, 22.03, 21.28]),
  thrice(R33, 'T7 k = 3 {6; 3} p99', [22.92, 25.48, 23.59]),
  thrice(R33, 'T7 k = 5 {6; 3} p50', [30.3, 30.43, 30.45]),
  thrice(R33, 'T7 k = 5 {6; 3} p90', [34.68, 34.24, 32.85]),
  thrice(R33, 'T7 k = 5 {6; 3} p95', [36.47, 35.89, 34.49]),
  thrice(R33, 'T7 k = 5 {6; 3} p99', [45.62, 37.41, 38.34]),
  thrice(R31, 'T7 k = 5 {6; 30} p50', [37.7, 37.7, 36.95]),
  thrice(R31, 'T7 k = 5 {6; 30} p90', [41.92, 43.64, 39.71]),
  thrice(R31, 'T7 k = 5 {6; 30} p95', [44.77, 45.34, 40.32]),
  thrice(R31, 'T7 k = 5 {6; 30} p99', [47.74, 46.92, 43.65]),
  thrice(R33, 'T7 k = 5 {6; 30} p50', [37.49, 37.71, 37.71]),
  thrice(R33, 'T7 k = 5 {6; 30} p90', [39.53, 40, 40.73]),
  thrice(R33, 'T7 k = 5 {6; 30} p95', [40.62, 40.62, 41.86]),
  thrice(R33, 'T7 k = 5 {6; 30} p99', [43.39, 42.33, 43.03]),
];

/** A tick of the timer thread, which M:N threads are switched at once they have used up a slice. */
const ONE_TICK = { ticks: 1, sleeps: 1 } as const;

const coroutines: Figure[] = [
  figure('first', R33_MN, 'T1 wait after sleep 1 ms', 9.1, ONE_TICK),
  figure('first', R33_MN, 'T1 wait after sleep 30 ms', 10.2, ONE_TICK),
  figure('first', R33_MN, 'T1 wait after sleep 60 ms', 10.2, ONE_TICK),
  figure('first', R33_MN, 'T1 wait after sleep 90 ms', 10.2, ONE_TICK),
  figure('first', R33_MN, 'T1 wait after sleep 120 ms', 10.2, ONE_TICK),
  figure('first', R33_MN, 'T2 slice of 2 hogs', 10.1, { ticks: 1 }),
  input(looped('first', R33_MN, 'T5 trip without contention', 0.41, [0.41, 0.42])),
  ...convoys('3.3 M:N'),
];

export const FIGURES: Readonly<Record<string, readonly Figure[]>> = {
  'Wait for the lock next to one hog': waits,
  'Time slices': slices,
  'Blocking calls that return at once, next to hogs': trips,
  'Hand-offs': handOffs,
  'Closed loops {ms of CPU; ms of sleep}': closedLoops,
  'M:N threads': coroutines,
  'Closed loops on a machine whose interruptions are known': busyLoops,
};
