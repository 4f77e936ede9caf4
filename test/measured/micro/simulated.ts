import type { Nanos } from '../../../src/kernel/time.js';
import { normalQuantile, quantile, type Tally, tallyOf } from '../../../src/statistics/index.js';
import { us } from '../../support/phases.js';
import type { LoopHost } from '../../support/thread-loops.js';
import { ALONE_US, type Figure } from './figures.js';
import {
  type ClosedLoop,
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
import { latenessOf, type MachineName } from './noise.js';

/**
 * CPU time of {work; trip} where nobody else wants the lock [us]. The lock has no such cost: the loops are given it as
 * measured for one thread, with the work that goes with it.
 */
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

/**
 * Where other programs want the cores, a woken thread finds its core taken: on a machine like that of the tests, under a load of
 * 5, waking a thread that had slept for 2 to 200 us took 7 to 64 us (medians of 400 wake-ups each), and 70 to 150 us at p90.
 */
const LOADED = { wakeLatencyNs: us(60), warmWakeLatencyNs: us(60) } as const;

/** Which micro-test a figure belongs to, by its name. */
const RULES: readonly Rule[] = [
  [/wait after sleep (\d+) ms/, ([sleepMs], f) => waitAfterSleep(hostOf(f), sleepMs!)],
  [/wait after any sleep/, (_, f) => waitAfterSleep({ ...hostOf(f), ...LOADED }, 30)],
  [/into a solo run/, (_, f) => waitBehindSoloRun(hostOf(f))],
  [/slice of (\d) hogs/, ([hogs], f) => sliceLength(hostOf(f), hogs!)],
  [/hog of priority (-?\d)/, ([priority], f) => waitAfterSleep(hostOf(f), 10, priority!)],
  [/trips in 2 s/, (_, f) => tripsNextToHogs(hostOf(f), 1, us(aloneUs(f, 0)), 2000)],
  [/\{0.5 ms; trip\} next to (\d)/, ([hogs], f) => iterationNextToHogs(hostOf(f), hogs!, us(500))],
  [/\{0.5 ms\} next to (\d)/, ([hogs], f) => iterationNextToHogs(hostOf(f), hogs!, us(500), 0)],
  [/wait of a trip/, (_, f) => waitOfTrip(hostOf(f))],
  [/gap from release/, (_, f) => gapBetweenOwners(hostOf(f))],
  [/ping-pong/, (_, f) => pingPong(hostOf(f))],
  [/trip without contention/, (_, f) => timePerTrip(hostOf(f), 1, aloneUs(f, 0))],
  [/\{(\d+) us; trip\} of (\d)/, ([work, threads], f) => timePerTrip(hostOf(f), threads!, aloneUs(f, work!))],
  [/trips of (\d) threads/, ([threads], f) => timePerTrip(hostOf(f), threads!, aloneUs(f, 0))],
];

/** A closed loop by its name: threads, CPU, sleep, and which quantile of an iteration's length. */
function closedLoopOf(name: string): (Omit<ClosedLoop, 'seconds'> & { readonly level: number }) | null {
  const free = /k = (\d) \{(\d+); (\d+)\} p(\d+)/.exec(name)?.slice(1).map(Number);
  if (free !== undefined) {
    return { threads: free[0]!, cpuMs: free[1]!, sleepMs: free[2]!, level: free[3]! / 100 };
  }
  const beside = /hog \+ (\d) \{(\d); (\d)\} (?:p(\d+)|max)/.exec(name)?.slice(1).map(Number);
  if (beside === undefined) return null;
  const [threads, cpuMs, sleepMs, percent] = beside as [number, number, number, number];
  return { threads, cpuMs, sleepMs, hogs: 1, level: Number.isNaN(percent) ? 1 : percent / 100 };
}

/** Runs of which the mean and the scatter of a figure are taken. */
const REPLAYS = 8;
/** How long the closed loops of the first series ran is not known: some seconds. */
const SECONDS = 5;
/** Two-sided 99 %. */
const CONFIDENCE = normalQuantile(0.995);

const loopRuns = new Map<string, readonly Float64Array[]>();

/** Iterations of {@link REPLAYS} runs with other interruptions each. */
function runsOf(figure: OnHost, loop: ClosedLoop, machine: MachineName): readonly Float64Array[] {
  const key = JSON.stringify([figure.ruby, figure.cores, loop, machine]);
  const known = loopRuns.get(key);
  if (known !== undefined) return known;
  const runs = Array.from({ length: machine === 'none' ? 1 : REPLAYS }, (_, seed) =>
    iterations(hostOf(figure), loop, latenessOf(machine, seed + 1)),
  );
  loopRuns.set(key, runs);
  return runs;
}

export interface Simulated {
  /** What the model says: a range where the figure depends on interruptions that are not known. */
  readonly low: number;
  readonly high: number;
  /** What counts as equal to the measured figure: its precision, and chance, as a quantile of so many iterations scatters. */
  readonly accepted: readonly [low: number, high: number];
}

export const isMet = ({ low, high, accepted }: Simulated): boolean => low <= accepted[1] && high >= accepted[0];

const results = new Map<Figure, Simulated>();

/** What the model says, rounded to 10 us, to 10 ns where the unit is us. */
export function simulate(figure: OnHost): Simulated {
  const result = results.get(figure) ?? run(figure);
  results.set(figure, result);
  return result;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function run(figure: OnHost): Simulated {
  const loop = closedLoopOf(figure.name);
  if (loop !== null) return quantileOfLoop(figure, loop, loop.level);
  for (const [pattern, simulated] of RULES) {
    const match = pattern.exec(figure.name);
    if (match === null) continue;
    const result = rounded(simulated(match.slice(1).map(Number), figure));
    return { low: result, high: result, accepted: [figure.low, figure.high] };
  }
  throw new Error(`no micro-test for ${figure.name}`);
}

function quantileOfLoop(figure: OnHost, loop: Omit<ClosedLoop, 'seconds'>, level: number): Simulated {
  const { threads, cpuMs, sleepMs, hogs = 0 } = loop;
  const closed = { threads, cpuMs, sleepMs, hogs, seconds: figure.seconds ?? SECONDS };
  const on = (machine: MachineName): Tally =>
    tallyOf(runsOf(figure, closed, machine).map((lengths) => quantile(lengths, level)));
  const busy = on(figure.runs !== undefined && sleepMs === 30 ? 'busy30' : 'busy');
  if (figure.runs !== undefined) {
    const scatter = CONFIDENCE * busy.standardDeviation * Math.sqrt(1 / figure.runs.length + 1 / REPLAYS);
    const mean = figure.runs.reduce((sum, run) => sum + run, 0) / figure.runs.length;
    const accepted = [Math.min(figure.low, mean - scatter), Math.max(figure.high, mean + scatter)] as const;
    return { low: rounded(busy.mean), high: rounded(busy.mean), accepted };
  }
  const calm = on('calm');
  const means = [on('none').mean, calm.mean, busy.mean].map(rounded);
  const scatter = CONFIDENCE * calm.standardDeviation;
  const accepted = [figure.low - scatter, figure.high + scatter] as const;
  return { low: Math.min(...means), high: Math.max(...means), accepted };
}
