import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Tests of the command line and of the package run the built program: build it once, before any of them. */
export default function build(): void {
  // The compiler writes its output in spite of errors in types (status 2); `npm run types` is where those fail.
  run([0, 2], 'typescript/bin/tsc', '-p', 'tsconfig.build.json');
  run([0], 'rolldown/bin/cli.mjs', '--config', '--log-level', 'warn');
}

/** @throws Error if nothing new was written: tests of what is left of an earlier build would say nothing */
function run(written: readonly number[], program: string, ...args: readonly string[]): void {
  const path = fileURLToPath(new URL(`../../node_modules/${program}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status === 0) return;
  const text = `the build has errors:\n${stdout}${stderr}\n`;
  if (status === null || !written.includes(status)) throw new Error(text);
  process.stderr.write(text);
}
