import type { Loaded } from '../../scenario/index.js';
import type { CommonArgs } from '../arguments/options.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { readSource } from '../files/read-source.js';
import { loadExperiment } from '../load.js';
import { printProblems } from '../problems.js';
import { printError, printNote } from '../terminal.js';

interface ValidateArgs extends CommonArgs {
  readonly files: readonly string[];
  readonly set?: readonly string[];
}

/** `gvlsim validate FILE...`: every problem of every file on stderr; exit code 2 if there is one. */
export async function validate(args: ValidateArgs): Promise<number> {
  let exitCode: number = Exit.Ok;
  for (const file of args.files) {
    const loaded = loadOrTell(file, args);
    if (loaded === null) exitCode = Exit.Usage;
    else if (loaded.experiment === null) {
      printProblems(loaded.problems, args);
      exitCode = Exit.Usage;
    } else if (!args.quiet) {
      printProblems(loaded.warnings, args, 'warning');
      printNote(`${file}: valid`);
    }
  }
  return exitCode;
}

/** null: the file cannot be read; the others are checked all the same. */
function loadOrTell(file: string, { set }: ValidateArgs): Loaded | null {
  try {
    return loadExperiment({ source: readSource(file), set: set ?? [], overrides: {} });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printError(error);
    return null;
  }
}
