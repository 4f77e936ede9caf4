import { Exit } from '../exit-codes.js';
import { loadExperiment } from '../load.js';
import type { CommonArgs } from '../options.js';
import { printProblems } from '../problems.js';
import { readSource } from '../read-source.js';
import { printNote } from '../terminal.js';

interface ValidateArgs extends CommonArgs {
  readonly files: readonly string[];
  readonly set?: readonly string[];
}

/** `gvlsim validate FILE...`: every problem of every file on stderr; exit code 2 if there is one. */
export async function validate(args: ValidateArgs): Promise<number> {
  let exitCode: number = Exit.Ok;
  for (const file of args.files) {
    const loaded = loadExperiment({ source: readSource(file), set: args.set ?? [], overrides: {} });
    if (loaded.experiment === null) {
      printProblems(loaded.problems, args);
      exitCode = Exit.Usage;
    } else if (!args.quiet) {
      printProblems(loaded.warnings, args, 'warning');
      printNote(`${file}: valid`);
    }
  }
  return exitCode;
}
