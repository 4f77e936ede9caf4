import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { BIN, gvlsim, OVERLOAD, PAIR, SMALL, temporaryFolder } from './gvlsim.js';

/** With memory and objectives. */
const FULL = `${PAIR.replace('app: {classes:', 'app: {memory: {static: 100MiB, processing: 10MiB, copy_on_write: none}, classes:')}slo: [latency_ms p95 < 100ms]
`;
const folder = temporaryFolder({ 'small.yml': SMALL, 'pair.yml': PAIR, 'full.yml': FULL, 'overload.yml': OVERLOAD });
afterAll(folder.remove);
const run = (args: string[], env = {}) => gvlsim(args, { cwd: folder.path, env });

describe('stdout', () => {
  it('is one clean CSV of the main table with --out -, and no file is written', async () => {
    const { code, stdout, stderr } = await run(['run', 'small.yml', '--out', '-']);
    expect([code, stderr]).toEqual([0, '']);
    const rows: Record<string, string>[] = parse(stdout, { columns: true });
    expect(Object.keys(rows[0]!).slice(0, 3)).toEqual(['scenario', 'variant', 'class']);
    expect(existsSync(join(folder.path, 'results'))).toBe(false);
    const compared = await run(['compare', 'pair.yml', '--out', '-']);
    expect(compared.stdout).toMatch(/^scenario,baseline,variant,/);
  });

  it('is CSV with --format csv, the same bytes as the file, notes on stderr', async () => {
    const { stdout, stderr } = await run(['run', 'small.yml', '--format', 'csv', '--out', 'as-csv']);
    expect(stdout).toBe(readFileSync(join(folder.path, 'as-csv', 'summary.csv'), 'utf8'));
    expect(stderr).toContain('wrote as-csv/');
  });

  it('is JSON without NaN with --json, whatever is missing', async () => {
    for (const extra of [[], ['--warmup', '1h'], ['--replications', '1']]) {
      const { stdout } = await run(['compare', 'pair.yml', '--out', '-', '--json', ...extra]);
      expect(stdout).not.toMatch(/NaN|Infinity/);
      const content = JSON.parse(stdout);
      expect(content).toMatchObject({ schema_version: 1, command: 'compare', scenario: 'pair', complete: true });
      expect(content.gvlsim_version).toMatch(/^\d/);
      expect(content.summary.length).toBeGreaterThan(100);
      expect(content.comparison[0]).toMatchObject({ baseline: 'one', variant: 'two' });
    }
  });

  it('is one object a line with --format ndjson', async () => {
    const { stdout } = await run(['run', 'small.yml', '--out', '-', '--format', 'ndjson']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows[0]).toMatchObject({ scenario: 'small', metric: 'latency_ms', statistic: 'mean' });
  });

  it('is a table of Markdown with --format md', async () => {
    const { stdout } = await run(['compare', 'pair.yml', '--out', '-', '--format', 'md']);
    expect(stdout).toMatch(/^\| latency \|.*\|$/m);
    expect(stdout).toMatch(/^\| --- \| ---: \|/m);
  });

  it('is a table that fits 80, 60 and 40 columns, with units, load and rates', async () => {
    for (const width of [40, 60, 80]) {
      for (const args of [
        ['run', 'small.yml'],
        ['compare', 'pair.yml'],
        ['compare', 'full.yml'],
      ]) {
        const { stdout } = await run([...args, '--out', '-', '--format', 'table'], { COLUMNS: String(width) });
        const lines = stdout.split('\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/load: open, offered 50\.0\/s/);
        expect(stdout).toMatch(/\bms\b/);
      }
    }
  });

  it('names the columns that it has no room for, and leaves none out of a pipe', async () => {
    const args = ['compare', 'full.yml', '--out', '-', '--format', 'table'];
    const narrow = await run(args, { COLUMNS: '60' });
    const text = narrow.stdout.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/left out, too wide: .*cores.* \(summary\.csv has (it|them)\)/);
    expect(text).toContain('left out, too wide: p95 (comparison.csv has it)');
    const whole = await run(args);
    expect(whole.stdout).not.toContain('left out');
    for (const head of ['latency +mean +p50 +p95 +p99 +GVL wait', 'GVL +cores +MiB', 'difference +mean +p95 +p99']) {
      expect(whole.stdout).toMatch(new RegExp(head));
    }
  });

  it('says how much memory each variant takes, where that is simulated', async () => {
    const memory = 'app: {memory: {static: 100MiB, processing: 10MiB, copy_on_write: none}, classes:';
    const inMemory = temporaryFolder({ 'memory.yml': PAIR.replace('app: {classes:', memory) });
    try {
      const table = ['--out', '-', '--format', 'table'];
      const { stdout } = await gvlsim(['compare', 'memory.yml', ...table], { cwd: inMemory.path });
      // The textbook sum: processes x (static + threads x processing)
      expect(stdout).toMatch(/^latency .* MiB$/m);
      expect(stdout).toMatch(/^one .* 110$/m);
      expect(stdout).toMatch(/^two .* 220$/m);
      const { stdout: single } = await gvlsim(['run', 'memory.yml', ...table], { cwd: inMemory.path });
      expect(single).toContain('memory 110 MiB at most');
      expect((await run(['compare', 'pair.yml', ...table])).stdout).not.toContain('MiB');
    } finally {
      inMemory.remove();
    }
  });

  it('is ASCII where the locale is', async () => {
    const plain = await run(['run', 'small.yml', '--out', '-', '--format', 'table'], { LANG: 'C' });
    expect(plain.stdout).toMatch(/^[\n -~]*$/);
    expect(plain.stdout).toContain('+-');
    const unicode = await run(['run', 'small.yml', '--out', '-', '--format', 'table'], { LANG: 'en_GB.UTF-8' });
    expect(unicode.stdout).toContain('±');
  });

  it('says UNSTABLE instead of a mean when more is offered than can be served', async () => {
    const { stdout, stderr, code } = await run(['run', 'overload.yml', '--out', '-', '--format', 'table']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^latency +UNSTABLE/m);
    expect(stderr).toContain('UNSTABLE');
  });
});

