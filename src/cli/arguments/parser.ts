import yargs, { type Argv, type Options } from 'yargs';
import { nearest } from '../../schema/suggest.js';
import { CliError } from '../cli-error.js';
import { Exit, exitCodesText } from '../exit-codes.js';
import { gvlsimVersion } from '../version.js';
import { COMMANDS, type CommandEntry, type CommandName } from './command-list.js';
import { optionsFromEnvironment } from './environment.js';
import {
  CLAIMS_OPTIONS,
  COMMON_OPTIONS,
  COMPARE_OPTIONS,
  MERGE_OPTIONS,
  REPLAY_CHECK_OPTIONS,
  RUN_OPTIONS,
  SCENARIO_OPTIONS,
  SEARCH_OPTIONS,
  SENSITIVITY_OPTIONS,
  SWEEP_OPTIONS,
} from './options.js';

/** What a command module exports: does the work and returns the exit code. */
export type CommandHandler = (args: never) => Promise<number>;

interface CommandSpec {
  readonly options: Readonly<Record<string, Options>>;
  readonly positional: { readonly name: string; readonly describe: string } | null;
  /** Loaded only when the command is run. */
  readonly load: () => Promise<CommandHandler>;
}

const SCENARIO_FILE = { name: 'file', describe: 'Scenario file (YAML or JSON), `-` = standard input' };

const SPECS: Readonly<Record<CommandName, CommandSpec>> = {
  run: {
    options: { ...SCENARIO_OPTIONS, ...RUN_OPTIONS, ...COMMON_OPTIONS },
    positional: SCENARIO_FILE,
    load: async () => (await import('../commands/run.js')).run,
  },
  compare: {
    options: { ...SCENARIO_OPTIONS, ...COMPARE_OPTIONS, ...COMMON_OPTIONS },
    positional: { name: 'files', describe: 'A scenario with variants, or several scenarios, `-` = standard input' },
    load: async () => (await import('../commands/compare.js')).compare,
  },
  sweep: {
    options: { ...SCENARIO_OPTIONS, ...SWEEP_OPTIONS, ...COMMON_OPTIONS },
    positional: SCENARIO_FILE,
    load: async () => (await import('../commands/sweep.js')).sweep,
  },
  search: {
    options: { ...SCENARIO_OPTIONS, ...SEARCH_OPTIONS, ...COMMON_OPTIONS },
    positional: SCENARIO_FILE,
    load: async () => (await import('../commands/search.js')).search,
  },
  sensitivity: {
    options: { ...SCENARIO_OPTIONS, ...SENSITIVITY_OPTIONS, ...COMMON_OPTIONS },
    positional: SCENARIO_FILE,
    load: async () => (await import('../commands/sensitivity.js')).sensitivity,
  },
  merge: {
    options: { ...MERGE_OPTIONS, ...COMMON_OPTIONS },
    positional: { name: 'directories', describe: 'Directories of the parts' },
    load: async () => (await import('../commands/merge.js')).merge,
  },
  'replay-check': {
    options: { ...SCENARIO_OPTIONS, ...REPLAY_CHECK_OPTIONS, ...COMMON_OPTIONS },
    positional: SCENARIO_FILE,
    load: async () => (await import('../commands/replay-check.js')).replayCheck,
  },
  claims: {
    options: { ...CLAIMS_OPTIONS, ...COMMON_OPTIONS },
    positional: { name: 'ids', describe: 'Numbers of claims, such as T21; all if none is given' },
    load: async () => (await import('../commands/claims.js')).claims,
  },
  validate: {
    options: { ...SCENARIO_OPTIONS, ...COMMON_OPTIONS },
    positional: { name: 'files', describe: 'Scenario files, `-` = standard input' },
    load: async () => (await import('../commands/validate.js')).validate,
  },
  explain: {
    options: {
      ...SCENARIO_OPTIONS,
      defaults: {
        group: 'Output:',
        type: 'boolean',
        default: false,
        describe: 'Print the scenario with every default written out',
      },
      ...COMMON_OPTIONS,
    },
    positional: SCENARIO_FILE,
    load: async () => (await import('../commands/explain.js')).explain,
  },
  schema: {
    options: COMMON_OPTIONS,
    positional: null,
    load: async () => (await import('../commands/schema.js')).schema,
  },
  init: {
    options: {
      force: { group: 'Output:', type: 'boolean', default: false, describe: 'Overwrite the file' },
      ...COMMON_OPTIONS,
    },
    positional: { name: 'file', describe: 'File to write, `-` = standard output' },
    load: async () => (await import('../commands/init.js')).init,
  },
  completion: {
    options: {},
    positional: { name: 'shell', describe: 'bash or zsh; if it is left out, the one that $SHELL names' },
    load: async () => (await import('../commands/completion.js')).completion,
  },
};

