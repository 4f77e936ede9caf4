import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BIN, gvlsim, type RunOptions, SMALL, temporaryFolder } from './gvlsim.js';

const GRID = `${SMALL.replace('requests: 2000, replications: 4', 'requests: 500, replications: 3')}
sweep:
  load.open.rate: {from: 20/s, to: 60/s, step: 20/s}
  server.unicorn.worker_processes: [1, 2, 3]
`;
/** Long enough for signals: thirty cells of some ten milliseconds each. */
const LONG = GRID.replace('step: 20/s', 'steps: 10').replace('name: small', 'name: long');

const TINY = GRID.replace('requests: 500, replications: 3', 'requests: 50, replications: 2');

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder({ 'grid.yml': GRID, 'long.yml': LONG, 'tiny.yml': TINY });
});
afterEach(() => folder.remove());
const run = (args: readonly string[], options: RunOptions = {}) => gvlsim(args, { cwd: folder.path, ...options });
const at = (...path: string[]) => join(folder.path, ...path);
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');

/** Everything that must be equal. */
function filesOf(directory: string): Record<string, string> {
  const names = readdirSync(at(directory)).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(names.map((name) => [name, read(directory, name).replace(/"wall_time_s": .*/, '')]).sort());
}

/** Starts a sweep and does something to it as soon as replications have been finished. */
function disturbed(args: readonly string[], out: string, disturb: (kill: (signal: NodeJS.Signals) => void) => void) {
  const rows = at(out, '.sweep', 'sweep.part');
  const size = (): number => (existsSync(rows) ? readFileSync(rows).length : 0);
  const before = size();
  return run(args, {
    started: (child) => {
      const timer = setInterval(() => {
        if (size() <= before) return;
        clearInterval(timer);
        disturb((signal) => child.kill(signal));
      }, 20);
      child.on('exit', () => clearInterval(timer));
    },
  });
}

describe('gvlsim sweep', () => {
  it('writes one row for each cell, metric and statistic, with a column for each factor', async () => {
    const { code, stdout } = await run(['sweep', 'grid.yml', '--out', 'out']);
    expect(code).toBe(0);
    expect(stdout).toContain('rate_per_s');
    const rows: Record<string, string>[] = parse(read('out', 'sweep.csv'), { columns: true });
    const cells = [...new Set(rows.map((row) => [row.cell, row.rate_per_s, row.worker_processes].join(' ')))];
    expect(cells).toHaveLength(9);
    expect(cells.slice(0, 4)).toEqual(['1 20 1', '2 20 2', '3 20 3', '4 40 1']);
    const throughput = rows.filter(({ metric }) => metric === 'throughput_per_s');
    for (const row of throughput) {
      const [rate, workers] = [Number(row.rate_per_s), Number(row.worker_processes)];
      // At most 100/s for each worker, and all cells are stable; 3 x 450 arrivals are known to 11 % at 4 sigma.
      expect(Math.abs(Number(row.estimate) / Math.min(rate, 100 * workers) - 1)).toBeLessThan(0.11);
    }
    const info: Record<string, string>[] = parse(read('out', 'cells.csv'), { columns: true });
    expect(info.map(({ replications }) => replications)).toEqual(Array(9).fill('3'));
    expect(existsSync(at('out', '.sweep'))).toBe(false);
  });

  it('of a cell is what gvlsim run gives with the same settings', async () => {
    await run(['sweep', 'grid.yml', '--out', 'out']);
    await run([
      'run',
      'grid.yml',
      '--out',
      'one',
      '--set',
      'load.open.rate=40/s',
      '--set',
      'server.unicorn.worker_processes=2',
    ]);
    const cell = read('out', 'sweep.csv')
      .split('\n')
      .filter((line) => line.startsWith('small,5,'))
      .map((line) => line.replace('small,5,40,2,', 'small,'));
    expect(cell.join('\n')).toBe(read('one', 'summary.csv').split('\n').slice(1, -1).join('\n'));
  });

  it('has the same bytes for any number of jobs, and for three shards merged', async () => {
    await run(['sweep', 'grid.yml', '--out', 'a', '--jobs', '1']);
    await run(['sweep', 'grid.yml', '--out', 'b', '--jobs', '3']);
    expect(filesOf('b')).toEqual(filesOf('a'));
    for (const part of ['1/3', '2/3', '3/3']) {
      expect((await run(['sweep', 'grid.yml', '--shard', part, '--jobs', '1'])).code).toBe(0);
    }
    const parts = readdirSync(at('results', 'small-sweep')).map((name) => join('results', 'small-sweep', name));
    expect((await run(['merge', ...parts, '--out', 'c'])).code).toBe(0);
    expect(filesOf('c')).toEqual(filesOf('a'));
  });

  it('restricted to some metrics has no others', async () => {
    await run(['sweep', 'tiny.yml', '--out', 'out', '--metrics', 'latency_ms, throughput_per_s']);
    const rows: Record<string, string>[] = parse(read('out', 'sweep.csv'), { columns: true });
    expect([...new Set(rows.map(({ metric }) => metric))]).toEqual(['latency_ms', 'throughput_per_s']);
  });

  it('gives stdout the table, or sweep.csv, or an object', async () => {
    const csv = await run(['sweep', 'tiny.yml', '--out', 'out', '--format', 'csv']);
    expect(csv.stdout).toBe(read('out', 'sweep.csv'));
    const json = await run(['sweep', 'tiny.yml', '--out', 'out2', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ command: 'sweep', complete: true, cells: 9, directory: 'out2' });
  });
});

