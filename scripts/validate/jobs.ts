/** The page docs/validation/jobs.md. */
import { type JobCase, jobCases, simulatedJobsPerSec } from '../../test/support/measured-jobs.js';

/** Replays every measured case of Sidekiq and Resque. */
export function jobsPage(): string {
  const rows = jobCases().map((measured) => ({ measured, simulated: simulatedJobsPerSec(measured) }));
  return [
    '# Job processors: draining a backlog',
    '',
    '<!-- Made by npm run validate. Do not edit. -->',
    '',
    'Sidekiq 6.4.1 and Resque 3.0 on Ruby 3.1.2 with Redis 7.0.15 drained a queue of recorded jobs on a virtual machine with two',
    'cores, all workers on one core and Redis on the other. The same jobs in the same order are simulated with the defaults that',
    'every user gets. Jobs per second: jobs over the time from the start of the first to the end of the last. *share of I/O*',
    'none: every job is empty.',
    '',
    '| case | threads or workers | jobs | share of I/O | measured [jobs/s] | simulated [jobs/s] | difference |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(({ measured, simulated }) => row(measured, simulated)),
    '',
    'Repeats of empty jobs with one Resque worker differ by 0.1 %, with four by 8.5 %.',
    '',
    '`sk_noop_c25` was recorded once, and disturbed. With 25 threads the process stood still for more than 1 ms 124 times, 317 ms of 771 in all,',
    'with 5 threads 11 times, 30 ms. In 107 of the 124 all 25 threads had just run, so all were waiting for Redis, which had the other core; and',
    'the pauses ended at multiples of 4 ms, the timer tick of that kernel (by chance with a probability of 10^-25; the pauses of the other',
    'recordings did not). So Redis shared its core with a process that computed, and came to its turn at a tick. Where it was left alone, in 1450 jobs,',
    '100 or more in a row, a job took 82.4 us, with 5 threads 82.1; with the pauses that 5 threads have too it is 87.4 us or',
    '11 435 jobs/s, of which 10 931 simulated are -4.4 %. What it is like to lose Redis to somebody else is not simulated.',
    'Repeated with the same versions on the same kind of machine (`test/measured/jobs/redis_core.csv`): a process that computes on the core of Redis brings',
    'back 130 and 145 such pauses that end at ticks, and leaves 4 200 jobs/s; with real-time priority for both there were 9, 29 and 15, none at ticks, and the',
    'best of three was 4 % slower with 25 threads than with 5. The machine was busy otherwise, so repeats differ by up to 60 %; four more, busier still, are left out.',
    '',
    'The Resque worker with application data had 236 MiB.',
    '',
  ].join('\n');
}

function row({ name, parallel, jobs, jobsPerSec, ioShare }: JobCase, simulated: number): string {
  const difference = 100 * (simulated / jobsPerSec - 1);
  const cells = [
    name,
    parallel,
    jobs,
    ioShare === null ? 'none' : `${100 * ioShare} %`,
    perSec(jobsPerSec),
    perSec(simulated),
    `${difference >= 0 ? '+' : ''}${difference.toFixed(1)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function perSec(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}
