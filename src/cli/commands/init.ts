import { existsSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
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
  const text = starterScenario(args.file === undefined ? undefined : nameFrom(file), schemaFrom(dirname(file)));
  writeAtomically(dirname(file), basename(file), [text]);
  if (!args.quiet) printNote(`wrote ${file}; run it with: gvlsim compare ${file}`);
  return Exit.Ok;
}

/** The scenario is called like its file, where YAML would take that for a text and a scenario may be called so. */
function nameFrom(file: string): string | undefined {
  const stem = basename(file, extname(file));
  return /^[A-Za-z][A-Za-z0-9._-]{0,99}$/.test(stem) && !/^(true|false|null)$/i.test(stem) ? stem : undefined;
}

/** Where the schema of this installation is, as seen from a directory: editors look it up from the file. */
function schemaFrom(directory: string): string {
  const schema = packageFile('schema/scenario.schema.json');
  return relative(resolve(directory), schema).split(sep).join('/');
}
