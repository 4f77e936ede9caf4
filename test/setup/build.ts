import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Tests of the command line and of the package run the built program: build it once, before any of them. */
export default function build(): void {
  run('typescript/bin/tsc', '-p', 'tsconfig.build.json');
  run('rolldown/bin/cli.mjs', '--config', '--log-level', 'warn');
}

/** The compiler writes its output in spite of errors in types; `npm run types` is where those fail. */
function run(program: string, ...args: readonly string[]): void {
  const path = fileURLToPath(new URL(`../../node_modules/${program}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) process.stderr.write(`the build has errors:\n${stdout}${stderr}\n`);
}
