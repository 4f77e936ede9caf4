import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests of the command line and of the package run the compiled code: compile it once, before any of them. */
export default function build(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  // The compiler writes its output in spite of errors in types; `npm run types` is where those fail.
  if (status !== 0) process.stderr.write(`the build has errors:\n${stdout}\n`);
}
