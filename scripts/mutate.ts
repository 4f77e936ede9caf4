/**
 * Breaks the code on purpose and looks whether a test notices: in a copy of the repository, one operator of one line at a time.
 *
 *     npm run validate:mutants                          a sample of 24, of all files of the list together
 *     npm run validate:mutants -- src/kernel/kernel.ts  all of one file
 *     npm run validate:mutants -- --most 40 --seed 2    a larger sample, another one
 *
 * Prints the mutants that no test noticed. Some are equivalent (`<` for `<=` where both sides are never equal): each is to be
 * looked at. Exit code 1 if there are any.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createStreams } from '../src/random/streams.js';
import { type Mutant, mutantsOf } from './mutate/mutants.js';
import { TESTS_OF } from './mutate/tests-of.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A mutant that takes longer runs for ever, or as good as that: noticed. */
const LONGEST_MS = 90_000;
/** The tests of all files together, before anything is broken. */
const ALL_LONGEST_MS = 20 * LONGEST_MS;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { most: { type: 'string', default: '24' }, seed: { type: 'string', default: '1' } },
});
const files = positionals.length > 0 ? positionals : Object.keys(TESTS_OF);
const unknown = files.filter((file) => TESTS_OF[file] === undefined);
if (unknown.length > 0) {
  throw new Error(`no tests are known of ${unknown.join(', ')}; there are ${Object.keys(TESTS_OF).join(', ')}`);
}
const all = files.flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8')));
const chosen = positionals.length > 0 ? all : sampleOf(all, Number(values.most), Number(values.seed));
console.log(`${chosen.length} of ${all.length} mutants of ${files.length} files`);

const copy = mkdtempSync(join(tmpdir(), 'gvlsim-mutants-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
prepareCopy();
if (!(await passes([...new Set(files.flatMap((file) => TESTS_OF[file]!))], ALL_LONGEST_MS))) {
  throw new Error('the tests fail before anything is broken');
}

let survivors = 0;
for (const [k, mutant] of chosen.entries()) {
  const path = join(copy, mutant.file);
  writeFileSync(path, mutant.text);
  const isNoticed = !(await passes(TESTS_OF[mutant.file]!, LONGEST_MS));
  writeFileSync(path, readFileSync(join(ROOT, mutant.file)));
  if (isNoticed) continue;
  survivors++;
  console.log(`${k + 1}: ${mutant.file}:${mutant.line}: ${mutant.from} -> ${mutant.to}\n    ${mutant.excerpt}`);
}
console.log(`${chosen.length - survivors} of ${chosen.length} were noticed`);
process.exitCode = survivors > 0 ? 1 : 0;

/** Every mutant has the same chance; the same seed gives the same sample. */
function sampleOf(mutants: readonly Mutant[], most: number, seed: number): Mutant[] {
  const stream = createStreams(seed, 0).open('mutants');
  return mutants
    .map((mutant) => ({ mutant, at: stream.uniform() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ mutant }) => mutant);
}

/** The files that git tracks, without the step that compiles: these tests run the sources. */
function prepareCopy(): void {
  const tracked = spawnSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim().split('\n');
  for (const file of tracked.filter((name) => /^(src|test|scripts|scenarios|[^/]+$)/.test(name))) {
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const config = `export default { test: { include: ['test/**/*.test.ts'], testTimeout: ${LONGEST_MS} } };\n`;
  writeFileSync(join(copy, 'mutants.config.mjs'), config);
}

function passes(tests: readonly string[], longestMs: number): Promise<boolean> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'mutants.config.mjs', '--bail', '1', '--reporter', 'dot', ...tests];
  // A group of its own: what runs for ever is ended with all its children.
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true });
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), longestMs);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
