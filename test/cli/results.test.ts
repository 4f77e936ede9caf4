import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryName } from '../../src/cli/files/out-directory.js';
import { BIN, gvlsim, OVERLOAD, PAIR, SMALL, temporaryFolder } from './gvlsim.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder({ 'small.yml': SMALL, 'pair.yml': PAIR, 'overload.yml': OVERLOAD });
});
afterEach(() => folder.remove());
const run = (...args: string[]) => gvlsim(args, { cwd: folder.path });
const at = (...path: string[]) => join(folder.path, ...path);
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');

describe('a result directory', () => {
  it('is results/<name> by default, and a second run of the same scenario replaces it', async () => {
    expect((await run('compare', 'pair.yml', '--requests')).code).toBe(0);
    const first = readdirSync(at('results', 'pair')).sort();
    for (const name of ['comparison.csv', 'best.csv', 'requests.csv']) expect(first).toContain(name);
    expect((await run('compare', 'pair.yml')).code).toBe(0);
    expect(readdirSync(at('results', 'pair')).sort()).toEqual(first.filter((name) => name !== 'requests.csv'));
  });

  it('has a name that stays below results/, whatever the scenario is called', () => {
    expect(['shop', 'my shop/2', '..', '.', ''].map(directoryName)).toEqual(['shop', 'my_shop_2', '_..', '_.', '_']);
  });

  it('of another scenario is not replaced', async () => {
    await run('compare', 'pair.yml', '--out', 'results/small');
    const before = read('results', 'small', 'summary.csv');
    const { code, stderr } = await run('run', 'small.yml');
    expect(code).toBe(2);
    expect(stderr).toMatch(/results\/small is not empty/);
    expect(read('results', 'small', 'summary.csv')).toBe(before);
  });

  it('named with --out must be empty, unless --force', async () => {
    mkdirSync(at('out'));
    writeFileSync(at('out', 'notes.txt'), 'mine');
    expect((await run('run', 'small.yml', '--out', 'out')).code).toBe(2);
    expect((await run('run', 'small.yml', '--out', 'out', '--force')).code).toBe(0);
    expect(read('out', 'notes.txt')).toBe('mine');
    expect((await run('run', 'small.yml', '--out', 'out')).code).toBe(2);
    expect((await run('run', 'small.yml', '--out', 'new/deep')).code).toBe(0);
  });

  it('has no temporary files left, and a manifest that lists the others with their hashes', async () => {
    await run('run', 'small.yml', '--out', 'out', '--requests');
    const names = readdirSync(at('out')).sort();
    const manifest = JSON.parse(read('out', 'manifest.json'));
    expect(names).toEqual([...manifest.files.map((file: { name: string }) => file.name), 'manifest.json'].sort());
    for (const { name, bytes, sha256 } of manifest.files) {
      const data = readFileSync(at('out', name));
      expect(data.length).toBe(bytes);
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
    }
    expect(manifest).toMatchObject({ tool: 'gvlsim', command: 'run', scenario_name: 'small', complete: true, seed: 1 });
    expect(manifest.runs.length).toBe(4);
    expect(manifest.runs[0].fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(manifest.scenario.host.cores).toBe(2);
  });

  it('that cannot be written is told in one line', async () => {
    writeFileSync(at('file'), '');
    for (const out of ['file', 'file/below']) {
      const { code, stderr, stdout } = await run('run', 'small.yml', '--out', out);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
      expect(stderr).toMatch(/not a directory/);
    }
  });

  it('whose disk is full is told after the table, which may have taken long', () => {
    // No file may grow beyond 1 KiB, as if the disk ended there.
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 1; exec "$@"', 'bash', process.execPath, BIN, 'run', 'small.yml', '--out', 'o'],
      { cwd: folder.path, encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/latency/);
    expect(stderr).toMatch(/cannot write o\/.*: the file is too large/);
    expect(readdirSync(at('o'))).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('without permission is told in one line', async () => {
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o500);
    const { code, stderr } = await run('run', 'small.yml', '--out', 'locked/out');
    expect(code).toBe(2);
    expect(stderr).toMatch(/permission denied/);
  });

  it.skipIf(!existsSync('/dev/full'))('on a full disk ends with exit code 1 and one line', async () => {
    const { fileError } = await import('../../src/cli/cli-error.js');
    const { openSync, writeSync, closeSync } = await import('node:fs');
    const full = openSync('/dev/full', 'w');
    try {
      writeSync(full, 'x');
      expect.unreachable();
    } catch (error) {
      expect(fileError(error, 'write out/summary.csv')).toMatchObject({
        message: 'cannot write out/summary.csv: no space left on the device',
        exitCode: 1,
      });
    } finally {
      closeSync(full);
    }
  });
});

describe('the bytes of a result', () => {
  it('do not depend on the number of jobs, nor on the time of day', async () => {
    await run('compare', 'pair.yml', '--out', 'a', '--requests', '--jobs', '1');
    await run('compare', 'pair.yml', '--out', 'b', '--requests', '--jobs', '2');
    await run('compare', 'pair.yml', '--out', 'c', '--requests', '--jobs', '5');
    const names = readdirSync(at('a'));
    expect(names).toContain('requests.csv');
    for (const other of ['b', 'c']) {
      expect(readdirSync(at(other))).toEqual(names);
      for (const name of names) {
        const [one, two] = ['a', other].map((dir) => read(dir, name).replace(/"wall_time_s": .*/, ''));
        expect(two, `${other}/${name}`).toBe(one);
      }
    }
  });

  it('depend on the seed', async () => {
    await run('run', 'small.yml', '--out', 'a');
    await run('run', 'small.yml', '--out', 'b', '--seed', '2');
    expect(read('a', 'summary.csv')).not.toBe(read('b', 'summary.csv'));
  });
});

describe('requests.csv', () => {
  it('has the requests of every variant and replication in order', async () => {
    await run('compare', 'pair.yml', '--out', 'out', '--requests');
    const rows: Record<string, string>[] = parse(read('out', 'requests.csv'), { columns: true });
    expect(rows.length).toBe(2 * 3 * 1000);
    const keys = rows.map((row) => `${row.variant}/${row.replication}`);
    expect([...new Set(keys)]).toEqual(['one/1', 'one/2', 'one/3', 'two/1', 'two/2', 'two/3']);
    expect(keys.slice(0, 1000).every((key) => key === 'one/1')).toBe(true);
  });

  it('of many requests is written in little memory', async () => {
    // 300 000 rows would take some 200 MB as texts; 40 MB of heap are enough, most of it for the program itself.
    const args = [
      'run',
      'small.yml',
      '--out',
      'out',
      '--requests',
      '--set',
      'run.requests=300000',
      '--replications',
      '1',
    ];
    const { code, stderr } = await gvlsim(args, {
      cwd: folder.path,
      env: { NODE_OPTIONS: '--max-old-space-size=40' },
    });
    expect(stderr).not.toMatch(/heap/);
    expect(code).toBe(0);
    const text = read('out', 'requests.csv');
    expect(text.split('\n').length - 2).toBe(300_000);
  });

  it('shows that the variants saw the same arrivals', async () => {
    await run('compare', 'pair.yml', '--out', 'out', '--requests');
    const rows: Record<string, string>[] = parse(read('out', 'requests.csv'), { columns: true });
    const seen = (variant: string) =>
      rows
        .filter((row) => row.variant === variant)
        .map((row) => [row.replication, Number(row.request_id), row.arrival_s, row.run_ms].join(' '))
        .sort();
    expect(seen('two')).toEqual(seen('one'));
  });

  it('of a replayed trace has the ids of the trace', async () => {
    writeFileSync(at('trace.csv'), 'arrival_ms,id,phases\n0,alpha,c10\n4,beta,c10\n');
    writeFileSync(
      at('replay.yml'),
      SMALL.replace(/app: .*\n/, 'app: {recorded: {file: trace.csv}}\n')
        .replace(/load: .*\n/, 'load: {recorded: {file: trace.csv}}\n')
        .replace(/run: .*\n/, 'run: {warmup: 0s, replications: 1}\n'),
    );
    expect((await run('run', 'replay.yml', '--out', 'out', '--requests')).code).toBe(0);
    const rows: Record<string, string>[] = parse(read('out', 'requests.csv'), { columns: true });
    expect(rows.map((row) => [row.request_id, row.latency_ms])).toEqual([
      ['alpha', '10'],
      ['beta', '16'],
    ]);
  });
});

describe('a result that should not be trusted', () => {
  it('gives exit code 3 with --strict, and is written all the same', async () => {
    const { code, stderr } = await run('run', 'overload.yml', '--out', 'out', '--strict');
    expect(code).toBe(3);
    expect(stderr).toContain('UNSTABLE');
    expect(existsSync(at('out', 'manifest.json'))).toBe(true);
    expect((await run('run', 'small.yml', '--out', 'fine', '--strict', '--set', 'run.requests=60000')).code).toBe(0);
    expect((await run('run', 'small.yml', '--out', 'one', '--strict', '--replications', '1')).code).toBe(3);
    expect((await run('run', 'small.yml', '--out', 'none', '--strict', '--warmup', '1h')).code).toBe(3);
  });
});