describe('a sweep that was stopped', () => {
  let whole: ReturnType<typeof temporaryFolder>;
  beforeAll(async () => {
    whole = temporaryFolder({ 'long.yml': LONG });
    const { code, stderr } = await gvlsim(['sweep', 'long.yml', '--out', 'out', '--jobs', '2'], { cwd: whole.path });
    expect(code, stderr).toBe(0);
  });
  afterAll(() => whole.remove());
  const expectWhole = (): void => {
    for (const name of readdirSync(join(whole.path, 'out'))) {
      const expected = readFileSync(join(whole.path, 'out', name), 'utf8').replace(/"wall_time_s": .*/, '');
      expect(read('out', name).replace(/"wall_time_s": .*/, ''), name).toBe(expected);
    }
    expect(existsSync(at('out', '.sweep'))).toBe(false);
  };

  it.each(['1', '2'])('by kill -9 with %s jobs goes on with --resume and ends with the same bytes', async (jobs) => {
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', jobs];
    const killed = await disturbed(args, 'out', (kill) => kill('SIGKILL'));
    expect(killed.code).toBe(null);
    expect(readdirSync(at('out'))).toEqual(['.sweep']);
    expect((await run(args)).code).toBe(2); // without --resume nothing is touched
    const again = await disturbed([...args, '--resume'], 'out', (kill) => kill('SIGKILL'));
    expect(again.stderr).toMatch(/going on after \d+ of 30 cells/);
    const last = await run([...args, '--resume']);
    expect(last.code).toBe(0);
    expectWhole();
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s writes the cells it has, and goes on with --resume', async (signal, exitCode) => {
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', '2'];
    const { code, stderr } = await disturbed(args, 'out', (kill) => kill(signal));
    expect(code).toBe(exitCode);
    expect(stderr).toContain('--resume');
    const manifest = JSON.parse(read('out', 'manifest.json'));
    expect(manifest).toMatchObject({ complete: false, cells: 30 });
    expect(manifest.cells_done).toBeGreaterThan(0);
    const rows: Record<string, string>[] = parse(read('out', 'sweep.csv'), { columns: true });
    expect(new Set(rows.map(({ cell }) => cell)).size).toBe(manifest.cells_done);
    expect((await run(['merge', 'out', '--out', 'merged'])).stderr).toMatch(/out is not complete/);
    const before = filesOf('out');
    expect((await run([...args, '--resume', '--seed', '2'])).code).toBe(2);
    expect(filesOf('out')).toEqual(before);
    expect((await run([...args, '--resume'])).code).toBe(0);
    expectWhole();
    const again = await run([...args, '--resume', '--format', 'csv']);
    expect(again.stderr).toContain('out/ is complete');
    expect(again.stdout).toBe(read('out', 'sweep.csv'));
  });

  it('in the middle of writing a record loses that record alone', async () => {
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', '1'];
    await disturbed(args, 'out', (kill) => kill('SIGKILL'));
    const journal = readFileSync(at('out', '.sweep', 'journal'));
    writeFileSync(at('out', '.sweep', 'journal'), journal.subarray(0, journal.length - 7));
    appendFileSync(at('out', '.sweep', 'cells.part'), 'half a li');
    expect((await run([...args, '--resume'])).code).toBe(0);
    expectWhole();
  });

  it('and whose rows did not all reach the disk takes them off and makes them again', async () => {
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', '1'];
    await disturbed(args, 'out', (kill) => kill('SIGKILL'));
    const rows = readFileSync(at('out', '.sweep', 'sweep.part'));
    rows.fill(0, rows.length >> 1);
    writeFileSync(at('out', '.sweep', 'sweep.part'), rows);
    expect((await run([...args, '--resume'])).code).toBe(0);
    expectWhole();
  });

  it('is not gone on with as another one', async () => {
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', '1'];
    await disturbed(args, 'out', (kill) => kill('SIGKILL'));
    const { code, stderr } = await run([...args, '--resume', '--seed', '2']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/different: scenario/);
    expect((await run([...args, '--resume', '--shard', '1/2'])).stderr).toMatch(/different: part/);
    expect((await run([...args, '--resume'])).code).toBe(0);
    expectWhole();
  });
});