const ALL_OPTIONS: ReadonlySet<string> = new Set(Object.values(SPECS).flatMap((spec) => Object.keys(spec.options)));

/** Parses the arguments, runs the command and returns its exit code. */
export async function parseAndRun(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const parser = yargs([...args])
    .scriptName('gvlsim')
    .usage('gvlsim <command> [options]')
    .exitProcess(false)
    .strict()
    .demandCommand(1, 'which command?')
    .recommendCommands()
    .version(gvlsimVersion())
    .help()
    .alias('help', 'h')
    .parserConfiguration({ 'boolean-negation': true, 'dot-notation': false })
    .wrap(helpWidth())
    .epilogue(exitCodesText(helpWidth()))
    .fail((message, error) => {
      throw error instanceof CliError ? error : new CliError(tidy(message ?? error.message, args), hintFor(args));
    });
  for (const entry of COMMANDS) {
    const spec = SPECS[entry.name];
    parser.command(
      `${entry.name} ${entry.positionals}`.trim(),
      entry.summary,
      (command) => describeCommand(command, entry, spec),
      async (parsed) => {
        const values = valuesOf(parsed, spec, args);
        exitCode = await (await spec.load())(values as never);
      },
    );
  }
  await parser.parseAsync();
  return exitCode;
}

function describeCommand(command: Argv, entry: CommandEntry, spec: CommandSpec): Argv {
  command.usage(`gvlsim ${entry.name} ${entry.positionals} [options]\n\n${entry.summary}.`);
  if (spec.positional !== null) {
    const isList = entry.positionals.includes('..');
    command.positional(spec.positional.name, { type: 'string', describe: spec.positional.describe, array: isList });
  }
  for (const [name, option] of Object.entries(spec.options)) command.option(name, option);
  command.epilogue(`${examplesText(entry)}\n\n${exitCodesText(helpWidth(), exitCodesOf(entry, spec))}`);
  return command.config(optionsFromEnvironment(spec.options, ALL_OPTIONS, process.env));
}

function helpWidth(): number {
  return Math.min(100, process.stdout.columns ?? 80);
}

/** Commands that judge the objectives of the scenario. */
const JUDGING: readonly string[] = ['run', 'compare'];

/** The codes that the command may end with. */
function exitCodesOf({ name }: CommandEntry, { options }: CommandSpec): number[] {
  return [
    Exit.Ok,
    Exit.Internal,
    Exit.Usage,
    ...('strict' in options ? [Exit.NotTrustworthy] : []),
    ...(JUDGING.includes(name) ? [Exit.Threshold] : []),
    ...('progress' in options ? [Exit.Interrupted, Exit.Terminated] : []),
  ];
}

/** Each example on a line of its own: in two columns, as yargs would have it, commands are broken to be copied wrongly. */
function examplesText({ examples }: CommandEntry): string {
  return ['Examples:', ...examples.map(([example, explanation]) => `  ${example}\n      ${explanation}`)].join('\n');
}