describe('stderr', () => {
  it('has no colours and no progress when it is not a terminal', async () => {
    const { stderr } = await run(['run', 'overload.yml', '--out', '-']);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toContain('replications,');
  });

  it('has colours with FORCE_COLOR, and none with NO_COLOR or --no-color beside it', async () => {
    const args = ['validate', 'missing-server.yml'];
    const broken = temporaryFolder({ 'missing-server.yml': 'version: 1\nname: x\n' });
    try {
      const inFolder = (more: string[], env: Record<string, string>) =>
        gvlsim([...args, ...more], { cwd: broken.path, env });
      expect((await inFolder([], { FORCE_COLOR: '1' })).stderr).toContain('\u001b[');
      expect((await inFolder([], { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain('\u001b[');
      expect((await inFolder(['--no-color'], { FORCE_COLOR: '1' })).stderr).not.toContain('\u001b[');
      expect((await inFolder([], { FORCE_COLOR: '1', GVLSIM_NO_COLOR: '1' })).stderr).not.toContain('\u001b[');
    } finally {
      broken.remove();
    }
  });

  it('is empty with --quiet', async () => {
    expect((await run(['run', 'overload.yml', '--out', '-', '-q'])).stderr).toBe('');
  });
});

describe('colours on stdout', () => {
  it('are there when forced, and never in data', async () => {
    const forced = { FORCE_COLOR: '1' };
    const args = ['compare', 'pair.yml', '--out', '-', '--format'];
    expect((await run([...args, 'table'], forced)).stdout).toContain('\u001b[');
    expect((await run([...args, 'table'])).stdout).not.toContain('\u001b[');
    for (const format of ['csv', 'json', 'ndjson', 'md']) {
      expect((await run([...args, format], forced)).stdout).not.toContain('\u001b[');
    }
  });
});

describe('a reader that stops reading', () => {
  it('ends the program quietly with exit code 0', async () => {
    const child = spawn(process.execPath, [BIN, 'compare', 'pair.yml', '--out', '-', '--json'], { cwd: folder.path });
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('options from the environment', () => {
  it('stand for flags, and flags take precedence', async () => {
    const seed = async (args: string[], env: Record<string, string>) =>
      JSON.parse((await run(['run', 'small.yml', '--out', '-', '--json', ...args], env)).stdout).seed;
    expect(await seed([], { GVLSIM_SEED: '7' })).toBe(7);
    expect(await seed(['--seed', '8'], { GVLSIM_SEED: '7' })).toBe(8);
    expect(await seed([], {})).toBe(1);
  });

  it('repeat like flags: of a repeated flag the last one counts, --set adds up', async () => {
    const args = ['--seed', '3', '--seed', '4', '--set', 'run.replications=2', '--set', 'run.requests=500'];
    const { stdout } = await run(['run', 'small.yml', '--out', '-', '--json', ...args]);
    const content = JSON.parse(stdout);
    expect(content).toMatchObject({ seed: 4, replications: 2 });
    expect(content.summary[0].n).toBe(2 * 450);
  });
});
