import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BIN } from './gvlsim.js';

const seconds = (args: string[]): number => {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args);
  expect(status).toBe(0);
  return performance.now() - start;
};

describe('gvlsim --help', () => {
  it('starts within four times the time of node itself', () => {
    // The fastest of ten each, taken in turn: other work on the machine only ever adds time.
    const times = Array.from({ length: 10 }, () => [seconds(['-e', '0']), seconds([BIN, '--help'])]);
    const node = Math.min(...times.map(([bare]) => bare!));
    const help = Math.min(...times.map(([, own]) => own!));
    expect(help).toBeLessThan(4 * node);
  });

  it('loads no package', () => {
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', LISTING], { encoding: 'utf8' });
    expect(stderr).toBe('');
  });
});

/** Fails if importing the entry and printing the help imports anything from node_modules. */
const LISTING = `
import { registerHooks } from 'node:module';
import * as module from 'node:module';
const hooks = 'data:text/javascript,' + encodeURIComponent(
  'export async function load(url, context, next) { if (url.includes("node_modules")) console.error(url); return next(url, context); }');
module.register(hooks);
const { main } = await import(${JSON.stringify(new URL('../../dist/program/main.js', import.meta.url).href)});
await main(['--help']);
`.replace("import { registerHooks } from 'node:module';\n", '');
