/** When the empty jobs of a recording (test/measured/jobs) began, and where the process stood still. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../measured/jobs/', import.meta.url));

/** Longer without the start of a job counts as a pause [ms]. A job takes 0.08. */
const PAUSE_MS = 1;
/** Jobs in a row without a pause: four rounds of 25 threads. */
const STRETCH = 100;
/** Timer tick of the machine's kernel (CONFIG_HZ=250): a process that computes is pre-empted at one. */
const TICK_MS = 4;

export interface JobStart {
  readonly atMs: number;
  readonly thread: number;
}

/** In the order in which they began. */
export function jobStarts(name: string): JobStart[] {
  const [, ...lines] = readFileSync(`${ROOT}${name}/starts.csv`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [atMs, thread] = line.split(',').map(Number);
    return { atMs: atMs!, thread: thread! };
  });
}

/** A time in which no job began. */
export interface Pause {
  readonly lengthMs: number;
  readonly endMs: number;
  /** Jobs that began since the pause before, and the threads that they were on. */
  readonly jobs: number;
  readonly threads: number;
}

export function pausesOf(starts: readonly JobStart[]): Pause[] {
  const ends = starts.flatMap(({ atMs }, k) => (k > 0 && atMs - starts[k - 1]!.atMs > PAUSE_MS ? [k] : []));
  return ends.map((k, n) => {
    const since = starts.slice(n === 0 ? 0 : ends[n - 1]!, k);
    const endMs = starts[k]!.atMs;
    const threads = new Set(since.map(({ thread }) => thread)).size;
    return { endMs, lengthMs: endMs - since.at(-1)!.atMs, jobs: since.length, threads };
  });
}

/** Mean time from one job to the next where there was no pause for many jobs [us]. */
export function undisturbedJobUs(starts: readonly JobStart[]): number {
  const bounds = [
    ...pausesOf(starts).map(({ endMs }) => starts.findIndex(({ atMs }) => atMs === endMs)),
    starts.length,
  ];
  let [spanMs, jobs, from] = [0, 0, 0];
  for (const to of bounds) {
    if (to - from >= STRETCH) {
      spanMs += starts[to - 1]!.atMs - starts[from]!.atMs;
      jobs += to - 1 - from;
    }
    from = to;
  }
  return (1000 * spanMs) / jobs;
}

/** Share of all pauses in the time of a job [us]. */
export function pausesPerJobUs(starts: readonly JobStart[]): number {
  return (1000 * pausesOf(starts).reduce((sum, { lengthMs }) => sum + lengthMs, 0)) / starts.length;
}

/**
 * Chance that so many times lie as they do within the period of the timer tick if they have nothing to do with it
 * (Rayleigh's test). K. V. Mardia, P. E. Jupp (2000), Directional Statistics, section 6.3.1: exp(-n R^2) for many.
 */
export function chanceOfTicks(timesMs: readonly number[]): number {
  const angles = timesMs.map((ms) => (2 * Math.PI * ms) / TICK_MS);
  const sum = (of: (angle: number) => number): number => angles.reduce((total, angle) => total + of(angle), 0);
  return Math.exp(-(sum(Math.cos) ** 2 + sum(Math.sin) ** 2) / timesMs.length);
}
