import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { quantile } from '../../src/statistics/index.js';
import {
  experimentOf,
  type MeasuredCase,
  measuredCases,
  readRun,
  replay,
  scenarioOf,
  traceOf,
} from '../support/measured.js';
import { gvlsim, SMALL, temporaryFolder } from './gvlsim.js';

type Figure = Readonly<Record<string, number | string | null>>;

const cases = measuredCases();
const single = cases.find(({ id }) => id === 'web/A06-puma7-t5-io50-rho80')!;
const cluster = cases.find(({ id }) => id === 'web/C07-puma7-4x3-rho60-hold')!;
const runFile = (measured: MeasuredCase): Buffer =>
  readFileSync(new URL(`../measured/${measured.id}/run1.csv.gz`, import.meta.url));
const unpacked = gunzipSync(runFile(single)).toString();

const folder = temporaryFolder({
  'single.yml': scenarioOf(single),
  'trace.csv': traceOf(single, 1),
  'run.csv': unpacked,
  'small.yml': SMALL,
});
const clusterFolder = temporaryFolder({ 'cluster.yml': scenarioOf(cluster, 2), 'trace.csv': traceOf(cluster, 1) });
afterAll(() => {
  folder.remove();
  clusterFolder.remove();
});
const write = async (name: string, content: string | Uint8Array, where = folder) => {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(where.path, name), content);
};
const check = (scenario: string, ...args: string[]) =>
  gvlsim(['replay-check', scenario, ...args], { cwd: folder.path });

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function figure(figures: readonly Figure[], metric: string, statistic: string): Figure {
  return figures.find((one) => one.metric === metric && one.statistic === statistic)!;
}

describe('replay-check of one Puma process', () => {
  it('gives the figures of the measurement and of the replay, each as found another way', async () => {
    const { code, stdout, stderr } = await check('single.yml', '--measured', 'run.csv', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      command: 'replay-check',
      replays: 1,
      matched: 1200,
      measured_failed: 0,
      warm_up: 0,
    });
    const [real, simulated] = [readRun(single, 1), replay(experimentOf(single, 1))];
    for (const [metric, column] of [
      ['latency_ms', 'latencyMs'],
      ['before_app_ms', 'queueMs'],
    ] as const) {
      for (const [statistic, of] of [
        ['mean', mean],
        ['p50', (values: Float64Array) => quantile(values, 0.5)],
        ['p99', (values: Float64Array) => quantile(values, 0.99)],
      ] as const) {
        const found = figure(result.figures, metric, statistic);
        expect(found.n).toBe(1200);
        expect(found.measured).toBeCloseTo(of(real[column]), 5);
        expect(found.simulated).toBeCloseTo(of(simulated[column]), 5);
        expect(found.ratio).toBeCloseTo(Number(found.simulated) / Number(found.measured), 6);
      }
    }
    expect(result.figures.some(({ metric }: Figure) => metric === 'busiest_worker_ratio')).toBe(false);
  });

  it('calls a figure out exactly when 1 is not in the interval of its ratio', async () => {
    const { stdout } = await check('single.yml', '--measured', 'run.csv', '--json');
    for (const { ratio_ci_low: low, ratio_ci_high: high, verdict } of JSON.parse(stdout).figures) {
      expect(low).toBeLessThan(high);
      expect(verdict).toBe(low > 1 ? 'higher' : high < 1 ? 'lower' : 'within');
    }
    const table = (await check('single.yml', '--measured', 'run.csv')).stdout;
    expect(table).toMatch(/1 200 requests matched/);
    expect(table).toMatch(/95 % interval/);
    expect(table).toMatch(/bootstrap/);
  });

  it('reads packed files, and writes the same table as CSV', async () => {
    await write('run.csv.gz', runFile(single));
    const packed = await check('single.yml', '--measured', 'run.csv.gz', '--format', 'csv', '--out', 'out');
    const plain = await check('single.yml', '--measured', 'run.csv', '--out', '-');
    expect([packed.code, plain.code]).toEqual([0, 0]);
    expect(packed.stdout).toBe(plain.stdout);
    expect(readdirSync(join(folder.path, 'out'))).toEqual(['replay-check.csv']);
    expect(readFileSync(join(folder.path, 'out', 'replay-check.csv'), 'utf8')).toBe(plain.stdout);
    const rows: Record<string, string>[] = parse(plain.stdout, { columns: true });
    expect(rows).toHaveLength(10);
    expect((await check('single.yml', '--measured', 'run.csv', '--out', 'out')).code).toBe(2);
  });

  it('of answers twice as late calls every figure lower', async () => {
    const rows: Record<string, string>[] = parse(unpacked, { columns: true });
    const late = rows.map(({ id, send_ms, done_ms }) => `${id},${2 * (Number(done_ms) - Number(send_ms))}`);
    await write('late.csv', ['id,latency_ms', ...late, ''].join('\n'));
    const { figures } = JSON.parse((await check('single.yml', '--measured', 'late.csv', '--json')).stdout);
    expect(figures.map(({ verdict }: Figure) => verdict)).toEqual(Array(5).fill('lower'));
  });

  it('counts requests that failed or were not measured, and does not compare them', async () => {
    const [head, ...lines] = unpacked.trimEnd().split('\n');
    const failed = lines.slice(100).map((line, k) => (k < 50 ? line.replace(/,200,/, ',503,') : line));
    await write('failed.csv', [head, ...failed, ''].join('\n'));
    const result = JSON.parse((await check('single.yml', '--measured', 'failed.csv', '--json')).stdout);
    expect(result).toMatchObject({ matched: 1050, measured_failed: 50, not_measured: 100, not_replayed: 0 });
    expect((await check('single.yml', '--measured', 'failed.csv')).stdout).toContain('50 failed when measured');
  });
});

