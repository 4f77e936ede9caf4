import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { starterScenario } from '../../scenario/index.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import type { CommonArgs } from '../options.js';
import { writeAtomically } from '../out-directory.js';
import { printData, printNote } from '../terminal.js';

interface InitArgs extends CommonArgs {
  readonly file?: string;
  readonly force: boolean;
}

/** `gvlsim init [FILE]`: writes a commented scenario to start from. */
export async function init(args: InitArgs): Promise<number> {
  const file = args.file ?? 'scenario.yml';
  if (file === '-') {
    await printData(starterScenario());
    return Exit.Ok;
  }
  if (existsSync(file) && !args.force) throw new CliError(`${file} exists already`, '--force overwrites it');
  writeAtomically(dirname(file), basename(file), [starterScenario()]);
  if (!args.quiet) printNote(`wrote ${file}; run it with: gvlsim run ${file}`);
  return Exit.Ok;
}
