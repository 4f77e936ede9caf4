/** What docs/validation/jobs.md says about Sidekiq's empty jobs on 25 threads: where the process stood still, and the repeats. */
import { readFileSync } from 'node:fs';
import { quantile } from '../../src/statistics/index.js';
import {
  chanceOfTicks,
  type JobStart,
  jobStarts,
  pausesOf,
  pausesPerJobUs,
  undisturbedJobUs,
} from '../../test/support/job-recordings.js';

const REPEATS = new URL('../../test/measured/jobs/redis_core.csv', import.meta.url);

/** @param simulatedPerSec jobs per second of the simulated 25 threads */
export function redisCore(simulatedPerSec: number): string[] {
  const five = jobStarts('sk_noop_c5');
  const many = jobStarts('sk_noop_c25');
  const leftAloneUs = undisturbedJobUs(many) + pausesPerJobUs(five);
  const off = 100 * ((simulatedPerSec * leftAloneUs) / 1e6 - 1);
  return [
    '## Where the process stood still',
    '',
    'No job began for more than 1 ms:',
    '',
    '| case | pauses | in all [ms] | of [ms] | after all threads had had a job | chance that they end at multiples of 4 ms | left alone [us/job] |',
    '|---|---|---|---|---|---|---|',
    ...['sk_noop_c1', 'sk_noop_c2', 'sk_noop_c5', 'sk_noop_c25'].map((name) => recording(name, jobStarts(name))),
    '',
    '`sk_noop_c25` was recorded once, and disturbed: all threads waited for Redis, which had the other core, and went on at multiples of 4 ms, the timer tick of that',
    'kernel. So Redis shared its core with a process that computed, and came to its turn at a tick. *Left alone*: in stretches of 100 jobs or more without a pause.',
    `With the pauses that 5 threads have too that is ${leftAloneUs.toFixed(1)} us a job with 25, or ${Math.round(1e6 / leftAloneUs)} jobs/s, of which ${Math.round(simulatedPerSec)} simulated are ${signed(off)} %.`,
    'What it is like to lose Redis to somebody else is not simulated.',
    '',
    'Repeated with the same versions on the same kind of machine (`test/measured/jobs/redis_core.csv`), all repeats: with real-time priority for both on a core each (*alone*), and with Redis',
    'beside a process that computes (*shared*). The machine was busy otherwise; how much of the spread that is, is not known. In the median 25 threads alone were slower',
    'than 5, in the simulation they are as fast: see the CPU time below.',
    '',
    '| threads | Redis | repeats | jobs/s: least, median, most | pauses of each | n R^2 of their ends in 4 ms (above 5: hardly by chance) |',
    '|---|---|---|---|---|---|',
    ...repeats(),
  ];
}

function recording(name: string, starts: readonly JobStart[]): string {
  const pauses = pausesOf(starts);
  const threads = new Set(starts.map(({ thread }) => thread)).size;
  const cells = [
    name,
    pauses.length,
    pauses.reduce((sum, { lengthMs }) => sum + lengthMs, 0).toFixed(0),
    (starts.at(-1)!.atMs - starts[0]!.atMs).toFixed(0),
    pauses.filter((pause) => pause.threads === threads).length,
    chanceOfTicks(pauses.map(({ endMs }) => endMs)).toPrecision(1),
    undisturbedJobUs(starts).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function repeats(): string[] {
  const groups = new Map<string, string[][]>();
  for (const line of readFileSync(REPEATS, 'utf8').trimEnd().split('\n').slice(1)) {
    const [threads, redis, ...rest] = line.split(',');
    const key = `${threads} | ${redis}`;
    groups.set(key, [...(groups.get(key) ?? []), rest]);
  }
  return [...groups].map(([key, runs]) => {
    const perSec = Float64Array.from(runs, ([jobs, spanMs]) => (1000 * Number(jobs)) / Number(spanMs));
    const speeds = [0, 0.5, 1].map((level) => Math.round(quantile(perSec, level))).join(', ');
    const column = (k: number): string => runs.map((run) => run[k]).join(', ');
    return `| ${key} | ${runs.length} | ${speeds} | ${column(2)} | ${column(4)} |`;
  });
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;
}
