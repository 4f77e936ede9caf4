import type { Options } from 'yargs';

/** A flag that takes one value: the last one given counts. */
const value = (type: 'string' | 'number', group: string, describe: string, more: Options = {}): Options => ({
  type,
  nargs: 1,
  group,
  describe,
  ...more,
});
const flag = (group: string, describe: string, more: Options = {}): Options => ({
  type: 'boolean',
  group,
  describe,
  ...more,
});

const SCENARIO = 'Scenario:';
const OUTPUT = 'Output:';
const RUNNING = 'Running:';

export const FORMATS = ['table', 'csv', 'json', 'ndjson', 'md'] as const;
export type Format = (typeof FORMATS)[number];

/** Options of every command. */
export const COMMON_OPTIONS = {
  color: flag(OUTPUT, 'Colours on a terminal; --no-color turns them off', { default: true }),
  quiet: flag(OUTPUT, 'Only data and errors: no notes, no progress', { alias: 'q', default: false }),
  verbose: flag(OUTPUT, 'Say more; stack traces of internal errors', { alias: 'v', default: false }),
} satisfies Record<string, Options>;

/** Options of the commands that read a scenario. */
export const SCENARIO_OPTIONS = {
  set: {
    type: 'string',
    nargs: 1,
    array: true,
    group: SCENARIO,
    describe: 'Replace a field: path=value, e.g. host.cores=8 (repeatable)',
  },
} satisfies Record<string, Options>;

/** Fields of the scenario that every command that simulates can replace. */
const OVERRIDES = {
  seed: value('number', SCENARIO, 'Master seed of all random streams'),
  replications: value('number', SCENARIO, 'Independent runs of each variant'),
  duration: value('string', SCENARIO, 'Simulated time of a run, e.g. 10min'),
  warmup: value('string', SCENARIO, 'What is cut from the start: a time (30s) or a share (0.1)'),
} satisfies Record<string, Options>;

const jobs = value('number', RUNNING, 'Replications at a time; results do not depend on it [default: number of cores]');
const strict = (when: string): Options => flag(RUNNING, `Exit code 3 if ${when}`, { default: false });
const resume = (noun: string): Options =>
  flag(RUNNING, `Go on with a ${noun} that was stopped; start where there is none`, { default: false });
const progress = flag(RUNNING, 'Progress on stderr; --no-progress turns it off', { default: true });

/** Where results go, and in which form. */
const outputTo = (describe: string, defaultDescription: string) =>
  ({
    out: value('string', OUTPUT, describe, { alias: 'o', defaultDescription }),
    force: flag(OUTPUT, 'Write into a directory that is not empty', { default: false }),
    format: value('string', OUTPUT, 'What stdout gets', { choices: FORMATS, defaultDescription: 'table' }),
    json: flag(OUTPUT, 'Same as --format json', { default: false }),
  }) satisfies Record<string, Options>;

const simulation = (defaultDirectory: string) =>
  ({
    ...OVERRIDES,
    jobs,
    strict: strict('the result is not trustworthy'),
    progress,
    ...outputTo('Directory for the result files, `-` = main table on stdout and no files', defaultDirectory),
    requests: flag(OUTPUT, 'Also write requests.csv, one row for every request', { default: false }),
  }) satisfies Record<string, Options>;

/** Options of `run`. */
export const RUN_OPTIONS = {
  ...simulation('results/<name of the scenario>'),
  trace: value(
    'string',
    OUTPUT,
    'Print the life of one request of replication 1 (by request_id) instead of the results',
  ),
} satisfies Record<string, Options>;

/** Options of `compare`. */
export const COMPARE_OPTIONS = simulation('results/<name of the scenario>, of several files results/<name>-vs-<name>');

/** Options of `replay-check`. */
export const REPLAY_CHECK_OPTIONS = {
  measured: value('string', SCENARIO, 'CSV file (also .gz) of the measured requests: id, latency_ms, ...'),
  ...OVERRIDES,
  replications: value('number', SCENARIO, 'Replays, where chance decides which worker takes a request; else one'),
  ...outputTo('Directory for replay-check.csv, `-` = the table as CSV on stdout', 'no file'),
} satisfies Record<string, Options>;