describe('replay-check of a cluster', () => {
  it('replays as often as the scenario says, and compares the busiest worker', async () => {
    await write('run.csv.gz', runFile(cluster), clusterFolder);
    const { code, stdout } = await gvlsim(['replay-check', 'cluster.yml', '--measured', 'run.csv.gz', '--json'], {
      cwd: clusterFolder.path,
    });
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ replays: 2, matched: 2640 });
    const real = readRun(cluster, 1);
    const counts = new Map<string, number>();
    for (const pid of real.worker) counts.set(pid, (counts.get(pid) ?? 0) + 1);
    const busiest = figure(result.figures, 'busiest_worker_ratio', 'mean');
    expect(busiest.measured).toBeCloseTo(Math.max(...counts.values()) / 2640, 8);
    expect(busiest.simulated).toBeGreaterThanOrEqual(0.25);
    expect(busiest.simulated).toBeLessThan(0.5);
  });
});

describe('bad inputs', () => {
  const bad: [name: string, csv: string, message: RegExp][] = [
    ['no id', 'latency_ms\n5\n', /1:1 .*no column is called id/],
    ['no times', 'id,send_ms\n1,5\n', /1:1 .*latency_ms, or send_ms and done_ms/],
    ['no lines', 'id,latency_ms\n', /no rows below the header/],
    ['other ids', 'id,latency_ms\nx1,5\nx2,5\n', /2:1 .*no id of this file is in the trace/],
    ['another id', 'id,latency_ms\n1,5\nx2,5\n', /3:1 .*this id is not in the trace/],
    ['some other ids', 'id,latency_ms\n1,5\nx2,5\nx3,5\n', /3:1 .*2 ids, this one first, are not in the trace/],
    ['an id twice', 'id,latency_ms\n1,5\n1,5\n', /3:1 .*a second line with the id 1/],
    ['a text for a time', 'id,latency_ms\n1,5\n2,soon\n', /3:3 .*received "soon"/],
    ['a negative time', 'id,send_ms,done_ms\n1,5,4\n', /2:5 .*done_ms is before send_ms/],
    ['failures only', 'id,latency_ms,status\n1,5,503\n', /no request was answered both/],
    ['an empty file', '', /the file is empty/],
  ];
  it.each(bad)('%s: exit code 2 and the place on stderr', async (_name, csv, message) => {
    await write('bad.csv', csv);
    const { code, stdout, stderr } = await check('single.yml', '--measured', 'bad.csv');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/bad\.csv/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ at .*\.js/);
  });

  const usage: [args: string[], message: RegExp][] = [
    [['single.yml'], /--measured is missing/],
    [['single.yml', '--measured', 'nowhere.csv'], /cannot read nowhere\.csv/],
    [['small.yml', '--measured', 'run.csv'], /small\.yml: app: not recorded/],
    [['single.yml', '--measured', 'run.csv', '--set', 'app.recorded.repeat=true'], /app\.recorded\.repeat/],
    [['single.yml', '--measured', 'run.csv', '--set', 'load={open: {rate: 5/s}}'], /load: not recorded/],
  ];
  it.each(usage)('%j: exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await check(args[0]!, ...args.slice(1));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
