/** The commands, without the code behind them: starting `gvlsim --help` must not load it. */

export interface CommandEntry {
  readonly name: string;
  /** Positional arguments, as yargs writes them. */
  readonly positionals: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, explanation: string])[];
}

export const COMMANDS = [
  {
    name: 'run',
    positionals: '<file>',
    summary: 'Simulate a scenario and write the results',
    examples: [
      ['gvlsim run scenarios/gc-heavy.yml', 'simulate; table here, files in results/gc-heavy/'],
      ['gvlsim run shop.yml --set host.cores=8 --format csv --out -', 'summary.csv on stdout, no files'],
    ],
  },
  {
    name: 'compare',
    positionals: '<files..>',
    summary: 'Simulate variants, or scenarios, on the same arrivals and compare them',
    examples: [
      ['gvlsim compare scenarios/unicorn-vs-puma.yml', 'tables here, files in results/unicorn-vs-puma/'],
      ['gvlsim compare now.yml planned.yml --out /tmp/shop', 'two files that describe one configuration each'],
    ],
  },
  {
    name: 'sweep',
    positionals: '<file>',
    summary: 'Simulate every cell of a grid of settings',
    examples: [
      ['gvlsim sweep scenarios/capacity.yml', 'one table; files in results/capacity-sweep/'],
      [
        'gvlsim sweep shop.yml --out shop/shard-2 --shard 2/8 --resume',
        'the second of eight parts; go on if it was stopped',
      ],
    ],
  },
  {
    name: 'search',
    positionals: '<file>',
    summary: 'Find the highest rate within the objectives, or the best configuration',
    examples: [
      ['gvlsim search scenarios/capacity.yml', 'ranking with reasons; files in results/capacity-search/'],
      ['gvlsim search shop.yml --replications 20 --out shop-search', 'begin with 20 replications of each'],
    ],
  },
  {
    name: 'sensitivity',
    positionals: '<file>',
    summary: 'Say which inputs move the results most',
    examples: [
      ['gvlsim sensitivity scenarios/capacity.yml', 'every uncertain input 10 % up and down; ranked'],
      ['gvlsim sensitivity shop.yml --out - > shop-sensitivity.csv', 'the table as CSV'],
    ],
  },
  {
    name: 'merge',
    positionals: '<directories..>',
    summary: 'Put the parts of a sweep together',
    examples: [
      ['gvlsim merge shop/shard-* --out shop/whole', 'the same files as of an undivided sweep'],
      ['gvlsim merge a b c --out abc --force', 'into a directory that is not empty'],
    ],
  },
  {
    name: 'replay-check',
    positionals: '<file>',
    summary: 'Replay a recorded trace and compare with what your server did',
    examples: [
      ['gvlsim replay-check shop.yml --measured shop-run.csv', 'measured and simulated latency, and their ratio'],
      ['gvlsim replay-check shop.yml --measured run.csv.gz --out check', 'with check/replay-check.csv'],
    ],
  },
  {
    name: 'claims',
    positionals: '[ids..]',
    summary: 'Put the claims of two articles to the test',
    examples: [
      ['gvlsim claims', 'all of them: table here, claims.csv and claims.md in results/claims/'],
      ['gvlsim claims T21 T25 --out -', 'two of them, as CSV on stdout'],
    ],
  },
  {
    name: 'validate',
    positionals: '<files..>',
    summary: 'Check scenario files without running them',
    examples: [
      ['gvlsim validate scenarios/*.yml', 'every problem with its line and column'],
      ['gvlsim validate - < shop.yml', 'read the scenario from standard input'],
    ],
  },
  {
    name: 'explain',
    positionals: '<file>',
    summary: 'Say in words what a scenario means and what saturates first',
    examples: [
      ['gvlsim explain scenarios/unicorn-vs-puma.yml', 'capacity by hand formula'],
      ['gvlsim explain shop.yml --defaults', 'the scenario with every default written out'],
    ],
  },
  {
    name: 'schema',
    positionals: '',
    summary: 'Print the JSON Schema of scenario files',
    examples: [
      ['gvlsim schema > scenario.schema.json', 'for completion and checks in an editor'],
      ['gvlsim schema | head', 'a first look'],
    ],
  },
  {
    name: 'init',
    positionals: '[file]',
    summary: 'Write a commented scenario to start from',
    examples: [
      ['gvlsim init', 'writes scenario.yml'],
      ['gvlsim init shop.yml && gvlsim compare shop.yml', 'write one and run it'],
    ],
  },
  {
    name: 'completion',
    positionals: '[shell]',
    summary: 'Print a completion script for bash or zsh',
    examples: [
      ['gvlsim completion bash >> ~/.bashrc', 'for bash'],
      ['gvlsim completion zsh >> ~/.zshrc', 'for zsh'],
    ],
  },
] as const satisfies readonly CommandEntry[];

export type CommandName = (typeof COMMANDS)[number]['name'];

export function commandEntry(name: CommandName): CommandEntry {
  return COMMANDS.find((entry) => entry.name === name)!;
}
