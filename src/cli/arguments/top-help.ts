import { wrapped } from '../../schema/wrapped.js';
import { exitCodesText } from '../exit-codes.js';
import { COMMANDS } from './command-list.js';

/** Text of `gvlsim --help`. Made without yargs, whose import alone would more than double the start-up time. */
export function topHelp(columns: number): string {
  const width = Math.max(...COMMANDS.map(({ name, positionals }) => name.length + positionals.length + 1));
  const indent = `\n${' '.repeat(width + 4)}`;
  const commands = COMMANDS.map(({ name, positionals, summary }) => {
    const lines = wrapped(summary, Math.max(20, columns - width - 4));
    return `  ${`${name} ${positionals}`.padEnd(width)}  ${lines.join(indent)}`;
  });
  return `gvlsim <command> [options]

Simulates application servers whose threads share a Global VM Lock (Puma,
Unicorn) and says how long requests wait, and for what.

Commands:
${commands.join('\n')}

  gvlsim <command> --help   options and examples of a command
  gvlsim --version          version

Examples:
  gvlsim compare scenarios/unicorn-vs-puma.yml
  gvlsim init shop.yml && gvlsim compare shop.yml

${exitCodesText(columns)}

Data goes to stdout, everything else to stderr. Options can also be given as
environment variables: GVLSIM_JOBS=4 is --jobs 4. NO_COLOR turns colours off.
`;
}
