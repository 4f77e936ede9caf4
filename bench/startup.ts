import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './measure.js';
import { inWords, printTable, sampleOf } from './sample.js';

/** Time from the start of `gvlsim --help` to its end, against a Node process that does nothing. */
export function benchStartup(repeats: number): void {
  const nothing: number[] = [];
  const help: number[] = [];
  for (let k = 0; k < repeats; k++) {
    nothing.push(elapsedMs(['-e', '0']));
    help.push(elapsedMs([join(ROOT, 'bin/gvlsim.js'), '--help']));
  }
  printTable([
    ['', 'ms'],
    ['node -e 0', inWords(sampleOf(nothing), 1)],
    ['gvlsim --help', inWords(sampleOf(help), 1)],
  ]);
  const ratios = help.map((ms, k) => ms / nothing[k]!);
  console.log(`gvlsim --help / node -e 0: ${inWords(sampleOf(ratios), 2)}`);
}

function elapsedMs(args: readonly string[]): number {
  const startedMs = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - startedMs;
}
