import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { gvlsim, SMALL, temporaryFolder } from './gvlsim.js';

const MM1 = `${SMALL.replace('requests: 2000, replications: 4', 'requests: 4000, replications: 8')}
slo: [latency_ms p95 < 100ms]
search: {max_rate: {precision: 20%, max_replications: 400}}
`;
const BEST = `version: 1
name: best
host: {cores: 4, memory: 500MiB}
ruby: {version: "3.3", gc: "off"}
server: {puma: {workers: 1, threads: 1}}
app:
  memory: {static: 100MiB, processing: 10MiB, copy_on_write: none}
  classes: [{name: only, cpu: {exponential: {mean: 10ms}}, io: {calls: 1, each: 10ms}}]
load: {open: {rate: 60/s}}
run: {requests: 1000, replications: 6, seed: 1}
slo: [latency_ms p99 < 300ms]
search:
  best:
    minimise: latency_ms mean
    over:
      - {server.puma.workers: [1, 2, 6], server.puma.threads: [1, 3]}
      - {server.unicorn.worker_processes: [3]}
`;
const folder = temporaryFolder({ 'mm1.yml': MM1, 'best.yml': BEST });
afterAll(folder.remove);
const rowsOf = (...path: string[]): Record<string, string>[] =>
  parse(readFileSync(join(folder.path, ...path), 'utf8'), { columns: true });
const run = (...args: string[]) => gvlsim(args, { cwd: folder.path });

describe('gvlsim search of the highest rate', () => {
  it('of M/M/1 with a limit to p95 has what theory says in its interval, for any number of jobs', async () => {
    const one = await run('search', 'mm1.yml', '--out', 'one', '--jobs', '1');
    const two = await run('search', 'mm1.yml', '--out', 'two', '--jobs', '2');
    expect([one.code, two.code]).toEqual([0, 0]);
    for (const file of ['search.csv', 'trials.csv']) {
      expect(readFileSync(join(folder.path, 'two', file), 'utf8')).toBe(
        readFileSync(join(folder.path, 'one', file), 'utf8'),
      );
    }
    const [row] = rowsOf('one', 'search.csv');
    // The sojourn time of M/M/1 is exponential with rate mu - lambda, so p95 = ln 20 / (mu - lambda) (Kleinrock 1975).
    const theory = 100 - Math.log(20) / 0.1;
    expect(row).toMatchObject({ search: 'max_rate', verdict: 'found', metric: 'rate_per_s', ci_level: '0.95' });
    expect(Number(row!.ci_low)).toBeLessThan(theory);
    expect(Number(row!.ci_high)).toBeGreaterThan(theory);
    expect(rowsOf('one', 'trials.csv').some(({ verdict }) => verdict === 'fails')).toBe(true);
  });
});

describe('gvlsim search of the best', () => {
  it('ranks the candidates with reasons and writes the settings of the best', async () => {
    const { code, stdout } = await run('search', 'best.yml', '--out', 'best');
    expect(code).toBe(0);
    const rows = rowsOf('best', 'search.csv');
    expect(rows).toHaveLength(7);
    const [best] = rows;
    expect(best).toMatchObject({ rank: '1', verdict: 'selected' });
    const reasonOf = (name: string) => rows.find(({ candidate }) => candidate === name)!.reason;
    expect(reasonOf('puma 1x1')).toMatch(/60\/s are offered, its threads can serve 50\/s/);
    expect(reasonOf('puma 6x1')).toMatch(/needs .* of 500 MiB/);
    expect(rows.map(({ rank }) => Number(rank))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Kim and Nelson (2001)');
    const file = readdirSync(join(folder.path, 'best')).find((name) => name.endsWith('.rb'))!;
    const text = readFileSync(join(folder.path, 'best', file), 'utf8');
    expect(text).toContain(best!.candidate!.startsWith('puma') ? `workers ${best!.workers}` : 'worker_processes 3');
  });
});

describe('gvlsim search --resume of what is there already', () => {
  it('shows it, and is as strict about what is not decided as the first time', async () => {
    const args = ['search', 'mm1.yml', '--out', 'few', '--set', 'search.max_rate.max_replications=10', '--strict'];
    expect((await run(...args)).code).toBe(3);
    const stored = readFileSync(join(folder.path, 'few', 'search.csv'), 'utf8');
    const csv = await run(...args, '--resume', '--format', 'csv');
    expect([csv.code, csv.stdout, csv.stderr]).toEqual([3, stored, 'few/ is complete\n']);
    const again = await run(...args, '--resume', '--json');
    const { wall_time_s: _, ...object } = JSON.parse(again.stdout);
    expect(object).toMatchObject({ command: 'search', complete: true, search: [{ rank: 1, verdict: 'wide' }] });
    const table = await run(...args, '--resume', '--format', 'table');
    expect(table.stdout).toMatch(/verdict[\s\S]*wide/);
    expect((await run(...args.slice(0, -1), '--resume')).code).toBe(0);
  });
});

describe('a search that cannot be', () => {
  it.each([
    [SMALL, /search is missing/],
    [`${SMALL}search: {}\n`, /max_rate, best, or both/],
    [`${SMALL}search: {max_rate: {}}\n`, /max_rate needs objectives/],
    [MM1.replace('open: {rate: 50/s}', 'closed: {users: 3}'), /a load whose rate can be raised/],
    [`${SMALL}search: {best: {over: {host.cores: [1]}}}\n`, /best of what/],
    [`${SMALL}search: {best: {minimise: latency p95, over: {host.cores: [1]}}}\n`, /unknown metric latency/],
    [`${SMALL}search: {best: {minimise: latency_ms p95, over: {host.cors: [1]}}}\n`, /unknown key/],
  ])('is told with its place', async (text, message) => {
    const { code, stdout, stderr } = await gvlsim(['search', '-', '--out', '-'], { cwd: folder.path, input: text });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
