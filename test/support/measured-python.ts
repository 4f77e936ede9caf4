/** Measured runs of gunicorn (test/measured/python) as scenarios, and what comes out of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runReplication } from '../../src/experiment/replicate.js';
import { loadScenario } from '../../src/scenario/loading/load.js';
import { quantile } from '../../src/statistics/index.js';

const ROOT = fileURLToPath(new URL('../measured/python/', import.meta.url));

/** Latencies [ms]. */
export interface Latencies {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface PythonCase {
  readonly name: string;
  readonly workerClass: string;
  readonly processes: number;
  readonly threads: number;
  readonly switchIntervalMs: number;
  readonly requests: number;
  /** Of each run with the same trace. */
  readonly runs: readonly Latencies[];
}

export function pythonCases(): PythonCase[] {
  const [head, ...lines] = readFileSync(`${ROOT}summary.csv`, 'utf8').trimEnd().split('\n');
  const names = head!.split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    return (column: string): string => cells[names.indexOf(column)]!;
  });
  const latency = (of: (column: string) => string, name: string): number => Number(of(`lat_${name}_ms`));
  return [...new Set(rows.map((of) => of('case')))].map((name) => {
    const own = rows.filter((of) => of('case') === name);
    const of = own[0]!;
    return {
      name,
      workerClass: of('worker_class'),
      processes: Number(of('processes')),
      threads: Number(of('threads')),
      switchIntervalMs: Number(of('switch_interval_ms')),
      requests: Number(of('requests')),
      runs: own.map((run) => ({
        mean: latency(run, 'mean'),
        p50: latency(run, 'p50'),
        p95: latency(run, 'p95'),
        p99: latency(run, 'p99'),
      })),
    };
  });
}

/** The case in the scenario language: the server on one core, the client on the other. */
export function pythonScenario({ name, workerClass, processes, threads, switchIntervalMs }: PythonCase): string {
  return [
    'version: 1',
    `name: ${name}`,
    'host: {cores: 1}',
    `python: {version: "3.11", switch_interval: ${switchIntervalMs}ms}`,
    `server: {gunicorn: {workers: ${processes}, threads: ${threads}, worker_class: ${workerClass}}}`,
    'app: {recorded: {file: trace.csv}}',
    'load: {recorded: {file: trace.csv}}',
    'run: {replications: 1, warmup: 0s}',
    '',
  ].join('\n');
}

/** Chance: which waiter a release of the GIL wakes. */
export function simulatedLatencies(measured: PythonCase, replication = 0): Latencies {
  const loaded = loadScenario(
    { file: 'scenario.yml', text: pythonScenario(measured) },
    { readText: () => readFileSync(`${ROOT}${measured.name}/trace.csv`, 'utf8') },
  );
  if (loaded.experiment === null) throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  const { experiment } = loaded;
  const latencies: number[] = [];
  runReplication(experiment.configurations[0]!, experiment.run, replication, {
    rows: () => ({ row: (table, request, nowNs) => latencies.push((nowNs - table.arrivedNs[request]!) / 1e6) }),
  });
  const all = Float64Array.from(latencies).sort();
  const at = (level: number): number => quantile(all, level);
  return { mean: all.reduce((a, b) => a + b, 0) / all.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
