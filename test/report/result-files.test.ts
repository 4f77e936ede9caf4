import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { compareWithBaseline } from '../../src/experiment/estimates/compare.js';
import { summarise } from '../../src/experiment/estimates/summarise.js';
import { runReplication } from '../../src/experiment/replicate.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { createRequestRows, type RequestRows } from '../../src/report/outputs/requests.js';
import { resultFiles } from '../../src/report/result-files.js';
import { REQUESTS } from '../../src/report/tables.js';
import { experimentOf } from '../experiment/scenarios.js';

const SPEC = experimentOf(`
version: 1
name: pair
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
overheads: none
app:
  classes:
    - {name: page, weight: 3, cpu: {exponential: {mean: 8ms}}}
    - {name: report, cpu: {exponential: {mean: 20ms}}, io: {calls: 1, each: 5ms}}
load: {open: {rate: 60/s}}
run: {requests: 2000, replications: 6, seed: 5}
variants:
  one: {server: {unicorn: {worker_processes: 1}}}
  two: {server: {unicorn: {worker_processes: 2}}}
`);

const result = await runExperiment(SPEC);
const files = new Map(
  [
    ...resultFiles(result, {
      summary: summarise(result),
      comparison: compareWithBaseline(result),
      requestLines: null,
    }),
  ].map(({ name, chunks }) => [name, [...chunks].join('')]),
);
const table = (name: string): Record<string, string>[] => parse(files.get(name)!, { columns: true });

