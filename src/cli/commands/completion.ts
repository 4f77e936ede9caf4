import yargs from 'yargs';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';

const SHELLS = ['bash', 'zsh'];

/** `gvlsim completion [SHELL]`: a script for the shell that is named, or else for the one that $SHELL names. */
export async function completion({ shell }: { readonly shell?: string }): Promise<number> {
  const name = shell ?? userShell();
  if (!SHELLS.includes(name)) {
    throw new CliError(`there is no completion script for ${name}`, 'gvlsim completion bash, or gvlsim completion zsh');
  }
  process.env.SHELL = name; // where yargs looks
  yargs([]).scriptName('gvlsim').showCompletionScript();
  return Exit.Ok;
}

/** Shells that understand what bash does count as bash. */
function userShell(): string {
  const name = (process.env.SHELL ?? '').split('/').at(-1)!;
  return ['', 'sh', 'dash'].includes(name) ? 'bash' : name;
}
