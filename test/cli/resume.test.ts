import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gvlsim, SMALL, temporaryFolder } from './gvlsim.js';

// Some hundred replications of some ten milliseconds: long enough for signals.
const WORK = `${SMALL.replace('requests: 2000, replications: 4', 'requests: 2000, replications: 20')}
slo: [latency_ms p95 < 100ms]
search: {max_rate: {precision: 30%, max_replications: 100}}
sensitivity: {inputs: [load.open.rate, app.classes.only.cpu.exponential.mean], outputs: [latency_ms mean]}
`;
// 360 replications before any candidate is judged.
const BEST = `${SMALL.replace('requests: 2000, replications: 4', 'requests: 2000, replications: 60')}
search: {best: {minimise: latency_ms mean, over: [{server.unicorn.worker_processes: [1, 2, 3, 4, 5, 6]}]}}
`;
const folder = temporaryFolder({ 'work.yml': WORK, 'best.yml': BEST });
afterAll(folder.remove);
const run = (args: readonly string[]) => gvlsim(args, { cwd: folder.path });
const at = (...path: string[]) => join(folder.path, ...path);

/** Runs a command and sends it a signal as soon as replications have been finished. */
function stopped(args: readonly string[], journal: string, signal: NodeJS.Signals) {
  return gvlsim(args, {
    cwd: folder.path,
    started: (child) => {
      const timer = setInterval(() => {
        // What it is about takes some hundred bytes, a replication some thousands.
        if ((statSync(journal, { throwIfNoEntry: false })?.size ?? 0) < 2000) return;
        clearInterval(timer);
        child.kill(signal);
      }, 10);
      child.on('exit', () => clearInterval(timer));
    },
  });
}

/** Everything that must be equal. */
function filesOf(directory: string): Record<string, string> {
  const names = readdirSync(at(directory)).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(at(directory, name), 'utf8').replace(/"wall_time_s": .*/, '')]),
  );
}

describe.each(['search', 'sensitivity'])('gvlsim %s that was stopped', (command) => {
  it.each([
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const)('by %s goes on with --resume and ends with the same bytes', async (signal, exitCode) => {
    const out = `${command}-${signal}`;
    const args = [command, 'work.yml', '--out', out, '--jobs', '1'];
    const journal = at(out, `.${command}`, 'journal');
    const { code, stderr } = await stopped(args, journal, signal);
    expect(code, stderr).toBe(exitCode);
    if (exitCode !== null)
      expect(stderr).toMatch(/[1-9]\d* replications? (is|are) kept; the same command with --resume/);
    const kept = statSync(journal).size;
    const refused = await run(args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`holds an unfinished ${command}`)]);
    const before = filesOf(out);
    if (command === 'search' && exitCode !== null) expect(Object.keys(before)).toContain('manifest.json');
    const other = await run([...args, '--resume', '--seed', '2']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/different: scenario/)]);
    expect(statSync(journal).size).toBe(kept);
    expect(filesOf(out)).toEqual(before);
    const resumed = await run([...args, '--resume']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).toMatch(/going on after [1-9]\d* replications/);
    expect(existsSync(at(out, `.${command}`))).toBe(false);
    const whole = `${out}-whole`;
    expect((await run([command, 'work.yml', '--out', whole, '--jobs', '2'])).code).toBe(0);
    expect(filesOf(out)).toEqual(filesOf(whole));
    const again = await run([...args, '--resume', '--format', 'csv']);
    expect([again.code, again.stderr]).toEqual([0, `${out}/ is complete\n`]);
    expect(again.stdout).toBe(readFileSync(at(out, `${command}.csv`), 'utf8'));
  });

  it('cannot be gone on with where nothing is written', async () => {
    const { code, stderr } = await run([command, 'work.yml', '--out', '-', '--resume']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--resume needs a directory')]);
  });
});

describe('gvlsim search of the best that is stopped', () => {
  it.each(['1', '2'])('in its first stage with %s jobs ends with what is under way', async (jobs) => {
    const out = `best-${jobs}`;
    const args = ['search', 'best.yml', '--out', out, '--jobs', jobs];
    const { code, stdout, stderr } = await stopped(args, at(out, '.search', 'journal'), 'SIGINT');
    expect(code, stderr).toBe(130);
    const kept = Number(/(\d+) replications? (?:is|are) kept/.exec(stderr)?.[1]);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(180);
    expect(stdout).toContain('Interrupted');
    expect(JSON.parse(readFileSync(at(out, 'manifest.json'), 'utf8'))).toMatchObject({ complete: false });
    expect((await run([...args, '--resume', '--seed', '2'])).stderr).toMatch(/different: scenario/);
    expect(existsSync(at(out, 'search.csv'))).toBe(true);
  });
});