/** Options of `claims`. */
export const CLAIMS_OPTIONS = {
  dir: value('string', SCENARIO, 'Folder with the claims', { defaultDescription: 'those that come with gvlsim' }),
  jobs,
  progress,
  ...outputTo('Directory for claims.csv and claims.md, `-` = the table as CSV on stdout', 'results/claims'),
} satisfies Record<string, Options>;

/** Options of `sweep`. */
export const SWEEP_OPTIONS = {
  ...OVERRIDES,
  jobs,
  resume: resume('sweep'),
  shard: value('string', RUNNING, 'Simulate a part of the cells, e.g. 2/8; gvlsim merge puts the parts together'),
  progress,
  ...outputTo('Directory for the result files', 'results/<name of the scenario>-sweep'),
  force: flag(OUTPUT, 'Write into a directory that is not empty; start an unfinished sweep anew', { default: false }),
  metrics: value(
    'string',
    OUTPUT,
    'Metrics that sweep.csv is to have, e.g. latency_ms,throughput_per_s [default: all]',
  ),
  format: value('string', OUTPUT, 'What stdout gets', {
    choices: ['table', 'csv', 'json', 'md'],
    defaultDescription: 'table',
  }),
} satisfies Record<string, Options>;

/** Options of `search`. */
export const SEARCH_OPTIONS = {
  ...OVERRIDES,
  replications: value('number', SCENARIO, 'Replications of each configuration before any is judged'),
  jobs,
  resume: resume('search'),
  strict: strict('the search ends undecided'),
  progress,
  ...outputTo(
    'Directory for the result files, `-` = search.csv on stdout and no files',
    'results/<name of the scenario>-search',
  ),
} satisfies Record<string, Options>;

/** Options of `sensitivity`. */
export const SENSITIVITY_OPTIONS = {
  ...OVERRIDES,
  jobs,
  resume: resume('sensitivity analysis'),
  progress,
  ...outputTo(
    'Directory for the result files, `-` = sensitivity.csv on stdout and no files',
    'results/<name of the scenario>-sensitivity',
  ),
} satisfies Record<string, Options>;

/** Options of `merge`. */
export const MERGE_OPTIONS = {
  out: value('string', OUTPUT, 'Directory for the whole', { alias: 'o' }),
  force: flag(OUTPUT, 'Write into a directory that is not empty', { default: false }),
} satisfies Record<string, Options>;

export interface CommonArgs {
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface ScenarioArgs extends CommonArgs {
  readonly file: string;
  readonly set?: readonly string[];
}

/** What every command that simulates can replace in the scenario. */
export interface OverrideArgs extends ScenarioArgs {
  /** More scenarios, to be compared with the first. */
  readonly others?: readonly string[];
  readonly seed?: number;
  readonly replications?: number;
  readonly duration?: string;
  readonly warmup?: string;
}

export interface OutputArgs {
  readonly out?: string;
  readonly force: boolean;
  readonly format?: Format;
  readonly json: boolean;
}

export interface SimulationArgs extends OverrideArgs, OutputArgs {
  readonly jobs?: number;
  readonly strict: boolean;
  readonly progress: boolean;
  readonly requests: boolean;
  readonly trace?: string;
}

/** `compare` takes one file with variants, or several. */
export type CompareArgs = Omit<SimulationArgs, 'file' | 'others'> & { readonly files: readonly string[] };

export interface ReplayCheckArgs extends OverrideArgs, OutputArgs {
  readonly measured?: string;
}

export interface ClaimsArgs extends CommonArgs, OutputArgs {
  readonly ids?: readonly string[];
  readonly dir?: string;
  readonly jobs?: number;
  readonly progress: boolean;
}

export interface SweepArgs extends OverrideArgs, OutputArgs {
  readonly jobs?: number;
  readonly resume: boolean;
  readonly shard?: string;
  readonly progress: boolean;
  readonly metrics?: string;
}

export interface MergeArgs extends CommonArgs {
  readonly directories: readonly string[];
  readonly out?: string;
  readonly force: boolean;
}

export interface SearchArgs extends OverrideArgs, OutputArgs {
  readonly jobs?: number;
  readonly resume: boolean;
  readonly strict: boolean;
  readonly progress: boolean;
}

export interface SensitivityArgs extends OverrideArgs, OutputArgs {
  readonly jobs?: number;
  readonly resume: boolean;
  readonly progress: boolean;
}
