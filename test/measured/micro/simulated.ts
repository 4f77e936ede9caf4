import type { Nanos } from '../../../src/kernel/time.js';
import { us } from '../../support/phases.js';
import type { LoopHost } from '../../support/thread-loops.js';
import type { Figure } from './figures.js';
import {
  gapBetweenOwners,
  iterationNextToHogs,
  iterations,
  pingPong,
  sliceLength,
  timePerTrip,
  tripsNextToHogs,
  waitAfterSleep,
  waitBehindSoloRun,
  waitOfTrip,
} from './loops.js';

/**
 * CPU time of a trip without contention [us], by version and source. The lock has no such cost: the loops are given it
 * as measured for one thread, with the work that goes with it.
 */
const ALONE_US = {
  '3.1 first': { 0: 0.49, 12: 13.2 },
  '3.3 first': { 0: 0.4, 12: 11.7 },
  '3.3 second': { 0: 0.4, 8: 8.42, 306: 305.52 },
  '3.3 second, one core': { 0: 0.39, 8: 8.31, 345: 344.92 },
} as const;

function aloneUs({ ruby, source, cores }: Figure, workUs: number): number {
  const key = `${ruby} ${source}${cores === 1 ? ', one core' : ''}` as keyof typeof ALONE_US;
  return (ALONE_US[key] as Readonly<Record<number, number>>)[workUs]!;
}

/** A figure, on a host that may differ from the default in the time that a wake-up takes. */
type OnHost = Figure & { readonly wakeLatencyNs?: Nanos };

type Rule = readonly [RegExp, (numbers: readonly number[], figure: OnHost) => number];

const hostOf = ({ ruby, cores, wakeLatencyNs }: OnHost): LoopHost => ({
  ruby,
  cores,
  ...(wakeLatencyNs !== undefined && { wakeLatencyNs }),
});

/** Which micro-test a figure belongs to, by its name. */
const RULES: readonly Rule[] = [
  [/wait after sleep (\d+) ms/, ([sleepMs], f) => waitAfterSleep(hostOf(f), sleepMs!)],
  [/wait after any sleep/, (_, f) => waitAfterSleep(hostOf(f), 30)],
  [/into a solo run/, (_, f) => waitBehindSoloRun(hostOf(f))],
  [/slice of (\d) hogs/, ([hogs], f) => sliceLength(hostOf(f), hogs!)],
  [/hog of priority (-?\d)/, ([priority], f) => waitAfterSleep(hostOf(f), 10, priority!)],
  [/trips in 2 s/, (_, f) => tripsNextToHogs(hostOf(f), 1, us(aloneUs(f, 0)), 2000)],
  [/\{0.5 ms; trip\} next to (\d)/, ([hogs], f) => iterationNextToHogs(hostOf(f), hogs!, us(500))],
  [/\{0.5 ms\} next to (\d)/, ([hogs], f) => iterationNextToHogs(hostOf(f), hogs!, us(500), 0)],
  [/wait of a trip/, (_, f) => waitOfTrip(hostOf(f))],
  [/gap from release/, (_, f) => gapBetweenOwners(hostOf(f))],
  [/ping-pong/, (_, f) => pingPong(hostOf(f))],
  [/trip without contention/, (_, f) => timePerTrip(hostOf(f), 1, 1) - 1],
  [/\{(\d+) us; trip\} of (\d)/, ([work, threads], f) => timePerTrip(hostOf(f), threads!, aloneUs(f, work!))],
  [/trips of (\d) threads/, ([threads], f) => timePerTrip(hostOf(f), threads!, aloneUs(f, 0))],
  [
    /k = (\d) \{(\d+); (\d+)\} p(\d+)/,
    ([threads, cpuMs, sleepMs, level], f) => iterations(hostOf(f), threads!, cpuMs!, sleepMs!, level! / 100),
  ],
  [/hog \+ (\d) \{2; 5\} p(\d+)/, ([threads, level], f) => iterations(hostOf(f), threads!, 2, 5, level! / 100, 1)],
  [/hog \+ (\d) \{2; 5\} max/, ([threads], f) => iterations(hostOf(f), threads!, 2, 5, 1, 1)],
];

const results = new Map<Figure, number>();

/** What the model says, rounded to 10 us, to 10 ns where the unit is us. */
export function simulate(figure: OnHost): number {
  const result = results.get(figure) ?? Math.round(run(figure) * 100) / 100;
  results.set(figure, result);
  return result;
}

function run(figure: OnHost): number {
  for (const [pattern, simulated] of RULES) {
    const match = pattern.exec(figure.name);
    if (match !== null) return simulated(match.slice(1).map(Number), figure);
  }
  throw new Error(`no micro-test for ${figure.name}`);
}
