import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gvlsim, PAIR, SMALL, temporaryFolder } from './gvlsim.js';

// Far more replications than can be done before the signal comes; each takes some ten milliseconds.
const LONG = SMALL.replace('replications: 4', 'replications: 100000');
const folder = temporaryFolder({
  'long.yml': LONG,
  // Some tenths of a second for each variant: the signal comes in the turn of the first.
  'turns.yml': PAIR.replace('requests: 1000', 'requests: 200000'),
  'endless.yml': SMALL.replace('requests: 2000', 'requests: 1000000000'),
});
afterAll(folder.remove);

/** Sends signals as soon as the first part files show that replications are being simulated. */
async function interrupted(file: string, out: string, jobs: string, signals: number) {
  const parts = join(folder.path, out, '.parts');
  return gvlsim([file === 'turns.yml' ? 'compare' : 'run', file, '--out', out, '--requests', '--jobs', jobs], {
    cwd: folder.path,
    started: (child) => {
      let sent = 0;
      const timer = setInterval(() => {
        if (!existsSync(parts) || readdirSync(parts).length < (file === 'long.yml' ? 6 : 1)) return;
        if (sent++ < signals) child.kill('SIGINT');
        else clearInterval(timer);
      }, 100);
      child.on('exit', () => clearInterval(timer));
    },
  });
}

describe('Ctrl-C', () => {
  it.each(['1', '2'])('once with %s jobs finishes what is under way and writes it, marked incomplete', async (jobs) => {
    const { code, stdout, stderr } = await interrupted('long.yml', `once-${jobs}`, jobs, 1);
    expect(code).toBe(130);
    expect(stderr).toContain('Ctrl-C again');
    const manifest = JSON.parse(readFileSync(join(folder.path, `once-${jobs}`, 'manifest.json'), 'utf8'));
    expect(manifest.complete).toBe(false);
    expect(manifest.runs.length).toBeGreaterThan(1);
    expect(manifest.runs.map((run: { replication: number }) => run.replication)).toEqual(
      manifest.runs.map((_: unknown, k: number) => k + 1),
    );
    const rows =
      readFileSync(join(folder.path, `once-${jobs}`, 'requests.csv'), 'utf8')
        .trim()
        .split('\n').length - 1;
    expect(rows).toBe(2000 * manifest.runs.length);
    expect(existsSync(join(folder.path, `once-${jobs}`, '.parts'))).toBe(false);
    expect(stdout).toContain('latency');
  });

  it('before every variant has had its turn leaves those without, and calls nobody empty', async () => {
    const { code, stdout, stderr } = await interrupted('turns.yml', 'turns', '1', 1);
    expect(code).toBe(130);
    expect(stderr).toMatch(/one.*: 1 of 3 replications were finished/);
    expect(stderr).toMatch(/two.*: 0 of 3 replications were finished/);
    expect(stderr).not.toContain('EMPTY');
    expect(stderr).not.toContain('NOT_SETTLED');
    expect(stdout).toMatch(/^two\s+NOT RUN/m);
    const manifest = JSON.parse(readFileSync(join(folder.path, 'turns', 'manifest.json'), 'utf8'));
    expect(manifest.runs.map((run: { variant: string }) => run.variant)).toEqual(['one']);
  });

  it.each(['1', '2'])('twice with %s jobs leaves at once, without half files', async (jobs) => {
    const { code, stdout } = await interrupted('endless.yml', `twice-${jobs}`, jobs, 2);
    expect([code, stdout]).toEqual([130, '']);
    expect(readdirSync(join(folder.path, `twice-${jobs}`))).toEqual([]);
  });
});
