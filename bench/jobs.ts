import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './measure.js';
import { inWords, printTable, sampleOf } from './sample.js';

/**
 * More than a minute with one job: cells of even size, so that what is measured is the sharing of the work. Each thread has
 * to load the program and get it compiled for itself, some three seconds of CPU time that a shorter sweep would not make up for.
 */
const SWEEP = `version: 1
name: jobs
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
server: {puma: {version: "6.6", workers: 2, threads: 5}}
app: {classes: [{name: only, cpu: {exponential: {mean: 12ms}}, io: {calls: 2, each: {exponential: {mean: 10ms}}}}]}
load: {open: {rate: 100/s}}
run: {requests: 100000, replications: 20, warmup: 0.1, seed: 1}
sweep:
  load.open.rate: {from: 90/s, to: 110/s, steps: 16}
`;

/**
 * How much faster a sweep is with two jobs than with one, in turns; four minutes or so.
 *
 * @throws Error with what gvlsim said, if a sweep fails
 */
export function benchJobs(repeats: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'gvlsim-bench-'));
  try {
    writeFileSync(join(folder, 'jobs.yml'), SWEEP);
    const seconds = (jobs: number, k: number): number => {
      const args = [
        'sweep',
        'jobs.yml',
        '--out',
        `${jobs}-${k}`,
        '--jobs',
        String(jobs),
        '--quiet',
        '--metrics',
        'latency_ms',
      ];
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/gvlsim.js'), ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr || 'killed');
      process.stderr.write(
        `${jobs} ${jobs === 1 ? 'job' : 'jobs'}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`,
      );
      return (performance.now() - start) / 1000;
    };
    const runs = Array.from({ length: repeats }, (_, k) => [seconds(1, k), seconds(2, k)] as const);
    printTable([
      ['sweep of 320 runs', 'seconds'],
      ['1 job', inWords(sampleOf(runs.map(([one]) => one)))],
      ['2 jobs', inWords(sampleOf(runs.map(([, two]) => two)))],
      ['times as fast', inWords(sampleOf(runs.map(([one, two]) => one / two)), 2)],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
