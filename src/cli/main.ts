import { CliError } from './cli-error.js';
import { tuneEngine } from './engine.js';
import { Exit } from './exit-codes.js';
import { leaveQuietlyOnClosedPipe, printData, printError, printNote, widthOf } from './terminal.js';

/** Exit code of Node for a program that waits for something that can never happen. @see nodejs.org/api/process.html#exit-codes */
const UNSETTLED = 13;

/**
 * Runs the command line and returns the exit code. Help and version of the program itself are answered here: every
 * other way needs the parser, which takes longer to load than all the rest.
 */
export async function main(args: readonly string[]): Promise<number> {
  leaveQuietlyOnClosedPipe();
  process.once('exit', tellIfUnfinished);
  try {
    if (args.length === 1 && ['--help', '-h', 'help'].includes(args[0]!)) {
      await printData((await import('./arguments/top-help.js')).topHelp(widthOf(process.stdout)));
      return Exit.Ok;
    }
    if (args.length === 1 && args[0] === '--version') {
      await printData(`${(await import('./version.js')).gvlsimVersion()}\n`);
      return Exit.Ok;
    }
    tuneEngine();
    return await (await import('./arguments/parser.js')).parseAndRun(args);
  } catch (error) {
    return report(error, args.includes('--verbose') || args.includes('-v'));
  }
}

function tellIfUnfinished(exitCode: number): void {
  if (exitCode !== UNSETTLED) return;
  printNote('gvlsim: internal error: there was nothing left to wait for before the work was done');
  process.exitCode = Exit.Internal;
}

function report(error: unknown, isVerbose: boolean): number {
  if (error instanceof CliError) {
    printError(error);
    if (isVerbose && error.stack) printNote(error.stack);
    return error.exitCode;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  printNote(`gvlsim: internal error: ${message}`);
  printNote(isVerbose ? (stack ?? '') : '  this is a bug in gvlsim; --verbose shows where it happened');
  return Exit.Internal;
}
