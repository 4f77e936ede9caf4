import { describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../src/experiment/spec.js';
import type { LoadOptions } from '../../src/scenario/index.js';
import { splitPath } from '../../src/scenario/source/override.js';
import { scenario } from './bad-inputs.js';
import { load, places } from './load-text.js';

function experiment(text: string, files = {}, options: Partial<LoadOptions> = {}): ExperimentSpec {
  const loaded = load(text, files, options);
  expect(loaded.problems).toEqual([]);
  return loaded.experiment!;
}

const system = (e: ExperimentSpec, k = 0) => e.configurations[k]!.system;

describe('a variant', () => {
  const variants = (text: string) => experiment(scenario({ more: `variants:\n${text}` }));

  it('changes what it states and keeps the rest', () => {
    const e = variants('  a: {}\n  b: {server: {puma: {threads: 8}}}\n  c: {host: {cores: 8}}');
    expect(system(e, 0).server.params).toMatchObject({ workers: 2, maxThreads: 3 });
    expect(system(e, 1).server.params).toMatchObject({ workers: 2, maxThreads: 8 });
    expect(system(e, 2).host.cores).toBe(8);
  });

  it('with another server replaces the server', () => {
    const e = variants('  u: {server: {unicorn: {worker_processes: 3}}}');
    expect(system(e).server).toMatchObject({ type: 'unicorn', params: { workerProcesses: 3 } });
  });

  it('with another load replaces the load', () => {
    expect(system(variants('  c: {load: {closed: {users: 3}}}')).load).toMatchObject({ kind: 'closed', users: 3 });
    expect(system(variants('  c: {load: {open: {every: 1s}}}')).load).toMatchObject({
      interarrival: { name: 'constant' },
    });
  });

  it('replaces a distribution as a whole', () => {
    const base = scenario({ load: 'load: {closed: {users: 3, think: {lognormal: {mean: 1s, cv: 1}}}}' });
    const e = experiment(`${base}\nvariants: {a: {load: {closed: {think: {lognormal: {p50: 1s, p95: 3s}}}}}}`);
    const { load: closed } = system(e);
    expect(closed).toMatchObject({ kind: 'closed', users: 3 });
    expect(closed.kind === 'closed' && closed.think.quantile(0.95)).toBeCloseTo(3e9, 0);
  });

  it('with Python drops Ruby, with recorded demands drops the classes', () => {
    const text = '  p: {python: {version: "3.12"}, app: {recorded: {file: t.csv}}}';
    const e = experiment(scenario({ more: `variants:\n${text}` }), { 't.csv': 'phases\nc1\n' });
    expect(system(e).runtime.language).toBe('python');
    expect(system(e).app.recorded!.count).toBe(1);
  });

  it('takes a key away with null', () => {
    const e = experiment(
      scenario({ host: 'host: {cores: 2, wake_latency: 1us}', more: 'variants: {a: {host: {wake_latency: ~}}}' }),
    );
    expect(system(e).host.wakeLatencyNs).toBe(45_000);
  });

  it('must agree with the others on the length of the run', () => {
    const more = 'variants:\n  a: {}\n  b: {load: {recorded: {file: t.csv}}}';
    const files = { 't.csv': 'arrival_ms\n0\n1\n' };
    expect(places(load(scenario({ run: '', more }), files))).toEqual(['1:1 SCN_VARIANT run']);
    expect(places(load(scenario({ run: 'run: {duration: 1s, warmup: 0s}', more }), files))).toEqual([]);
  });

  it('is compared with the baseline that the file names', () => {
    expect(experiment(scenario({ more: 'variants: {a: {}, b: {}}' })).baseline).toBe('a');
    expect(experiment(scenario({ more: 'variants: {a: {}, b: {}}\nbaseline: b' })).baseline).toBe('b');
  });
});

describe('extends', () => {
  const base = scenario({ more: 'name: base\ndescription: the base\nvariants: {a: {}, b: {host: {cores: 4}}}' });

  it('changes the other file key by key; name and description are its own', () => {
    const e = experiment('version: 1\nextends: base.yml\nhost: {cores: 8}\nrun: {requests: 50}', { 'base.yml': base });
    expect(e).toMatchObject({ name: 'case', description: '', run: { requests: 50, durationNs: Infinity } });
    expect(e.configurations.map((c) => [c.variant, c.system.host.cores])).toEqual([
      ['a', 8],
      ['b', 4],
    ]);
  });

  it('merges, adds and removes variants', () => {
    const text = 'version: 1\nextends: base.yml\nvariants:\n  a: ~\n  b: {server: {puma: {threads: 9}}}\n  c: {}';
    const e = experiment(text, { 'base.yml': base });
    expect(e.configurations.map((c) => c.variant)).toEqual(['b', 'c']);
    expect(system(e)).toMatchObject({ host: { cores: 4 }, server: { params: { workers: 2, maxThreads: 9 } } });
  });

  it('goes through folders, and a problem is told in the file that has it', () => {
    const files = {
      'lib/mid.yml': 'version: 1\nextends: ../base.yml\n',
      'base.yml': scenario({ host: 'host: {cores: 0}' }),
    };
    const { problems } = load('version: 1\nextends: lib/mid.yml', files);
    expect(problems.map((p) => [p.file, p.line, p.column, p.path])).toEqual([['base.yml', 2, 15, 'host.cores']]);
  });

  it('in a circle is refused', () => {
    const files = { 'a.yml': 'extends: b.yml', 'b.yml': 'extends: a.yml' };
    expect(load('extends: a.yml', files).problems).toMatchObject([{ file: 'b.yml', line: 1, code: 'SCN_EXTENDS' }]);
  });
});

describe('--set', () => {
  const set = (...args: string[]) => load(scenario({}), {}, { set: args });
  const COMPARED = scenario({ more: 'variants:\n  p: {}\n  u: {server: {unicorn: {}}}\n  p-6.6: {}' });

  it('replaces what is at a path, the value being YAML', () => {
    const e = experiment(
      scenario(),
      {},
      {
        set: [
          'host.cores=16',
          'server.puma.threads=[1, 7]',
          'app.classes.web.cpu={exponential: {mean: 3ms}}',
          'run.requests=50',
        ],
      },
    );
    expect(system(e)).toMatchObject({ host: { cores: 16 }, server: { params: { minThreads: 1, maxThreads: 7 } } });
    expect(system(e).app.classes[0]!.phases[0]!.demand).toMatchObject({ name: 'exponential', mean: 3e6 });
    expect(e.run).toMatchObject({ requests: 50, durationNs: Infinity });
  });

  it('applies to every variant that it fits', () => {
    const e = experiment(COMPARED, {}, { set: ['host.cores=3', 'server.puma.threads=9'] });
    expect(e.configurations.map((c) => c.system.host.cores)).toEqual([3, 3, 3]);
    expect(system(e, 0).server.params).toMatchObject({ workers: 2, maxThreads: 9 });
    expect(system(e, 1).server.type).toBe('unicorn');
  });

  it('may name one variant', () => {
    const e = experiment(
      COMPARED,
      {},
      { set: ['variants.u.server.unicorn.worker_processes=5', 'variants."p-6.6".host.cores=7'] },
    );
    expect(system(e, 1).server.params).toMatchObject({ workerProcesses: 5 });
    expect(e.configurations.map((c) => c.system.host.cores)).toEqual([2, 2, 7]);
  });

  it.each([
    ['host.cores', '1:1 SCN_SET ', 'path=value'],
    ['=3', '1:1 SCN_SET ', 'path=value'],
    ['host..cores=3', '1:1 SCN_SET ', 'path=value'],
    ['host.cores=[', '1:12 SCN_SET host.cores', ''],
    ['host.cores=many', '1:12 SCN_TYPE host.cores', 'whole number'],
    ['host.coers=3', '1:1 SCN_UNKNOWN_KEY host.coers', 'did you mean "cores"'],
    ['hots.cores=3', '1:1 SCN_UNKNOWN_KEY hots', 'did you mean "host"'],
    ['server.unicorn.timeout=3s', '1:1 SCN_SET server.unicorn.timeout', 'no configuration has server.unicorn'],
    ['app.classes.api.cpu=3ms', '1:1 SCN_SET app.classes.api.cpu', 'there are web'],
    ['app.classes.5.cpu=3ms', '1:1 SCN_SET app.classes.5.cpu', 'there are web'],
    ['server.puma={threads: 3, treads: 4}', '1:26 SCN_UNKNOWN_KEY server.puma.treads', 'did you mean'],
    ['run.seed.low=3', '1:1 SCN_SET run.seed.low', 'run.seed has no keys'],
  ])('%s is a problem of the argument', (argument, place, says) => {
    const loaded = set(argument);
    expect(places(loaded)).toEqual([place]);
    expect(loaded.problems[0]).toMatchObject({ file: '--set', excerpt: argument });
    expect(`${loaded.problems[0]!.message} ${loaded.problems[0]!.hint}`).toContain(says);
  });

  it('names the argument by its number', () => {
    expect(places(set('host.cores=3', 'host.cores=x'))).toEqual(['2:12 SCN_TYPE host.cores']);
  });

  it.each([
    ['a.b', ['a', 'b']],
    ['a[0].b', ['a', '0', 'b']],
    ['a."b.c".d', ['a', 'b.c', 'd']],
    ['a["b.c"]', ['a', 'b.c']],
  ])('path %s', (path, keys) => {
    expect(splitPath(path)).toEqual(keys);
  });

  it.each(['a..b', '.a', 'a.', 'a b', 'a[', 'a["b]'])('no path: %s', (path) => {
    expect(splitPath(path)).toBeNull();
  });
});

describe('flags of their own', () => {
  it('override the run', () => {
    const overrides = { seed: 9, replications: 3, requests: 200, warmupText: '0.25' };
    expect(experiment(scenario(), {}, { overrides }).run).toMatchObject({
      seed: 9,
      replications: 3,
      requests: 200,
      durationNs: Infinity,
      warmup: { kind: 'fraction', fraction: 0.25 },
    });
    expect(experiment(scenario(), {}, { overrides: { durationText: '5s', warmupText: '1s' } }).run).toMatchObject({
      durationNs: 5e9,
      warmup: { kind: 'time', ns: 1e9 },
    });
  });

  it('with a mistake are told by the flag', () => {
    const { problems } = load(scenario(), {}, { overrides: { replications: 0, durationText: '5' } });
    expect(problems.map((p) => `${p.file} ${p.column} ${p.code} ${p.excerpt}`).sort()).toEqual([
      '--duration 12 SCN_UNIT --duration 5',
      '--replications 16 SCN_RANGE --replications 0',
    ]);
  });
});

describe('YAML', () => {
  it('merge keys and anchors work; what is stated wins', () => {
    const text = scenario({
      app: 'app:\n  classes:\n    - &web {name: web, cpu: 10ms, allocations: 5}\n    - {<<: *web, name: api, weight: 2}',
    });
    expect(system(experiment(text)).app.classes).toMatchObject([
      { name: 'web', weight: 1, allocatedObjects: 5 },
      { name: 'api', weight: 2, allocatedObjects: 5 },
    ]);
  });

  it('JSON is accepted', () => {
    const plain = {
      version: 1,
      host: { cores: 1 },
      server: { ideal: {} },
      app: { classes: [{ name: 'a', cpu: '1ms' }] },
      load: { open: { rate: '1/s' } },
    };
    expect(system(experiment(JSON.stringify(plain, null, 2))).server.type).toBe('ideal');
  });

  it('aliases that explode are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let k = 1; k < 9; k++)
      lines.push(
        `a${k}: &a${k} [${Array(10)
          .fill(`*a${k - 1}`)
          .join(', ')}]`,
      );
    expect(load(lines.join('\n')).problems.map((p) => p.code)).toEqual(['SCN_ALIAS']);
  });
});
