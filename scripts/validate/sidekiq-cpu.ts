/** What docs/validation/jobs.md says about the CPU time of empty jobs, by the number of threads. */
import { readFileSync } from 'node:fs';
import { quantile } from '../../src/statistics/index.js';

const RECORDED = new URL('../../test/measured/jobs/summary.csv', import.meta.url);
const REPEATS = new URL('../../test/measured/jobs/sidekiq_cpu.csv', import.meta.url);

export function sidekiqCpu(): string[] {
  const recorded = table(RECORDED).filter((row) => row.case!.startsWith('sk_noop'));
  return [
    '## CPU time of an empty job',
    '',
    'In the recordings, of the whole process, its start included (`process_cpu_ms_per_job`; about a quarter of it is the start):',
    '',
    '| case | jobs/s | CPU time of the process [us/job] |',
    '|---|---|---|',
    ...recorded.map((row) => {
      const perSec = Number(row.throughput_jobs_per_s).toFixed(0);
      return `| ${row.case} | ${perSec} | ${(1000 * Number(row.process_cpu_ms_per_job)).toFixed(1)} |`;
    }),
    '',
    'So `sk_noop_c25` needed no more CPU time than 5 threads did. The quarter of a second that it took longer its process was not on its core.',
    '',
    'Repeated in turns with the same versions (`test/measured/jobs/sidekiq_cpu.csv`; real-time priority, a core for Ruby and one for Redis, on a machine that was busy',
    'otherwise and shares its caches), without the start: medians, and least to most of the CPU time.',
    '',
    '| threads | repeats | Ruby [us/job] | least to most | of that collections | Redis [us/job] | times a thread went to sleep, for each job |',
    '|---|---|---|---|---|---|---|',
    ...repeats(),
    '',
    'No thread was pre-empted more than once in 1000 jobs. So 25 threads hand the lock on, wait and wake as often as 5 do; each job costs more: a collection marks the',
    'stacks of all threads, and the rest is probably caches, in which 25 stacks and connections take more room. That is not in the model, in which empty jobs cost',
    'the same on any number of threads. Where jobs do something it is not seen: `sk_c25_io20` and `sk_c25_io80` above.',
  ];
}

function repeats(): string[] {
  const rows = table(REPEATS);
  const threads = [...new Set(rows.map((row) => Number(row.threads)))].sort((a, b) => a - b);
  return threads.map((count) => {
    const group = rows.filter((row) => Number(row.threads) === count);
    const of = (value: (row: Row) => number, level = 0.5): number =>
      quantile(Float64Array.from(group, value).sort(), level);
    const ruby = (row: Row): number => Number(row.ruby_cpu_us_per_job);
    const cells = [
      count,
      group.length,
      of(ruby).toFixed(0),
      `${of(ruby, 0).toFixed(0)} to ${of(ruby, 1).toFixed(0)}`,
      of((row) => (1000 * Number(row.collections_ms)) / Number(row.jobs)).toFixed(0),
      of((row) => Number(row.redis_cpu_us_per_job)).toFixed(0),
      of((row) => Number(row.ruby_voluntary_switches_per_job)).toFixed(2),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

type Row = Readonly<Record<string, string>>;

function table(file: URL): Row[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, k) => [names[k]!, cell])));
}