/** The options of the command and its positional, nothing else. Of a repeated flag the last one counts. */
function valuesOf(
  parsed: Readonly<Record<string, unknown>>,
  spec: CommandSpec,
  args: readonly string[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec.options)) {
    const value = parsed[name];
    values[name] = Array.isArray(value) && !option.array ? value.at(-1) : value;
    if (option.type === 'number' && value !== undefined && !Number.isFinite(values[name])) {
      throw new CliError(`--${name} needs a number`);
    }
  }
  if (spec.positional !== null) {
    const value = parsed[spec.positional.name];
    // yargs hands a lone `-` over as an empty text
    const restored = (text: unknown): unknown => (text === '' ? '-' : text);
    values[spec.positional.name] = Array.isArray(value) ? withDashes(value.map(String), spec, args) : restored(value);
  }
  return values;
}

/** yargs drops a lone `-` from a list of files: puts it back where it was typed. */
function withDashes(found: readonly string[], { options }: CommandSpec, args: readonly string[]): string[] {
  const isValue = (k: number): boolean => {
    const option = /^--([^=]+)$/.exec(args[k - 1] ?? '');
    return option !== null && options[option[1]!] !== undefined && options[option[1]!]!.type !== 'boolean';
  };
  const files = found.filter((name) => name !== '' && name !== '-');
  if (!args.some((arg, k) => arg === '-' && !isValue(k))) return files;
  return args.filter((arg, k) => k > 0 && !isValue(k) && (arg === '-' || files.includes(arg)));
}

/** A complaint of yargs as one line in our words. */
function tidy(message: string, args: readonly string[]): string {
  const line = message.replaceAll(/\s*\n\s*/g, ' ').trim();
  const suggestion = /^Did you mean (.*)\?$/.exec(line);
  if (suggestion !== null) return `unknown command: ${args[0]}; did you mean ${suggestion[1]}?`;
  if (line.startsWith('Not enough non-option arguments')) {
    return args.length === 0 ? 'which command?' : 'the scenario file is missing';
  }
  const lacking = /^Not enough arguments following: (.*)$/.exec(line);
  if (lacking !== null) return `--${lacking[1]} needs a value`;
  const invalid = /^Invalid values: Argument: (\S+), Given: (.*), Choices: (.*)$/.exec(line);
  if (invalid !== null) return `--${invalid[1]}: expected ${invalid[3]!.replaceAll('"', '')}; received ${invalid[2]}`;
  const unknown = /^Unknown arguments?: (.*)$/.exec(line);
  if (unknown === null) return line.charAt(0).toLowerCase() + line.slice(1);
  const isCommand = COMMANDS.some(({ name }) => name === args[0]);
  if (!isCommand && !args[0]?.startsWith('-')) return `unknown command: ${args[0]}`;
  const name = unknown[1]!.split(', ')[0]!;
  const command = args[0] as keyof typeof SPECS;
  const options = isCommand && command in SPECS ? Object.keys(SPECS[command].options) : [...ALL_OPTIONS];
  const near = nearest(name.replace(/^no-/, ''), options);
  const isOption = args.some((arg) => arg.replace(/=.*$/, '') === `--${name}`);
  if (near === null || !isOption) return `unknown option or argument: ${asTyped(unknown[1]!.split(', '), args)}`;
  return `unknown option: --${name}; did you mean --${near}?`;
}

/** yargs drops the dashes of options, and the `no-` of those that are switched off. */
function asTyped(names: readonly string[], args: readonly string[]): string {
  const typed = args.map((arg) => arg.replace(/=.*$/, ''));
  const forms = (name: string): string[] => [name, `--${name}`, `--no-${name}`, `-${name}`];
  return names.map((name) => forms(name).find((form) => typed.includes(form)) ?? name).join(', ');
}

function hintFor(args: readonly string[]): string {
  const command = COMMANDS.find(({ name }) => name === args[0]);
  return command === undefined ? 'gvlsim --help lists the commands' : `gvlsim ${command.name} --help lists its options`;
}
