import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { CLAIMS } from '../../src/report/tables.js';
import { gvlsim, SMALL, temporaryFolder } from './gvlsim.js';

/** One worker at 50 % load is M/M/1: mean time in the system is twice the service time. */
const claim = (id: string, expectation: string): string => `${SMALL.replace(/^name: .*$/m, `name: ${id}-small`)}
claim:
  id: ${id}
  says: A server that is busy half of the time takes twice as long.
  checks:
    - figure: latency against run time
      value: latency_ms mean / run_ms mean
      expect: "${expectation}"
`;

const folder = temporaryFolder({
  'Z01-small.yml': claim('Z01', '1.8 .. 2.2'),
  'Z02-small.yml': claim('Z02', '> 5'),
  'not-simulated.yml': 'claims:\n  - {id: Z03, says: "Ruby is fun, mostly.", context: a matter of taste}\n',
});
const bad = temporaryFolder({ 'Z01-small.yml': claim('Z01', 'about two'), 'Z02-small.yml': claim('Z05', '> 5') });
afterAll(() => {
  folder.remove();
  bad.remove();
});
const claims = (...args: string[]) => gvlsim(['claims', '--dir', '.', ...args], { cwd: folder.path });
type Row = Readonly<Record<string, string>>;

describe('gvlsim claims', () => {
  it('writes a row for each claim, in order, with its verdict and the figure that decides', async () => {
    const { code, stdout, stderr } = await claims('--out', '-');
    expect([code, stderr]).toEqual([0, '']);
    const rows: Row[] = parse(stdout, { columns: true });
    expect(Object.keys(rows[0]!)).toEqual(CLAIMS.columns.map(({ name }) => name));
    expect(rows.map(({ id, verdict, scenario }) => [id, verdict, scenario])).toEqual([
      ['Z01', 'confirmed', 'Z01-small.yml'],
      ['Z02', 'refuted', 'Z02-small.yml'],
      ['Z03', 'context', ''],
    ]);
    const [first] = rows;
    expect(Number(first!.ci_low)).toBeLessThan(Number(first!.measured));
    expect(Number(first!.ci_high)).toBeGreaterThan(Number(first!.measured));
    expect(rows[2]).toMatchObject({ claim: 'Ruby is fun, mostly.', measured: '', reason: 'a matter of taste' });
  });

  it('gives the same bytes with one worker thread and with several', async () => {
    const [one, three] = [await claims('--out', '-', '--jobs', '1'), await claims('--out', '-', '--jobs', '3')];
    expect(three.stdout).toBe(one.stdout);
  });

  it('takes the numbers of claims, in any case', async () => {
    const { stdout } = await claims('z02', 'Z03', '--json');
    const { claims: found } = JSON.parse(stdout);
    expect(found.map(({ id }: { id: string }) => id)).toEqual(['Z02', 'Z03']);
    expect(found[0].all_checks).toHaveLength(1);
    expect(found[0].all_checks[0]).toMatchObject({ expected: '> 5', outcome: 'fails', unit: 'ratio' });
  });

  it('shows people the claim, the verdict and the figure', async () => {
    const { stdout, stderr } = await claims('--out', join(folder.path, 'out'));
    expect(stdout).toMatch(/^Z01 +A server that is busy half of the time takes twice as long\. +confirmed\n/);
    expect(stdout).toContain('latency against run time: ');
    expect(stdout.trimEnd()).toMatch(/1 confirmed, 1 refuted, 1 context$/);
    expect(stderr).toContain('wrote ');
    const page = readFileSync(join(folder.path, 'out/claims.md'), 'utf8');
    expect(page).toContain('**refuted**');
    expect(page).toContain('](../Z02-small.yml)');
    expect(readFileSync(join(folder.path, 'out/claims.csv'), 'utf8')).toContain('Z03');
  });

  it('refuses numbers that no claim has', async () => {
    const { code, stderr } = await claims('Z01', 'Z77');
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'gvlsim: no claim has the number Z77']);
  });

  it('shows what is wrong with a claim, and writes nothing', async () => {
    const { code, stderr } = await gvlsim(['claims', '--dir', '.', 'Z01'], { cwd: bad.path });
    expect(code).toBe(2);
    expect(stderr).toContain('SCN_CLAIM');
    expect(existsSync(join(bad.path, 'results'))).toBe(false);
  });

  it('refuses a file that is named after another claim, and a folder that is not there', async () => {
    const other = await gvlsim(['claims', '--dir', '.', 'Z02'], { cwd: bad.path });
    expect([other.code, other.stderr]).toEqual([2, 'gvlsim: Z02-small.yml states Z05, not Z02\n']);
    const none = await gvlsim(['claims', '--dir', 'nowhere'], { cwd: bad.path });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('nowhere');
  });

  it('does not write into a folder that is in use unless it is forced to', async () => {
    const used = temporaryFolder({ 'notes.txt': 'mine' });
    writeFileSync(join(used.path, 'claims.csv'), 'old');
    const refused = await claims('Z03', '--out', used.path);
    expect(refused.code).toBe(2);
    const forced = await claims('Z03', '--out', used.path, '--force');
    expect([forced.code, readFileSync(join(used.path, 'claims.csv'), 'utf8')]).toEqual([
      0,
      expect.stringContaining('Z03'),
    ]);
    used.remove();
  });
});