describe('a directory', () => {
  it('is not used by two sweeps at a time', async () => {
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', '1'];
    const others: ReturnType<typeof run>[] = [];
    const first = await disturbed(args, 'out', (kill) => {
      kill('SIGSTOP'); // it must not be done before the others have started
      for (const more of [[], ['--resume'], ['--force']]) others.push(run([...args, ...more]));
      Promise.all(others).then(() => {
        kill('SIGCONT');
        kill('SIGINT');
      });
    });
    for (const { code, stderr } of await Promise.all(others)) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/out is in use by another gvlsim \(process \d+\)/);
    }
    expect(first.code).toBe(130);
    expect((await run([...args, '--resume'])).code).toBe(0);
  });

  it('whose owner is gone can be used again', async () => {
    mkdirSync(at('out', '.sweep'), { recursive: true });
    const lock = at('out', '.sweep', 'lock');
    // A process that has this number now, but was started at another time, is another one.
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    expect((await run(['sweep', 'tiny.yml', '--out', 'out'])).code).toBe(existsSync('/proc/self/stat') ? 0 : 2);
    mkdirSync(at('out2', '.sweep'), { recursive: true });
    writeFileSync(at('out2', '.sweep', 'lock'), JSON.stringify({ pid: 2 ** 22 + 7, host: hostname(), started: '1' }));
    expect((await run(['sweep', 'tiny.yml', '--out', 'out2'])).code).toBe(0);
    mkdirSync(at('out3', '.sweep'), { recursive: true });
    writeFileSync(at('out3', '.sweep', 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '1' }));
    expect((await run(['sweep', 'tiny.yml', '--out', 'out3'])).stderr).toMatch(/on elsewhere/);
  });

  it('that is not empty is left alone', async () => {
    mkdirSync(at('out'));
    writeFileSync(at('out', 'notes.txt'), 'mine');
    expect((await run(['sweep', 'grid.yml', '--out', 'out'])).stderr).toMatch(/out is not empty/);
    expect(readdirSync(at('out'))).toEqual(['notes.txt']);
    expect((await run(['sweep', 'grid.yml', '--out', 'out', '--force'])).code).toBe(0);
    expect(read('out', 'notes.txt')).toBe('mine');
  });

  it('that cannot be written is told in two lines, before anything is simulated', async () => {
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o555);
    chmodSync(folder.path, 0o755);
    // Nothing is forbidden to the superuser, so that one becomes somebody else.
    const isRoot = process.getuid?.() === 0;
    const { status, stderr } = spawnSync(process.execPath, [BIN, 'sweep', 'grid.yml', '--out', 'locked/out'], {
      cwd: folder.path,
      encoding: 'utf8',
      ...(isRoot && { uid: 65534, gid: 65534 }),
    });
    if (isRoot && /Cannot find module|EACCES.*gvlsim\.js/.test(stderr)) return; // the program itself is out of reach
    expect(status).toBe(2);
    expect(stderr).toMatch(/cannot write to locked\/out: permission denied/);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe('a disk that is full', () => {
  it('ends the sweep with exit code 1 and loses nothing', async () => {
    const whole = await run(['sweep', 'long.yml', '--out', 'whole', '--jobs', '1']);
    expect(whole.code).toBe(0);
    const args = ['sweep', 'long.yml', '--out', 'out', '--jobs', '1'];
    // No file may grow beyond 400 KiB, as if the disk ended there: the journal of some of the 30 cells.
    const limited = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 400; exec "$@"', 'bash', process.execPath, BIN, ...args],
      { cwd: folder.path, encoding: 'utf8' },
    );
    expect(limited.status).toBe(1);
    expect(limited.stderr).toMatch(/cannot write .*: the file is too large/);
    expect(limited.stderr).toMatch(/--resume goes on/);
    expect(limited.stderr).not.toMatch(/ at .*\.js/);
    expect(readdirSync(at('out'))).toEqual(['.sweep']);
    const resumed = await run([...args, '--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/going on after [1-9]\d* of 30 cells/);
    expect(filesOf('out')).toEqual(filesOf('whole'));
  });
});

describe('a worker thread that is gone', () => {
  it('is told, and what was finished is gone on with', async () => {
    // Threads wait for their next task in Atomics.wait; the third time one of them leaves the program.
    const leaving = `if (!require('node:worker_threads').isMainThread) {
      const { wait } = Atomics;
      let waits = 0;
      Atomics.wait = (...args) => (++waits === 3 ? process.exit(7) : wait(...args));
    }`;
    writeFileSync(at('leaving.cjs'), leaving);
    const args = ['sweep', 'tiny.yml', '--out', 'out', '--jobs', '2'];
    const env = { NODE_OPTIONS: `--require=${at('leaving.cjs')}` };
    const { code, stderr } = await run(args, { env });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/a worker thread ended in the middle of its work \(exit code 7\)/);
    expect(stderr).toMatch(/--resume goes on/);
    expect((await run([...args, '--resume'])).code).toBe(0);
    expect((await run(['sweep', 'tiny.yml', '--out', 'whole', '--jobs', '1'])).code).toBe(0);
    expect(filesOf('out')).toEqual(filesOf('whole'));
  });
});

describe('many cells', () => {
  it('need no memory for many cells', async () => {
    const many = GRID.replace('requests: 500, replications: 3', 'requests: 20, replications: 1')
      .replace('step: 20/s', 'steps: 100')
      .replace('[1, 2, 3]', '[1, 2, 3, 4]');
    writeFileSync(at('many.yml'), many);
    const { code, stderr } = await run(
      ['sweep', 'many.yml', '--out', 'out', '--metrics', 'latency_ms', '--jobs', '1'],
      {
        env: { NODE_OPTIONS: '--max-old-space-size=40' },
      },
    );
    expect(stderr).not.toMatch(/heap/);
    expect(code).toBe(0);
    expect(read('out', 'cells.csv').split('\n').length).toBe(402);
  });
});

describe('gvlsim merge', () => {
  it('tells which parts are missing, doubled or of another sweep', async () => {
    await Promise.all([
      ...['1', '2', '4'].map((part) => run(['sweep', 'tiny.yml', '--shard', `${part}/4`, '--out', part])),
      run(['sweep', 'tiny.yml', '--shard', '3/4', '--out', 'other', '--seed', '5']),
      run(['sweep', 'tiny.yml', '--shard', '3/5', '--out', 'fifth']),
    ]);
    const merge = (...parts: string[]) => run(['merge', ...parts, '--out', 'whole']);
    expect((await merge('1', '2', '4')).stderr).toMatch(/missing: 3\/4/);
    expect((await merge('1', '2', '4', 'other')).stderr).toMatch(
      /other is of another sweep than 1; different: scenario/,
    );
    expect((await merge('1', '2', '4', 'fifth')).stderr).toMatch(/fifth is one of 5 parts, 1 one of 4/);
    expect((await merge('1', '2', '4', '2')).stderr).toMatch(/2 and 2 are the same part/);
    expect((await merge('1', 'nowhere')).stderr).toMatch(/nowhere holds no part of a sweep/);
    expect((await run(['merge', '1'])).stderr).toMatch(/--out is missing/);
    expect(existsSync(at('whole'))).toBe(false);
  });
});
