import type { Options } from 'yargs';
import { CliError } from '../cli-error.js';

const PREFIX = 'GVLSIM_';

/**
 * Values for options from the environment: GVLSIM_JOBS=4 stands for --jobs 4, GVLSIM_NO_COLOR=1 for --no-color.
 * Flags on the command line take precedence.
 *
 * @throws CliError for a name that is no flag of any command, or a switch that is neither on nor off
 */
export function optionsFromEnvironment(
  options: Readonly<Record<string, Options>>,
  known: ReadonlySet<string>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (!name.startsWith(PREFIX) || text === undefined || text === '') continue;
    const flagName = name.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
    const isNegated = flagName.startsWith('no-') && known.has(flagName.slice(3));
    const option = isNegated ? flagName.slice(3) : flagName;
    if (!known.has(option))
      throw new CliError(`${name} is not the name of an option`, 'gvlsim <command> --help lists them');
    const spec = options[option];
    if (spec === undefined) continue; // an option of another command
    if (spec.type === 'boolean') values[option] = asSwitch(name, text) !== isNegated;
    else if (spec.array) values[option] = [text];
    else values[option] = spec.type === 'number' ? Number(text) : text;
  }
  return values;
}

function asSwitch(name: string, text: string): boolean {
  if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return true;
  if (['0', 'false', 'no', 'off'].includes(text.toLowerCase())) return false;
  throw new CliError(`${name} must be true or false, not ${JSON.stringify(text)}`);
}