describe('files of a result', () => {
  it('are these', () => {
    expect([...files.keys()]).toEqual([
      'summary.csv',
      'comparison.csv',
      'replications.csv',
      'timeseries.csv',
      'timeseries-bands.csv',
      'latency-one.hgrm',
      'latency-two.hgrm',
      'datapackage.json',
    ]);
  });

  it('have no cell that is not a plain number, a word or empty', () => {
    for (const name of [
      'summary.csv',
      'comparison.csv',
      'replications.csv',
      'timeseries.csv',
      'timeseries-bands.csv',
    ]) {
      expect(files.get(name)).not.toMatch(/NaN|Infinity|undefined|null|\de[+-]?\d/);
    }
  });

  it('have every metric and statistic of the contract in the summary, for all requests and for each class', () => {
    const rows = table('summary.csv');
    const metrics = 'latency_ms queue_ms backlog_ms gvl_wait_ms run_ms io_ms gc_ms cpu_wait_ms service_ms'.split(' ');
    for (const variant of ['one', 'two']) {
      for (const className of ['all', 'page', 'report']) {
        for (const metric of metrics) {
          const own = rows.filter((row) => row.variant === variant && row.class === className && row.metric === metric);
          expect(own.map((row) => row.statistic)).toEqual([
            ...['mean', 'min', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max'],
          ]);
        }
      }
      for (const metric of ['throughput_per_s', 'gvl_utilisation_ratio', 'core_utilisation_ratio', 'error_ratio']) {
        const own = rows.filter((row) => row.variant === variant && row.class === 'all' && row.metric === metric);
        expect(own.map((row) => row.statistic)).toEqual(['mean']);
      }
    }
  });

  it('have a summary of all replications', () => {
    const replications = table('replications.csv').filter(
      (row) => row.variant === 'two' && row.class === 'page' && row.metric === 'latency_ms',
    );
    expect(replications.map((row) => row.replication)).toEqual(['1', '2', '3', '4', '5', '6']);
    const summary = (statistic: string) =>
      table('summary.csv').find(
        (row) =>
          row.variant === 'two' && row.class === 'page' && row.metric === 'latency_ms' && row.statistic === statistic,
      )!;
    const mean = replications.reduce((sum, row) => sum + Number(row.mean), 0) / 6;
    // each of the seven is rounded to 1 ns
    expect(Math.abs(Number(summary('mean').estimate) - mean)).toBeLessThanOrEqual(1e-6 + 1e-12);
    const n = replications.reduce((sum, row) => sum + Number(row.n), 0);
    expect(Number(summary('mean').n)).toBe(n);
    // Quantiles are those of all requests together, between the least and the greatest of the replications.
    const own = replications.map((row) => Number(row.p95));
    expect(Number(summary('p95').estimate)).toBeGreaterThan(Math.min(...own));
    expect(Number(summary('p95').estimate)).toBeLessThan(Math.max(...own));
  });

  it('have comparisons of the variant with the baseline only', () => {
    const rows = table('comparison.csv');
    expect(new Set(rows.map((row) => `${row.baseline}>${row.variant}`))).toEqual(new Set(['one>two']));
    const latency = rows.find((row) => row.class === 'all' && row.metric === 'latency_ms' && row.statistic === 'mean')!;
    expect(latency.verdict).toBe('lower');
    expect(Number(latency.ci_high)).toBeLessThan(0);
    expect(Number(latency.ratio_ci_high)).toBeLessThan(1);
  });

  it('have histograms with every counted request', () => {
    const total = /#\[Max[^\]]*Total count\s*=\s*(\d+)\]/.exec(files.get('latency-one.hgrm')!)![1];
    expect(Number(total)).toBe(6 * 1800);
  });

  it('are all described in the data package', () => {
    const { resources } = JSON.parse(files.get('datapackage.json')!);
    expect(resources.map(({ path }: { path: string }) => path)).toEqual(
      [...files.keys()].filter((name) => name.endsWith('.csv')),
    );
    for (const { path, schema } of resources) {
      const header = files.get(path)!.split('\n')[0];
      expect(header).toBe(schema.fields.map(({ name }: { name: string }) => name).join(','));
    }
  });
});

describe('rows of requests.csv', () => {
  const chunks: string[] = [];
  let rows: RequestRows | null = null;
  runReplication(SPEC.configurations[1]!, SPEC.run, 2, {
    rows: (bench) => {
      rows = createRequestRows('two', SPEC.configurations[1]!.system, 2, bench, (chunk) => chunks.push(chunk));
      return rows;
    },
  });
  rows!.end();
  const parsed: Record<string, string>[] = parse(chunks.join(''), {
    columns: REQUESTS.columns.map(({ name }) => name),
  });

  it('are one for each request, numbered by arrival, warm-up marked', () => {
    expect(parsed.length).toBe(2000);
    const ids = parsed.map((row) => Number(row.request_id)).sort((a, b) => a - b);
    expect(ids[0]).toBe(1);
    expect(ids.at(-1)).toBe(2000);
    expect(
      parsed
        .filter((row) => row.warm_up === 'true')
        .map((row) => Number(row.request_id))
        .sort((a, b) => a - b),
    ).toEqual(ids.slice(0, 200));
    expect(new Set(parsed.map((row) => row.replication))).toEqual(new Set(['3']));
  });

  it('have parts that add up to the latency, to the ns', () => {
    const ns = (text: string): number => Math.round(Number(text) * 1e6);
    const parts = ['backlog_ms', 'queue_ms', 'run_ms', 'io_ms', 'gvl_wait_ms', 'cpu_wait_ms', 'gc_ms', 'pool_wait_ms'];
    for (const row of parsed) {
      expect(parts.reduce((sum, part) => sum + ns(row[part]!), 0)).toBe(ns(row.latency_ms!));
      expect(ns(row.gc_own_ms!) + ns(row.gc_other_ms!)).toBe(ns(row.gc_ms!));
      expect(ns(row.backlog_ms!) + ns(row.queue_ms!) + ns(row.service_ms!)).toBe(ns(row.latency_ms!));
    }
  });

  it('give the mean latency of the replication', () => {
    const counted = parsed.filter((row) => row.warm_up === 'false');
    const mean = counted.reduce((sum, row) => sum + Number(row.latency_ms), 0) / counted.length;
    const replication = table('replications.csv').find(
      (row) => row.variant === 'two' && row.replication === '3' && row.class === 'all' && row.metric === 'latency_ms',
    )!;
    expect(Math.abs(Number(replication.mean) - mean)).toBeLessThan(1e-6);
  });
});
