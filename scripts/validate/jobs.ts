/** The page docs/validation/jobs.md. */
import { type JobCase, jobCases, simulatedJobsPerSec } from '../../test/support/measured-jobs.js';
import { redisCore } from './redis-core.js';
import { sidekiqCpu } from './sidekiq-cpu.js';

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
    ...redisCore(rows.find(({ measured }) => measured.name === 'sk_noop_c25')!.simulated),
    '',
    ...sidekiqCpu(),
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
