import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { serverTypes } from '../src/model/servers/registry.js';
import { packageOf, readSources, roomOf } from './support/sources.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = readSources(path.join(ROOT, 'src'));

/** What each room may import besides itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  statistics: [],
  schema: [],
  random: ['schema'],
  model: ['kernel', 'random', 'schema'],
  experiment: ['kernel', 'model', 'random', 'statistics', 'schema'],
  report: ['experiment', 'statistics', 'schema', 'model'],
  scenario: ['kernel', 'model', 'experiment', 'report', 'random', 'schema'],
  cli: ['kernel', 'model', 'experiment', 'report', 'random', 'schema', 'statistics', 'scenario', 'index.ts'],
};
/** Entry points: doors to the rooms behind them. */
const DOORS: Record<string, readonly string[]> = {
  'browser.ts': ['kernel', 'model', 'experiment', 'report', 'random', 'schema', 'statistics', 'scenario'],
  'extend.ts': ['kernel', 'model', 'schema'],
  'index.ts': [
    'kernel',
    'model',
    'experiment',
    'report',
    'random',
    'schema',
    'statistics',
    'scenario',
    'cli',
    'browser.ts',
  ],
};

/** The one room through which a package comes in. */
const ROOM_OF_PACKAGE: Record<string, readonly string[]> = {
  seedrandom: ['random'],
  'simple-statistics': ['statistics'],
  jstat: ['statistics'],
  'hdr-histogram-js': ['statistics'],
  zod: ['schema'],
  'parse-duration': ['schema'],
  convert: ['schema'],
  yaml: ['scenario'],
  'csv-parse': ['scenario'],
  'csv-stringify': ['report'],
  yargs: ['cli'],
  tinypool: ['cli'],
  picocolors: ['cli'],
  'cli-table3': ['cli'],
};

/** Within the model, from the ground up; the files of its top level are told apart. */
const MODEL_LAYERS: readonly (readonly string[])[] = [
  [
    'phases.ts',
    'observations.ts',
    'spec.ts',
    'app-spec.ts',
    'edges-spec.ts',
    'control-spec.ts',
    'operations-spec.ts',
    'memory-spec.ts',
    'memory-figures.ts',
  ],
  ['entities'],
  ['gc', 'services'],
  ['memory'],
  ['site.ts', 'cpu', 'reception'],
  ['runtimes'],
  ['processes'],
  ['workers'],
  ['servers'],
  ['control'],
  ['edge'],
  ['operations'],
  ['clients'],
  ['bench.ts'],
];

/** Beside the servers' folders: what several of them are made of. */
const COMMON = 'common';

/** Folders of the experiment, each of which may import from those before it. */
const EXPERIMENT_LAYERS: readonly string[] = [
  'metrics',
  'load',
  'warm-up',
  'recording',
  'estimates',
  'replay',
  'claims',
  'search',
];

/**
 * Folders of the scenario, each of which may import from those before it: from texts to the tree of a file, to configurations, to
 * experiments, to many of them.
 */
const SCENARIO_LAYERS: readonly string[] = [
  'notation',
  'schema',
  'source',
  'csv',
  'grid',
  'build',
  'check',
  'loading',
  'plans',
  'explain',
  'describe',
];

function modelLayer(file: string): number {
  const name = file.split('/')[1]!;
  return MODEL_LAYERS.findIndex((names) => names.includes(name));
}

/** `model/servers/puma/costs.ts` -> `puma`. */
function serverFolder(file: string): string | undefined {
  return /^model\/servers\/([^/]+)\//.exec(file)?.[1];
}

