/** Measured runs of job processors (test/measured/jobs) as scenarios, and what comes out of them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runReplication } from '../../src/experiment/replicate.js';
import { loadScenario } from '../../src/scenario/loading/load.js';

const ROOT = fileURLToPath(new URL('../measured/jobs/', import.meta.url));

export interface JobCase {
  readonly name: string;
  readonly server: 'sidekiq' | 'resque';
  /** Threads of Sidekiq's process, resp. workers of Resque. */
  readonly parallel: number;
  readonly jobs: number;
  /** Every job is empty; otherwise they come from a trace. */
  readonly isEmpty: boolean;
  /** Memory of a worker before it forks; null where that was not looked at. */
  readonly rssMib: number | null;
  /** Share of waiting in the jobs; null for empty ones. */
  readonly ioShare: number | null;
  readonly jobsPerSec: number;
}

/** Resident memory of the one worker that had application data loaded; the others had 25 MiB. */
const RSS_MIB: Readonly<Record<string, number>> = { rq_noop_w1_static150: 235.7 };
const BARE_RSS_MIB = 25.1;

export function jobCases(): JobCase[] {
  const [head, ...lines] = readFileSync(`${ROOT}summary.csv`, 'utf8').trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const of = (column: string): string => cells[names.indexOf(column)]!;
    const server = of('server') as JobCase['server'];
    const name = of('case');
    return {
      name,
      server,
      parallel: Number(of('concurrency_or_workers')),
      jobs: Number(of('jobs')),
      isEmpty: !existsSync(`${ROOT}${name}/trace.csv`),
      rssMib: server === 'resque' ? (RSS_MIB[name] ?? BARE_RSS_MIB) : null,
      ioShare: Number(of('io_share')) < 0 ? null : Number(of('io_share')),
      jobsPerSec: Number(of('throughput_jobs_per_s')),
    };
  });
}

/** The case in the scenario language. Redis had a core of its own, the workers shared the other one. */
export function jobScenario({ name, server, parallel, jobs, isEmpty, rssMib }: JobCase): string {
  const settings =
    server === 'sidekiq' ? `version: "6.4", concurrency: ${parallel}` : `workers: ${parallel}, memory: ${rssMib}MiB`;
  return [
    'version: 1',
    `name: ${name}`,
    'host: {cores: 1}',
    'ruby: {version: "3.1"}',
    `server: {${server}: {${settings}}}`,
    isEmpty ? 'app: {classes: [{name: empty, cpu: 0s}]}' : 'app: {recorded: {file: trace.csv}}',
    `load: {backlog: {jobs: ${jobs}}}`,
    'run: {replications: 1}',
    '',
  ].join('\n');
}

/** Jobs over the time from the start of the first one to the end of the last one, as it was measured. */
export function simulatedJobsPerSec(measured: JobCase): number {
  const loaded = loadScenario(
    { file: 'scenario.yml', text: jobScenario(measured) },
    { readText: () => readFileSync(`${ROOT}${measured.name}/trace.csv`, 'utf8') },
  );
  if (loaded.experiment === null) throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  const { experiment } = loaded;
  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = 0;
  runReplication(experiment.configurations[0]!, experiment.run, 0, {
    rows: () => ({
      row: (table, request) => {
        firstNs = Math.min(firstNs, table.appStartNs[request]!);
        lastNs = Math.max(lastNs, table.appEndNs[request]!);
      },
    }),
  });
  return (1e9 * measured.jobs) / (lastNs - firstNs);
}
