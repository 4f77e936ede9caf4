/** Runs the compiled command line as users do, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/gvlsim.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called with the running process. */
  readonly started?: (child: ChildProcess) => void;
}

export function gvlsim(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { cwd, env, input, started } = options;
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNWANTED.test(name)));
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...clean, LANG: 'C.UTF-8', ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    started?.(child);
  });
}

const UNWANTED = /^(GVLSIM_.*|NO_COLOR|FORCE_COLOR|LC_ALL|LC_CTYPE|COLUMNS|CI)$/;

/** A fresh folder with these files; `remove` deletes it. */
export function temporaryFolder(files: Readonly<Record<string, string>> = {}): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'gvlsim-test-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** One worker at 50 % load; a few milliseconds to simulate. */
export const SMALL = `version: 1
name: small
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 1}}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
load: {open: {rate: 50/s}}
run: {requests: 2000, replications: 4, seed: 1}
`;

/** Two servers on the same arrivals. */
export const PAIR = `version: 1
name: pair
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
load: {open: {rate: 50/s}}
run: {requests: 1000, replications: 3, seed: 1}
variants:
  one: {server: {unicorn: {worker_processes: 1}}}
  two: {server: {unicorn: {worker_processes: 2}}}
`;

/** Twice as much as can be served. */
export const OVERLOAD = SMALL.replace('name: small', 'name: overload').replace('50/s', '200/s');
