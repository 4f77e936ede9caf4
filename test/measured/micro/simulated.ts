import type { Nanos } from '../../../src/kernel/time.js';
import { quantile, tallyOf } from '../../../src/statistics/index.js';
import { us } from '../../support/phases.js';
import type { LoopHost } from '../../support/thread-loops.js';
import { chanceOfOneRun, type Interval, meanOfRuns } from './chance.js';
import { ALONE_US, type Figure, WARM_WAKE_US } from './figures.js';
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

/** The host of the figure's series, with the defaults of a scenario but for what was measured there. */
function hostOf({ ruby, cores, source, wakeLatencyNs }: OnHost): LoopHost {
  if (wakeLatencyNs !== undefined) return { ruby, cores, wakeLatencyNs };
  if (source !== 'first' || ruby === '3.3 M:N') return { ruby, cores };
  return { ruby, cores, warmWakeLatencyNs: us(WARM_WAKE_US[ruby]) };
}

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
const REPLAYS = 40;
/** How long the closed loops of the first series ran is not known: some seconds. */
const SECONDS = 5;

/**
 * What interrupts: in series 3 what one thread alone met in the same hour. In the hour of series 1 it was not measured; for all of its rows it is the same share of
 * what was at a load of 0.4.
 */
const machineOf = ({ runs }: Figure, sleepMs: number): MachineName =>
  runs === undefined ? 'hardly' : sleepMs === 30 ? 'busy30' : 'busy';

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
  readonly value: number;
  /** What counts as equal to the measured figure: its precision, and chance, as a quantile of so many iterations scatters. */
  readonly accepted: Interval;
}

export const isMet = ({ value, accepted }: Simulated): boolean => value >= accepted[0] && value <= accepted[1];

/** Accepted from so much below to so much above what was measured says little about the model. */
const TOO_WIDE = 0.1;

/** Of a wait of zero only the rounding is accepted, so that it is decided. */
export function isTooWide({ measured }: Figure, [low, high]: Interval): boolean {
  return measured !== 0 && high - low > 2 * TOO_WIDE * measured;
}

export type Outcome = 'met' | 'missed' | 'not decided' | 'input';

/** Not decided: inside of what is accepted, which is {@link isTooWide}, or only as the share of interruptions was estimated. */
export function outcomeOf(figure: Figure, simulated: Simulated = simulate(figure)): Outcome {
  if (figure.isInput === true) return 'input';
  if (!isMet(simulated)) return 'missed';
  return isTooWide(figure, simulated.accepted) || hangsOnShare(figure) ? 'not decided' : 'met';
}

/**
 * A figure of a closed loop of series 1 that would be missed with no interruptions, or with all of those at the level that was measured. It is one of those
 * from which the share in between is estimated (`HARDLY`), so that being inside is no evidence for the lock.
 */
export function hangsOnShare(figure: Figure): boolean {
  const loop = closedLoopOf(figure.name);
  if (loop === null || machineOf(figure, loop.sleepMs) !== 'hardly') return false;
  return !isMetAt('none', figure) || !isMetAt('calm', figure);
}

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
  if (loop !== null) return quantileOfLoop(figure, loop);
  for (const [pattern, simulated] of RULES) {
    const match = pattern.exec(figure.name);
    if (match === null) continue;
    return { value: rounded(simulated(match.slice(1).map(Number), figure)), accepted: [figure.low, figure.high] };
  }
  throw new Error(`no micro-test for ${figure.name}`);
}

type QuantileOfLoop = NonNullable<ReturnType<typeof closedLoopOf>>;

function quantileOfLoop(figure: OnHost, loop: QuantileOfLoop): Simulated {
  const replays = quantilesOf(figure, loop, machineOf(figure, loop.sleepMs));
  return { value: rounded(tallyOf(replays).mean), accepted: acceptedOf(figure, replays) };
}

function quantilesOf(figure: OnHost, { level, ...loop }: QuantileOfLoop, machine: MachineName): readonly number[] {
  const closed = { ...loop, seconds: figure.seconds ?? SECONDS };
  return runsOf(figure, closed, machine).map((lengths) => quantile(lengths, level));
}

/** Whether the mean of replays with interruptions of another level is inside of what is accepted of a loop. */
export function isMetAt(machine: MachineName, figure: Figure): boolean {
  const value = rounded(tallyOf(quantilesOf(figure, closedLoopOf(figure.name)!, machine)).mean);
  return isMet({ value, accepted: simulate(figure).accepted });
}

function acceptedOf({ runs, low, high }: Figure, replays: readonly number[]): Interval {
  if (runs !== undefined) return meanOfRuns(runs, replays);
  const chance = chanceOfOneRun(replays);
  return [low - chance, high + chance];
}