describe('the rooms of src/', () => {
  it('are the ones that the rules are about', () => {
    const rooms = new Set(SOURCES.map(({ file }) => roomOf(file)));
    expect([...rooms].sort()).toEqual([...Object.keys(MAY_IMPORT), ...Object.keys(DOORS)].sort());
  });

  it('import one way', () => {
    const offences = SOURCES.flatMap(({ file, imports }) => {
      const room = roomOf(file);
      const allowed = [room, ...(MAY_IMPORT[room] ?? DOORS[room] ?? [])];
      return ownFiles(imports)
        .filter((other) => !allowed.includes(roomOf(other)))
        .map((other) => `${file} imports ${other}`);
    });
    expect(offences).toEqual([]);
  });

  it('report knows the model by its types and by the names of what is observed', () => {
    const offences = SOURCES.filter(({ file }) => roomOf(file) === 'report').flatMap(({ file, valueImports }) =>
      ownFiles(valueImports)
        .filter((other) => roomOf(other) === 'model' && other !== 'model/observations.ts')
        .map((other) => `${file} imports ${other}`),
    );
    expect(offences).toEqual([]);
  });

  it('import files that exist', () => {
    const missing = SOURCES.flatMap(({ file, imports }) =>
      ownFiles(imports)
        .filter(
          (other) =>
            !SOURCES.some((source) => source.file === other || source.file === other.replace(/\.ts$/, '.d.ts')),
        )
        .map((other) => `${file} imports ${other}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the model', () => {
  const files = SOURCES.filter(({ file }) => roomOf(file) === 'model');

  it('consists of the layers that the rule is about', () => {
    expect(files.filter(({ file }) => modelLayer(file) === -1).map(({ file }) => file)).toEqual([]);
  });

  it('imports from lower layers or within a part', () => {
    const offences = files.flatMap(({ file, imports }) =>
      ownFiles(imports)
        .filter((other) => roomOf(other) === 'model' && other.split('/')[1] !== file.split('/')[1])
        .filter(
          (other) =>
            modelLayer(other) > modelLayer(file) || (modelLayer(other) === modelLayer(file) && modelLayer(file) > 0),
        )
        .map((other) => `${file} imports ${other}`),
    );
    expect(offences).toEqual([]);
  });

  it('has a folder for each server, and one for what several servers are made of', () => {
    const folders = new Set(files.flatMap(({ file }) => serverFolder(file) ?? []));
    expect([...folders].sort()).toEqual([...serverTypes().map(({ name }) => name), COMMON].sort());
  });

  it('lets no server know another, and what they share know none of them', () => {
    const offences = files.flatMap(({ file, imports }) => {
      const folder = serverFolder(file);
      return ownFiles(imports)
        .filter((other) => folder !== undefined && (serverFolder(other) ?? folder) !== folder)
        .filter((other) => serverFolder(other) !== COMMON)
        .map((other) => `${file} imports ${other}`);
    });
    expect(offences).toEqual([]);
  });

  it('names a server in its own folder and in the registry only: everything else asks the registry', () => {
    const names = new Set(files.flatMap(({ file }) => serverFolder(file) ?? []).filter((name) => name !== COMMON));
    const offences = SOURCES.filter(
      ({ file }) => (serverFolder(file) ?? COMMON) === COMMON && file !== 'model/servers/registry.ts',
    ).flatMap(({ file, code }) =>
      [...names].filter((name) => new RegExp(`['"\`]${name}['"\`]`).test(code)).map((name) => `${file}: ${name}`),
    );
    expect(offences).toEqual([]);
  });
});

describe.each([
  ['experiment', EXPERIMENT_LAYERS],
  ['scenario', SCENARIO_LAYERS],
])('the %s', (room, layers) => {
  const folderOf = (file: string): string | null => new RegExp(`^${room}/([^/]+)/`).exec(file)?.[1] ?? null;
  const files = SOURCES.filter(({ file }) => folderOf(file) !== null);

  it('consists of the folders that the rule is about', () => {
    expect([...new Set(files.map(({ file }) => folderOf(file)))].sort()).toEqual([...layers].sort());
  });

  it('imports from folders before, or from its top level, where what they share is described', () => {
    const layer = (file: string): number => layers.indexOf(folderOf(file) ?? '');
    const offences = files.flatMap(({ file, imports }) =>
      ownFiles(imports)
        .filter((other) => layer(other) > layer(file))
        .map((other) => `${file} imports ${other}`),
    );
    expect(offences).toEqual([]);
  });
});

describe('mechanisms', () => {
  const modelFiles = SOURCES.filter(({ file }) => roomOf(file) === 'model');

  it('that have events of their own show their states in the header', () => {
    const withEvents = modelFiles.filter(({ code }) => /\.define\(/.test(code));
    expect(withEvents.length).toBeGreaterThan(0);
    expect(withEvents.filter((source) => !hasDiagram(source)).map(({ file }) => file)).toEqual([]);
  });

  it('have one such header in each folder at least, but where there are only rules, figures or settings', () => {
    const stateless = [
      'model', // specifications, and where all is put together
      'model/control',
      'model/control/adaptive-threads', // settings; the mechanism is in model/workers/adaptive-threads
      'model/edge/load-balancer/policies',
      'model/entities',
      'model/memory/metrics',
      'model/servers', // what a server is, and the list of them
      'model/servers/common', // settings that several have; what they are made of is in its folders
    ];
    const folders = new Set(modelFiles.map(({ file }) => path.posix.dirname(file)));
    const without = [...folders].filter(
      (folder) => !modelFiles.some((source) => path.posix.dirname(source.file) === folder && hasDiagram(source)),
    );
    expect(without.sort()).toEqual(stateless);
  });
});

describe('packages', () => {
  it('come in through one room each', () => {
    const offences = SOURCES.flatMap(({ file, imports }) =>
      packages(imports)
        .filter((name) => !ROOM_OF_PACKAGE[name]?.includes(roomOf(file)))
        .map((name) => `${file} imports ${name}`),
    );
    expect(offences).toEqual([]);
  });

  it('that are declared are used, and the other way round', () => {
    const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies ?? {})];
    const used = new Set(SOURCES.flatMap(({ imports }) => packages(imports)));
    expect(declared.sort()).toEqual([...used].sort());
  });

  it('of Node are known to the command line alone', () => {
    const offences = SOURCES.filter(({ file }) => roomOf(file) !== 'cli' && file !== 'index.ts').flatMap(
      ({ file, imports }) =>
        imports.filter((specifier) => specifier.startsWith('node:')).map((specifier) => `${file} imports ${specifier}`),
    );
    expect(offences).toEqual([]);
  });
});

describe('kernel and model', () => {
  const FORBIDDEN = [
    /\bMath\.random\b/,
    /\bDate\b/,
    /\bperformance\b/,
    /\basync\b/,
    /\bawait\b/,
    /\bPromise\b/,
    /\bset(?:Timeout|Interval|Immediate)\b/,
    /\bconsole\b/,
    /\bglobalThis\b/,
  ];

  it('know no clock but their own, no chance but the streams, and no waiting', () => {
    const offences = SOURCES.filter(({ file }) => ['kernel', 'model'].includes(roomOf(file))).flatMap(
      ({ file, code }) =>
        FORBIDDEN.filter((pattern) => pattern.test(code)).map((pattern) => `${file}: ${pattern.source}`),
    );
    expect(offences).toEqual([]);
  });

  it('take powers by exp and log, on which engines agree; but for squares and powers of 2 and 10, whose every bit is given', () => {
    const powers = SOURCES.filter(({ file }) => !file.startsWith('statistics/formulas/')).flatMap(({ file, code }) =>
      Array.from(code.matchAll(/(\S+) \*\* (\S+)|Math\.pow/g), ([text, base, exponent]) => ({
        file,
        text,
        base,
        exponent,
      })),
    );
    const given = powers.filter(
      ({ base, exponent }) => /(^|\W)(2|10)$/.test(base ?? '') || /^2\b/.test(exponent ?? ''),
    );
    expect(given.length).toBeGreaterThan(0);
    expect(powers.filter((power) => !given.includes(power))).toEqual([]);
  });

  it('draw from streams only: nobody outside random seeds a generator', () => {
    const offences = SOURCES.filter(({ code, file }) => roomOf(file) !== 'random' && /\balea\s*\(/.test(code));
    expect(offences.map(({ file }) => file)).toEqual([]);
  });
});

describe('everything but the command line', () => {
  it('compiles with the types of neither Node nor a browser', () => {
    const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(existsSync(compiler)).toBe(true);
    const report = compile(compiler, 'src/tsconfig.portable.json');
    expect(report).toBe('');
  });
});

/** Whether a comment of the file draws what becomes of what. */
function hasDiagram({ file }: { readonly file: string }): boolean {
  const text = readFileSync(path.join(ROOT, 'src', file), 'utf8');
  return Array.from(text.matchAll(/^ \* ```\n((?: \*.*\n)*?) \* ```$/gm)).some(([, drawn]) => /--|->/.test(drawn!));
}

/** The problems that the compiler reports; empty if there are none. */
function compile(compiler: string, config: string): string {
  try {
    execFileSync(process.execPath, [compiler, '-p', config, '--noEmit'], { cwd: ROOT, encoding: 'utf8' });
    return '';
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error);
  }
}

function ownFiles(imports: readonly string[]): string[] {
  return imports.filter((specifier) => specifier.endsWith('.ts'));
}

function packages(imports: readonly string[]): string[] {
  return imports.filter((specifier) => !specifier.endsWith('.ts') && !specifier.startsWith('node:')).map(packageOf);
}
