import { CliError } from './cli-error.js';
import { tuneCompiler } from './engine.js';
import { Exit } from './exit-codes.js';
import { leaveQuietlyOnClosedPipe, printData, printNote, widthOf } from './terminal.js';

/**
 * Runs the command line and returns the exit code. Help and version of the program itself are answered here: every
 * other way needs the parser, which takes longer to load than all the rest.
 */
export async function main(args: readonly string[]): Promise<number> {
  leaveQuietlyOnClosedPipe();
  try {
    if (args.length === 1 && ['--help', '-h', 'help'].includes(args[0]!)) {
      await printData((await import('./top-help.js')).topHelp(widthOf(process.stdout)));
      return Exit.Ok;
    }
    if (args.length === 1 && args[0] === '--version') {
      await printData(`${(await import('./version.js')).gvlsimVersion()}\n`);
      return Exit.Ok;
    }
    tuneCompiler();
    return await (await import('./parser.js')).parseAndRun(args);
  } catch (error) {
    return report(error, args.includes('--verbose') || args.includes('-v'));
  }
}

function report(error: unknown, isVerbose: boolean): number {
  if (error instanceof CliError) {
    printNote(`gvlsim: ${error.message}`);
    if (error.hint !== '') printNote(`  ${error.hint}`);
    if (isVerbose && error.stack) printNote(error.stack);
    return error.exitCode;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  printNote(`gvlsim: internal error: ${message}`);
  printNote(isVerbose ? (stack ?? '') : '  this is a bug in gvlsim; --verbose shows where it happened');
  return Exit.Internal;
}
