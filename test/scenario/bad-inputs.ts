/** A scenario with one thing wrong, and what its author must be told. */
export interface BadInput {
  readonly what: string;
  readonly text: string;
  /** `line:column code path` of every problem, in order. */
  readonly problems: readonly string[];
  /** Words that the message or the hint of the first problem must hold. */
  readonly says: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A good scenario, line by line; a bad input replaces or takes away some of its lines. */
const GOOD = {
  version: 'version: 1',
  host: 'host: {cores: 2}',
  ruby: 'ruby: {version: "3.3"}',
  server: 'server: {puma: {workers: 2, threads: 3}}',
  app: 'app: {classes: [{name: web, cpu: 10ms}]}',
  load: 'load: {open: {rate: 20/s}}',
  run: 'run: {duration: 1min}',
} as const;

export function scenario(changes: Partial<Record<keyof typeof GOOD | 'more', string>> = {}): string {
  return Object.values({ ...GOOD, more: '', ...changes })
    .filter((line) => line !== '')
    .join('\n');
}

export const BAD_INPUTS: readonly BadInput[] = [
  // the text itself
  { what: 'an empty file', text: '', problems: ['1:1 SCN_EMPTY '], says: 'init' },
  { what: 'a comment only', text: '# nothing\n', problems: ['1:1 SCN_EMPTY '], says: 'no scenario' },
  { what: 'a list', text: '- a\n- b\n', problems: ['1:1 SCN_TYPE '], says: 'a scenario is a map' },
  { what: 'an open bracket', text: 'version: 1\nhost: {cores: 2\n', problems: ['3:1 SCN_YAML '], says: '}' },
  {
    what: 'a key twice',
    text: scenario({ more: 'run: {seed: 3}' }),
    problems: ['8:1 SCN_YAML '],
    says: 'the key run is there a second time remove one',
  },
  { what: 'a tab as indent', text: 'version: 1\nhost:\n\tcores: 2\n', problems: ['3:1 SCN_YAML '], says: 'spaces' },
  { what: 'a tag', text: scenario({ host: 'host: !Host {cores: 2}' }), problems: ['2:7 SCN_YAML '], says: 'tag' },
  {
    what: 'two documents',
    text: `${scenario()}\n---\nversion: 1\n`,
    problems: ['8:1 SCN_YAML '],
    says: 'more than one document',
  },
  { what: 'megabytes', text: `#${' '.repeat(1 << 21)}`, problems: ['1:1 SCN_YAML '], says: 'belong into CSV files' },
  {
    what: 'an alias without anchor',
    text: scenario({ host: 'host: *nobody' }),
    problems: ['2:7 SCN_ALIAS host'],
    says: 'nobody',
  },
  { what: 'a list as key', text: scenario({ more: '? [a, b]\n: 1' }), problems: ['8:3 SCN_YAML '], says: 'a word' },
  {
    what: 'an alias of itself',
    text: scenario({ more: 'description: &d [*d]' }),
    problems: ['8:18 SCN_ALIAS description[0]'],
    says: 'itself',
  },
  // keys
  {
    what: 'the word of another server',
    text: scenario({ server: 'server: {unicorn: {workers: 2}}' }),
    problems: ['4:20 SCN_UNKNOWN_KEY server.unicorn.workers'],
    says: 'did you mean "worker_processes"?',
  },
  {
    what: 'more arrivals than nanoseconds',
    text: scenario({ load: 'load: {open: {rate: 2e9/s}}' }),
    problems: ['6:21 SCN_RANGE load.open.rate'],
    says: 'at most one in a nanosecond',
  },
  {
    what: 'a whole number beyond those that are exact',
    text: scenario({ run: 'run: {requests: 1e18}' }),
    problems: ['7:17 SCN_RANGE run.requests'],
    says: 'at most 9007199254740991',
  },
  {
    what: 'a typo at the top',
    text: scenario({ server: 'servr: {puma: {}}' }),
    problems: ['1:1 SCN_REQUIRED server', '4:1 SCN_UNKNOWN_KEY servr'],
    says: 'one of the keys puma, unicorn, ',
  },
  {
    what: 'a typo in a server',
    text: scenario({ server: 'server: {puma: {wokers: 2}}' }),
    problems: ['4:17 SCN_UNKNOWN_KEY server.puma.wokers'],
    says: 'did you mean "workers"?',
  },
  {
    what: 'another word',
    text: scenario({ server: 'server: {puma: {frobnicate: 2}}' }),
    problems: ['4:17 SCN_UNKNOWN_KEY server.puma.frobnicate'],
    says: 'allowed: version, workers',
  },
  { what: 'no version', text: scenario({ version: '' }), problems: ['1:1 SCN_REQUIRED version'], says: 'the number 1' },
  {
    what: 'a later version',
    text: scenario({ version: 'version: 2' }),
    problems: ['1:10 SCN_VERSION version'],
    says: 'version: 1',
  },
  {
    what: 'no cores',
    text: scenario({ host: 'host: {}' }),
    problems: ['2:1 SCN_REQUIRED host.cores'],
    says: 'whole number from 1',
  },
  {
    what: 'no load',
    text: scenario({ load: '' }),
    problems: ['1:1 SCN_REQUIRED load'],
    says: 'open, closed, recorded',
  },
  {
    what: 'a key without value',
    text: scenario({ server: 'server:' }),
    problems: ['4:1 SCN_TYPE server'],
    says: 'received nothing',
  },
  // words of one server that mean something else to another
  ...[
    ['gunicorn', 'timeout: 500ms', 'gunicorn takes whole seconds: received 0.5 s', 21],
    ['gunicorn', 'graceful_timeout: 1500ms', 'gunicorn takes whole seconds: received 1.5 s', 21],
    ['unicorn', 'timeout: 3500ms', 'Unicorn takes whole seconds', 20],
    ['pitchfork', 'cleanup: 1500ms', 'Pitchfork takes whole seconds', 22],
  ].map(([server, setting, says, column]) => ({
    what: `part of a second for ${server}: ${setting}`,
    text: scenario({
      ruby: server === 'gunicorn' ? 'python: {}' : 'ruby: {}',
      server: `server: {${server}: {${setting}}}`,
    }),
    problems: [`4:${column} SCN_COMBINATION server.${server}.${String(setting).split(':')[0]}`],
    says: String(says),
  })),
  {
    what: 'capsules of a Sidekiq that has none',
    text: scenario({ server: 'server: {sidekiq: {version: "6.5", capsules: {fast: {queues: [default]}}}}' }),
    problems: ['4:36 SCN_COMBINATION server.sidekiq.capsules'],
    says: 'from version 7.0 on',
  },
  {
    what: 'a list where names are needed',
    text: scenario({ server: 'server: {sidekiq: {capsules: [{queues: [default]}]}}' }),
    problems: ['4:30 SCN_TYPE server.sidekiq.capsules'],
    says: 'expected a map of names',
  },
  // types, units, ranges
  {
    what: 'text for a number',
    text: scenario({ host: 'host: {cores: "2"}' }),
    problems: ['2:15 SCN_TYPE host.cores'],
    says: 'write 2 without quotes',
  },
  {
    what: 'half a core',
    text: scenario({ host: 'host: {cores: 1.5}' }),
    problems: ['2:15 SCN_TYPE host.cores'],
    says: 'whole number',
  },
  {
    what: 'no core',
    text: scenario({ host: 'host: {cores: 0}' }),
    problems: ['2:15 SCN_RANGE host.cores'],
    says: 'from 1',
  },
  {
    what: 'infinity',
    text: scenario({ host: 'host: {cores: .inf}' }),
    problems: ['2:15 SCN_RANGE host.cores'],
    says: 'whole number',
  },
  {
    what: 'a duration without unit',
    text: scenario({ run: 'run: {duration: 60}' }),
    problems: ['7:17 SCN_UNIT run.duration'],
    says: 'write 60ms or 60s',
  },
  {
    what: 'a duration with an odd unit',
    text: scenario({ run: 'run: {duration: 3 fortnights}' }),
    problems: ['7:17 SCN_UNIT run.duration'],
    says: 'units: ns, us, ms',
  },
  {
    what: 'a negative duration',
    text: scenario({ run: 'run: {duration: -3s}' }),
    problems: ['7:17 SCN_RANGE run.duration'],
    says: 'negative',
  },
  {
    what: 'no duration at all',
    text: scenario({ run: 'run: {duration: 0s}' }),
    problems: ['7:17 SCN_RANGE run.duration'],
    says: 'longer than 0s',
  },
  {
    what: 'a duration beyond the clock',
    text: scenario({ run: 'run: {duration: 200d}' }),
    problems: ['7:17 SCN_RANGE run.duration'],
    says: '104 days',
  },
  {
    what: 'a size without unit',
    text: scenario({ host: 'host: {cores: 2, memory: 512}' }),
    problems: ['2:26 SCN_UNIT host.memory'],
    says: '512MiB',
  },
  {
    what: 'a rate without unit',
    text: scenario({ load: 'load: {open: {rate: 20}}' }),
    problems: ['6:21 SCN_UNIT load.open.rate'],
    says: 'write 20/s',
  },
  {
    what: 'a rate of nothing',
    text: scenario({ load: 'load: {open: {rate: 0/s}}' }),
    problems: ['6:21 SCN_RANGE load.open.rate'],
    says: 'above 0',
  },
  {
    what: 'a percentage',
    text: scenario({ run: 'run: {duration: 1min, confidence: 95}' }),
    problems: ['7:35 SCN_RANGE run.confidence'],
    says: '< 1',
  },
  {
    what: 'a warm-up of 10',
    text: scenario({ run: 'run: {duration: 1min, warmup: 10}' }),
    problems: ['7:31 SCN_RANGE run.warmup'],
    says: 'write 10s',
  },
  {
    what: 'a warm-up as long as the run',
    text: scenario({ run: 'run: {duration: 1min, warmup: 60s}' }),
    problems: ['7:31 SCN_RANGE run.warmup'],
    says: 'nothing is left',
  },
  {
    what: 'a fractional seed',
    text: scenario({ run: 'run: {seed: 0.5}' }),
    problems: ['7:13 SCN_TYPE run.seed'],
    says: 'whole number',
  },
  {
    what: 'requests and duration',
    text: scenario({ run: 'run: {duration: 1min, requests: 100}' }),
    problems: ['7:7 SCN_COMBINATION run.duration'],
    says: 'requests or duration',
  },
  // versions
  {
    what: 'an old Ruby',
    text: scenario({ ruby: 'ruby: {version: "2.5"}' }),
    problems: ['3:17 SCN_VERSION ruby.version'],
    says: '"3.3"',
  },
  {
    what: 'a vague Ruby',
    text: scenario({ ruby: 'ruby: {version: 3}' }),
    problems: ['3:17 SCN_VERSION ruby.version'],
    says: 'major and minor',
  },
  {
    what: 'a number that lost its zero',
    text: scenario({ ruby: 'ruby: {version: 3.10}' }),
    problems: ['3:17 SCN_VERSION ruby.version'],
    says: '3.10 without quotes is the number 3.1',
  },
  {
    what: 'an unknown Puma',
    text: scenario({ server: 'server: {puma: {version: "4.3"}}' }),
    problems: ['4:26 SCN_VERSION server.puma.version'],
    says: 'from 5.0',
  },
  {
    what: 'a vague Puma',
    text: scenario({ server: 'server: {puma: {version: 7}}' }),
    problems: ['4:26 SCN_VERSION server.puma.version'],
    says: '"7.2"',
  },
  {
    what: 'Ruby and Python',
    text: scenario({ more: 'python: {version: "3.12"}' }),
    problems: ['8:1 SCN_COMBINATION python'],
    says: 'ruby or python',
  },
  // choices
  {
    what: 'two servers',
    text: scenario({ server: 'server: {puma: {}, unicorn: {}}' }),
    problems: ['4:9 SCN_ONE_KEY server'],
    says: 'received puma, unicorn',
  },
  {
    what: 'no server in the map',
    text: scenario({ server: 'server: {}' }),
    problems: ['4:9 SCN_ONE_KEY server'],
    says: 'received none',
  },
  {
    what: 'a server as a word',
    text: scenario({ server: 'server: puma' }),
    problems: ['4:9 SCN_TYPE server'],
    says: 'one of the keys puma',
  },
  {
    what: 'a server that nobody knows',
    text: scenario({ server: 'server: {falcom: {}}' }),
    problems: ['4:10 SCN_UNKNOWN_KEY server.falcom'],
    says: 'did you mean "falcon"?',
  },
  {
    what: 'gc: false',
    text: scenario({ ruby: 'ruby: {gc: false}' }),
    problems: ['3:12 SCN_TYPE ruby.gc'],
    says: 'write off',
  },
  {
    what: 'gc with a typo',
    text: scenario({ ruby: 'ruby: {gc: of}' }),
    problems: ['3:12 SCN_CHOICE ruby.gc'],
    says: 'did you mean off?',
  },
  {
    what: 'overheads: no',
    text: scenario({ more: 'overheads: nine' }),
    problems: ['8:12 SCN_CHOICE overheads'],
    says: 'did you mean none?',
  },
  {
    what: 'yes for true',
    text: scenario({ server: 'server: {unicorn: {preload_app: yes}}' }),
    problems: ['4:33 SCN_TYPE server.unicorn.preload_app'],
    says: 'write true',
  },
  {
    what: 'threads upside down',
    text: scenario({ server: 'server: {puma: {threads: [5, 3]}}' }),
    problems: ['4:26 SCN_RANGE server.puma.threads'],
    says: 'min 5 is above max 3',
  },
  {
    what: 'threads as text',
    text: scenario({ server: 'server: {puma: {threads: "5"}}' }),
    problems: ['4:26 SCN_TYPE server.puma.threads'],
    says: 'write 5 without quotes',
  },
  // the application
  {
    what: 'neither classes nor recorded',
    text: scenario({ app: 'app: {}' }),
    problems: ['5:1 SCN_COMBINATION app'],
    says: 'classes or recorded',
  },
  {
    what: 'no classes',
    text: scenario({ app: 'app: {classes: []}' }),
    problems: ['5:16 SCN_RANGE app.classes'],
    says: 'at least one',
  },
  {
    what: 'a class that does nothing',
    text: scenario({ app: 'app: {classes: [{name: web}]}' }),
    problems: ['5:17 SCN_COMBINATION app.classes[0]'],
    says: 'received none',
  },
  {
    what: 'phases and cpu',
    text: scenario({ app: 'app: {classes: [{name: web, cpu: 5ms, phases: [{io: 5ms}]}]}' }),
    problems: ['5:17 SCN_COMBINATION app.classes[0]'],
    says: 'received cpu + phases',
  },
  {
    what: 'a name twice',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: 5ms}, {name: a, cpu: 5ms}]}' }),
    problems: ['5:45 SCN_NAME app.classes[1].name'],
    says: 'two classes',
  },
  {
    what: 'the name all',
    text: scenario({ app: 'app: {classes: [{name: all, cpu: 5ms}]}' }),
    problems: ['5:24 SCN_NAME app.classes[0].name'],
    says: 'all classes',
  },
  {
    what: 'weight 0',
    text: scenario({ app: 'app: {classes: [{name: a, weight: 0, cpu: 5ms}]}' }),
    problems: ['5:35 SCN_RANGE app.classes[0].weight'],
    says: '> 0',
  },
  {
    what: 'two kinds in a phase',
    text: scenario({ app: 'app: {classes: [{name: a, phases: [{cpu: 1ms, io: 1ms}]}]}' }),
    problems: ['5:36 SCN_ONE_KEY app.classes[0].phases[0]'],
    says: 'received cpu, io',
  },
  {
    what: 'more kept than allocated',
    text: scenario({ app: 'app: {classes: [{name: a, phases: [{allocate: {objects: 5, kept: 6}}]}]}' }),
    problems: ['5:66 SCN_RANGE app.classes[0].phases[0].allocate.kept'],
    says: 'keeps 6 of 5',
  },
  {
    what: 'copy on write without the sizes of the sum',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: 1ms}], memory: {copy_on_write: perfect}}' }),
    problems: ['5:48 SCN_COMBINATION app.memory.copy_on_write'],
    says: 'static and processing',
  },
  // distributions
  {
    what: 'a number as distribution',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: 5}]}' }),
    problems: ['5:32 SCN_UNIT app.classes[0].cpu'],
    says: 'write 5ms',
  },
  {
    what: 'a list as distribution',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: [5ms]}]}' }),
    problems: ['5:32 SCN_TYPE app.classes[0].cpu'],
    says: 'or a map with one of the keys constant',
  },
  {
    what: 'a misspelt family',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: {exponentail: {mean: 5ms}}}]}' }),
    problems: ['5:33 SCN_UNKNOWN_KEY app.classes[0].cpu.exponentail'],
    says: 'did you mean "exponential"?',
  },
  {
    what: 'a figure too many',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: {lognormal: {mean: 5ms, cv: 1, p95: 9ms}}}]}' }),
    problems: ['5:44 SCN_COMBINATION app.classes[0].cpu.lognormal'],
    says: 'mean + cv',
  },
  {
    what: 'an impossible median',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: {lognormal: {mean: 40ms, p50: 50ms}}}]}' }),
    problems: ['5:33 SCN_DISTRIBUTION app.classes[0].cpu.lognormal'],
    says: 'p50 50 must be below the mean 40 (times in ms)',
  },
  {
    what: 'a hyperexponential too regular',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: {hyperexponential: {mean: 40ms, cv: 0.5}}}]}' }),
    problems: ['5:64 SCN_DISTRIBUTION app.classes[0].cpu.hyperexponential.cv'],
    says: 'at least 1',
  },
  {
    what: 'a mean of nothing',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: {exponential: {mean: 0s}}}]}' }),
    problems: ['5:47 SCN_DISTRIBUTION app.classes[0].cpu.exponential.mean'],
    says: '> 0',
  },
  {
    what: 'a negative cv',
    text: scenario({ app: 'app: {classes: [{name: a, cpu: {gamma: {mean: 4ms, cv: -1}}}]}' }),
    problems: ['5:56 SCN_RANGE app.classes[0].cpu.gamma.cv'],
    says: '> 0',
  },
  // the load
  {
    what: 'a backlog of nothing',
    text: scenario({ load: 'load: {backlog: {jobs: 0}}' }),
    problems: ['6:24 SCN_RANGE load.backlog.jobs'],
    says: 'a whole number',
  },
  {
    what: 'two ways to arrive',
    text: scenario({ load: 'load: {open: {rate: 1/s, every: 1s}}' }),
    problems: ['6:14 SCN_COMBINATION load.open'],
    says: 'received rate + every',
  },
  {
    what: 'arrivals at once',
    text: scenario({ load: 'load: {open: {interarrival: 0s}}' }),
    problems: ['6:29 SCN_RANGE load.open.interarrival'],
    says: 'longer than 0s',
  },
  {
    what: 'a late first step',
    text: scenario({ load: 'load: {open: {rate: [{from: 1s, rate: 1/s}]}}' }),
    problems: ['6:29 SCN_RANGE load.open.rate[0].from'],
    says: '0s',
  },
  {
    what: 'steps out of order',
    text: scenario({ load: 'load: {open: {rate: [{from: 0s, rate: 1/s}, {from: 0s, rate: 2/s}]}}' }),
    problems: ['6:52 SCN_RANGE load.open.rate[1].from'],
    says: 'later',
  },
  {
    what: 'no users',
    text: scenario({ load: 'load: {closed: {users: 0}}' }),
    problems: ['6:24 SCN_RANGE load.closed.users'],
    says: '1',
  },
  {
    what: 'a file that is not there',
    text: scenario({ load: 'load: {recorded: {file: no.csv}}' }),
    problems: ['6:25 SCN_FILE load.recorded.file'],
    says: 'no file no.csv',
  },
  // variants and the rest
  {
    what: 'variants as a list',
    text: scenario({ more: 'variants: [a]' }),
    problems: ['8:11 SCN_TYPE variants'],
    says: 'map',
  },
  {
    what: 'a variant with its own run',
    text: scenario({ more: 'variants:\n  a: {run: {seed: 3}}' }),
    problems: ['9:7 SCN_VARIANT variants.a.run'],
    says: 'same for all variants',
  },
  {
    what: 'a variant with a slash',
    text: scenario({ more: 'variants:\n  a/b: {}' }),
    problems: ['9:3 SCN_NAME variants.a/b'],
    says: 'letters, digits',
  },
  {
    what: 'a typo in a variant',
    text: scenario({ more: 'variants:\n  a: {}\n  b:\n    server: {puma: {treads: 3}}' }),
    problems: ['11:21 SCN_UNKNOWN_KEY variants.b.server.puma.treads'],
    says: 'did you mean "threads"?',
  },
  {
    what: 'an unknown baseline',
    text: scenario({ more: 'baseline: puma4\nvariants: {puma-4: {}, puma-5: {}}' }),
    problems: ['8:11 SCN_CHOICE baseline'],
    says: 'did you mean puma-4?',
  },
  {
    what: 'a bad objective',
    text: scenario({ more: 'slo: [latency p99 < 1s]' }),
    problems: ['8:7 SCN_SLO slo[0]'],
    says: 'latency_ms',
  },
  {
    what: 'an objective for nobody',
    text: scenario({ more: 'slo:\n  - latency_ms{class:api} p99 < 1s' }),
    problems: ['9:5 SCN_SLO slo[0]'],
    says: 'no class is called api',
  },
  {
    what: 'a name for no folder',
    text: scenario({ more: 'name: a/b' }),
    problems: ['8:7 SCN_TYPE name'],
    says: 'letters, digits',
  },
  {
    what: 'extends itself',
    text: 'extends: case.yml\nversion: 1\n',
    problems: ['1:10 SCN_EXTENDS extends'],
    says: 'case.yml -> case.yml',
    files: { 'case.yml': 'extends: case.yml' },
  },
  {
    what: 'extends nothing',
    text: 'extends: base.yml\nversion: 1\n',
    problems: ['1:10 SCN_FILE extends'],
    says: 'no file base.yml',
  },
  {
    what: 'more calls of malloc than there is time for',
    text: scenario({
      app: 'app: {memory: {}, classes: [{name: web, phases: [{native: 1ms}], native_malloc: {per_ms: 5000}}]}',
    }),
    problems: ['5:90 SCN_RANGE app.classes[0].native_malloc.per_ms'],
    says: 'above 4545',
  },
  // keys of one mechanism that contradict each other
  {
    what: 'a limit with bounds upside down',
    text: scenario({ more: 'control: {admission: {aimd: {min: 50, max: 10}}}' }),
    problems: ['8:30 SCN_COMBINATION control.admission.aimd.min'],
    says: 'min 50 is above max 10',
  },
  {
    what: 'a limit that begins outside of its bounds',
    text: scenario({ more: 'control: {admission: {gradient: {initial: 500}}}' }),
    problems: ['8:34 SCN_COMBINATION control.admission.gradient.initial'],
    says: 'to max 200; received 500',
  },
  {
    what: 'thresholds of adaptive threads upside down',
    text: scenario({ more: 'control: {adaptive_threads: {above: 0.1, below: 0.5}}' }),
    problems: ['8:42 SCN_COMBINATION control.adaptive_threads.below'],
    says: 'greater than above 0.1',
  },
  {
    what: 'more threads at least than there are',
    text: scenario({ more: 'control: {adaptive_threads: {min: 9}}' }),
    problems: ['8:30 SCN_COMBINATION control.adaptive_threads.min'],
    says: 'the 3 threads',
  },
  {
    what: 'a first pause above the longest',
    text: scenario({ more: 'clients: {timeout: 1s, retries: {backoff: 30s}}' }),
    problems: ['8:34 SCN_COMBINATION clients.retries.backoff'],
    says: 'max_backoff 20s',
  },
  {
    what: 'a phased restart without workers',
    text: scenario({ server: 'server: {puma: {workers: 0}}', more: 'operations: [phased_restart: {at: 1s}]' }),
    problems: ['4:17 SCN_COMBINATION server.puma.workers'],
    says: 'workers must be 1 or more',
  },
];
