/**
 * `npm run validate:statistics`: how often intervals hold the truth, what the automatic warm-up leaves of the start, what
 * pairing saves; writes docs/validation/statistics.md. Less than ten minutes on two idle cores.
 *
 * What has been computed is kept in .cache/statistics, so that an interrupted run goes on where it was; `--fresh` starts anew,
 * `--workers=4` uses four processes.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allJobs, type Job } from './statistics/jobs.js';
import { statisticsPage } from './statistics/page.js';
import { pairing } from './statistics/pairing.js';

const EXPERIMENTS = 2000;
const WORKERS = Number(/^--workers=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1] ?? 2);

const cache = new URL('../.cache/statistics/', import.meta.url);
if (process.argv.includes('--fresh')) rmSync(cache, { recursive: true, force: true });
mkdirSync(cache, { recursive: true });

const fileOf = ({ what, from, to }: Job): URL => new URL(`${what.replace(':', '-')}-${from}-${to}.json`, cache);

const jobs = allJobs(EXPERIMENTS);
const waiting = jobs.filter((job) => !existsSync(fileOf(job)));
await Promise.all(Array.from({ length: WORKERS }, work));
writeFileSync(new URL('../docs/validation/statistics.md', import.meta.url), statisticsPage(totals(), await pairing()));
console.log('docs/validation/statistics.md written');

async function work(): Promise<void> {
  const child = fork(fileURLToPath(new URL('statistics/worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
    const mine = job;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
      child.once('message', (outcome) => {
        writeFileSync(fileOf(mine), JSON.stringify(outcome));
        child.removeAllListeners('exit');
        resolve();
      });
      child.send(mine);
    });
    console.log(`${mine.what} ${mine.to}; ${waiting.length} left`);
  }
  child.kill();
}

/** The outcomes of all jobs of one kind, added up. */
function totals(): ReadonlyMap<string, Record<string, number>> {
  const sums = new Map<string, Record<string, number>>();
  for (const job of jobs) {
    const outcome: Record<string, number> = JSON.parse(readFileSync(fileOf(job), 'utf8'));
    const sum = sums.get(job.what) ?? {};
    for (const [key, value] of Object.entries(outcome)) sum[key] = (sum[key] ?? 0) + value;
    sums.set(job.what, sum);
  }
  return sums;
}
