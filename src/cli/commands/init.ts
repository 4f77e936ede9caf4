import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { starterScenario } from '../../scenario/index.js';
import type { CommonArgs } from '../arguments/options.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { writeAtomically } from '../files/out-directory.js';
import { packageFile } from '../package-file.js';
import { printData, printNote } from '../terminal.js';

interface InitArgs extends CommonArgs {
  readonly file?: string;
  readonly force: boolean;
}

/** `gvlsim init [FILE]`: writes a commented scenario to start from. */
export async function init(args: InitArgs): Promise<number> {
  const file = args.file ?? 'scenario.yml';
  if (file === '-') {
    await printData(starterScenario(undefined, schemaFrom('.')));
    return Exit.Ok;
  }
  if (existsSync(file) && !args.force) throw new CliError(`${file} exists already`, '--force overwrites it');
  writeAtomically(dirname(file), basename(file), [starterScenario(undefined, schemaFrom(dirname(file)))]);
  if (!args.quiet) printNote(`wrote ${file}; run it with: gvlsim compare ${file}`);
  return Exit.Ok;
}

/** Where the schema of this installation is, as seen from a directory: editors look it up from the file. */
function schemaFrom(directory: string): string {
  const schema = packageFile('schema/scenario.schema.json');
  return relative(resolve(directory), schema).split(sep).join('/');
}
