import { describe, expect, it } from 'vitest';
import type { SystemSpec } from '../../src/model/spec.js';
import { scenario } from './bad-inputs.js';
import { load } from './load-text.js';

function systemOf(changes: Parameters<typeof scenario>[0], files: Record<string, string> = {}): SystemSpec {
  const { experiment, problems } = load(scenario(changes), files);
  expect(problems).toEqual([]);
  return experiment!.configurations[0]!.system;
}

describe('the GVL policy follows from the version', () => {
  it.each([
    ['2.6', 'barging-deadline'],
    ['2.7.8', 'barging-deadline'],
    ['3.2', 'barging-deadline'],
    ['3.3', 'fifo-ticks'],
    ['3.5', 'fifo-ticks'],
    ['4.0', 'fifo-ticks'],
    ['4.1', 'hot-thread'],
    ['master', 'hot-thread'],
  ])('Ruby %s: %s', (version, policy) => {
    expect(systemOf({ ruby: `ruby: {version: "${version}"}` }).runtime.gvl).toBe(policy);
  });

  it('CPython: 5 ms, no queue, no Ruby collector', () => {
    const { runtime } = systemOf({ ruby: 'python: {version: "3.12"}', server: 'server: {ideal: {threads: 4}}' });
    expect(runtime).toEqual({
      language: 'python',
      version: '3.12',
      gvl: 'cpython',
      quantumNs: 5e6,
      gc: { kind: 'off' },
    });
  });

  it('a number that reads back as written is a version', () => {
    expect(systemOf({ ruby: 'ruby: {version: 3.1}' }).runtime.version).toBe('3.1');
  });

  it('without ruby or python it is the default Ruby', () => {
    expect(systemOf({ ruby: '' }).runtime).toMatchObject({
      language: 'ruby',
      version: '3.3',
      gc: { kind: 'allocation' },
    });
  });
});

describe("Ruby's collector", () => {
  it('has the defaults of Ruby unless told otherwise', () => {
    expect(systemOf({ ruby: '' }).runtime.gc).toEqual({
      kind: 'allocation',
      settings: {},
      warmUp: 'none',
      outOfBandRequests: 0,
      speed: 1,
    });
  });

  it('takes environment variables by their own names, sizes in bytes', () => {
    const env = 'env: {RUBY_GC_MALLOC_LIMIT: 32MiB, RUBY_GC_MALLOC_LIMIT_MAX: 64MiB, RUBY_GC_HEAP_GROWTH_FACTOR: 1.2}';
    const ruby = `ruby: {${env}, warmup: Process.warmup, out_of_band_gc: {requests: 10}}`;
    expect(systemOf({ ruby, host: 'host: {cores: 2, gc_speed: 2}' }).runtime.gc).toEqual({
      kind: 'allocation',
      settings: {
        RUBY_GC_MALLOC_LIMIT: 33_554_432,
        RUBY_GC_MALLOC_LIMIT_MAX: 67_108_864,
        RUBY_GC_HEAP_GROWTH_FACTOR: 1.2,
      },
      warmUp: 'Process.warmup',
      outOfBandRequests: 10,
      speed: 2,
    });
  });

  it.each([
    ['a lower bound above the upper one', 'env: {RUBY_GC_MALLOC_LIMIT: 64MiB}', 'ruby.env.RUBY_GC_MALLOC_LIMIT'],
    [
      'shares out of order',
      'env: {RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO: 0.1}',
      'ruby.env.RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO',
    ],
    ['Process.warmup before 3.3', 'version: "3.2", warmup: Process.warmup', 'ruby.warmup'],
  ])('refuses %s', (_what, ruby, at) => {
    const { problems } = load(scenario({ ruby: `ruby: {${ruby}}` }));
    expect(problems.map(({ path }) => path)).toEqual([at]);
  });

  it.each([
    ['a variable that the version does not read', 'env: {RUBY_GC_HEAP_INIT_SLOTS: 100000}'],
    ['settings of a heap that is not simulated', 'gc: "off", env: {RUBY_GC_HEAP_0_INIT_SLOTS: 100000}'],
  ])('warns of %s', (_what, ruby) => {
    const { warnings, problems } = load(scenario({ ruby: `ruby: {${ruby}}` }));
    expect([problems.length, warnings.length]).toEqual([0, 1]);
  });
});

describe('the host', () => {
  it('wakes slower when there are several cores', () => {
    expect(systemOf({ host: 'host: {cores: 1}' }).host.wakeLatencyNs).toBe(7000);
    expect(systemOf({ host: 'host: {cores: 2}' }).host).toEqual({
      cores: 2,
      scheduler: 'time-slices',
      timeSliceNs: 3e6,
      wakeLatencyNs: 45_000,
      warmWakeLatencyNs: 30_000,
      sleepOvershootNs: 100_000,
      ioCallNs: 27_000,
      preemptAfterNs: 300_000,
      somaxconn: 4096,
      coldCaches: true,
      cpuQuota: null,
      memoryBytes: Infinity,
      synLinearTimeouts: 4,
    });
  });

  it('may share its cores evenly', () => {
    const host = 'host: {cores: 2, scheduler: {processor_sharing: {}}, wake_latency: 3us}';
    expect(systemOf({ host }).host).toMatchObject({
      scheduler: 'processor-sharing',
      wakeLatencyNs: 3000,
      warmWakeLatencyNs: 3000,
    });
  });
});

describe('Puma delays accepting by the rules of its version', () => {
  it.each([
    ['5.6', '', 0],
    ['6.6', '', 5e6],
    ['6.6', ', wait_for_less_busy_worker: 0ms', 0],
    ['5.6', ', wait_for_less_busy_worker: 2ms', 2e6],
  ])('%s%s', (version, more, delayNs) => {
    const { params } = systemOf({ server: `server: {puma: {version: "${version}"${more}}}` }).server;
    expect(params).toMatchObject({ waitForLessBusyWorkerNs: delayNs });
  });

  it('threads: n is [n, n]; without threads Puma has none at rest and five at most', () => {
    expect(systemOf({ server: 'server: {puma: {threads: 4}}' }).server.params).toMatchObject({
      minThreads: 4,
      maxThreads: 4,
    });
    expect(systemOf({ server: 'server: {puma: {threads: [1, 4]}}' }).server.params).toMatchObject({
      minThreads: 1,
      maxThreads: 4,
    });
    expect(systemOf({ server: 'server: {puma: {}}' }).server.params).toMatchObject({ minThreads: 0, maxThreads: 5 });
  });
});

describe('a class of requests', () => {
  const phasesOf = (text: string) => systemOf({ app: `app: {classes: [{name: web, ${text}}]}` }).app.classes[0]!.phases;
  const shape = (text: string) =>
    phasesOf(text).map((p) => [p.kind, p.demand.name, p.demand.mean, p.share?.parts ?? 1]);

  it('divides its CPU time evenly before, between and after the waits, from one draw', () => {
    const phases = phasesOf('cpu: 30ms, io: {calls: 2, each: {exponential: {mean: 5ms}}}');
    expect(phases.map((p) => [p.kind, p.demand.name, p.share?.parts ?? 1])).toEqual([
      [0, 'constant', 3],
      [1, 'exponential', 1],
      [0, 'constant', 3],
      [1, 'exponential', 1],
      [0, 'constant', 3],
    ]);
    expect(new Set(phases.filter((p) => p.kind === 0).map((p) => p.share!.group))).toEqual(new Set([0]));
  });

  it('may only compute, or only wait', () => {
    expect(shape('cpu: 30ms')).toEqual([[0, 'constant', 30e6, 1]]);
    expect(shape('io: {calls: 2, each: 5ms}')).toEqual([
      [1, 'constant', 5e6, 1],
      [1, 'constant', 5e6, 1],
    ]);
  });

  it('may be spelled out', () => {
    const text = 'phases: [{cpu: 1ms}, {io: 2ms}, {hold: 3ms}, {native: 4ms}, {allocate: {objects: 500, kept: 50}}]';
    expect(shape(text)).toEqual([
      [0, 'constant', 1e6, 1],
      [1, 'constant', 2e6, 1],
      [2, 'constant', 3e6, 1],
      [3, 'constant', 4e6, 1],
      [4, 'constant', 500, 1],
    ]);
    expect(phasesOf(text)[4]!.keptObjects).toBe(50);
  });

  it('allocates nothing unless it says so', () => {
    expect(systemOf({}).app.classes[0]).toMatchObject({ weight: 1, allocatedObjects: 0, mallocBytes: 0 });
  });
});

describe('distributions', () => {
  const meanOf = (text: string, files = {}) =>
    systemOf({ app: `app: {classes: [{name: web, cpu: ${text}}]}` }, files).app.classes[0]!.phases[0]!.demand.mean;

  it.each([
    ['{constant: {value: 5ms}}', 5e6],
    ['{uniform: {min: 2ms, max: 8ms}}', 5e6],
    ['{triangular: {min: 1ms, mode: 2ms, max: 3ms}}', 2e6],
    ['{exponential: {mean: 5ms}}', 5e6],
    ['{lognormal: {mean: 5ms, cv: 0.8}}', 5e6],
    ['{gamma: {mean: 5ms, cv: 0.5}}', 5e6],
    ['{weibull: {mean: 5ms, shape: 2}}', 5e6],
    ['{pareto: {mean: 5ms, shape: 2.5}}', 5e6],
    ['{hyperexponential: {mean: 5ms, cv: 2}}', 5e6],
    ['{hyperexponential: {branches: [{weight: 1, mean: 2ms}, {weight: 3, mean: 6ms}]}}', 5e6],
    ['{empirical: {values: [1ms, 2ms, 6ms]}}', 3e6],
  ])('%s has the stated mean', (text, meanNs) => {
    expect(meanOf(text)).toBeCloseTo(meanNs, 0);
  });

  it('lognormal by median and 95th percentile', () => {
    const { demand } = systemOf({ app: 'app: {classes: [{name: a, cpu: {lognormal: {p50: 40ms, p95: 120ms}}}]}' }).app
      .classes[0]!.phases[0]!;
    expect(demand.quantile(0.5)).toBeCloseTo(40e6, 0);
    expect(demand.quantile(0.95)).toBeCloseTo(120e6, 0);
  });

  it('an empirical one reads a column in the unit of its name', () => {
    const files = { 'runs.csv': 'name,run_us\na,1000\nb,3000\n' };
    expect(meanOf('{empirical: {file: runs.csv, column: run_us}}', files)).toBe(2e6);
  });
});

describe('the load', () => {
  it('a rate is Poisson arrivals', () => {
    const { load: arrivals } = systemOf({ load: 'load: {open: {rate: 7200/min}}' });
    expect(arrivals).toMatchObject({ kind: 'renewal', interarrival: { name: 'exponential', mean: 1e9 / 120 } });
  });

  it('every: the same time between arrivals', () => {
    expect(systemOf({ load: 'load: {open: {every: 10ms}}' }).load).toMatchObject({
      interarrival: { name: 'constant', mean: 10e6 },
    });
  });

  it('a list of rates holds from one time to the next', () => {
    const text = 'load: {open: {rate: [{from: 0s, rate: 10/s}, {from: 1min, rate: 0/s}, {from: 2min, rate: 5/s}]}}';
    expect(systemOf({ load: text }).load).toEqual({
      kind: 'poisson-steps',
      fromNs: [0, 60e9, 120e9],
      ratePerSec: [10, 0, 5],
    });
  });

  it('closed', () => {
    const text = 'load: {closed: {users: 8, think: {exponential: {mean: 1s}}, keep_alive: true}}';
    expect(systemOf({ load: text }).load).toMatchObject({
      kind: 'closed',
      users: 8,
      think: { mean: 1e9 },
      keepAlive: true,
    });
  });
});

describe('garbage collection', () => {
  it.each([
    ['{every: 200ms, pause: 5ms}', { everyRunNs: 200e6, everyRequests: 0 }],
    ['{every: {requests: 40}, pause: {uniform: {min: 5ms, max: 9ms}}}', { everyRunNs: 0, everyRequests: 40 }],
  ])('%s', (text, expected) => {
    expect(systemOf({ ruby: `ruby: {gc: ${text}}` }).runtime.gc).toMatchObject({ kind: 'explicit', ...expected });
  });
});

describe('warnings do not keep a scenario from running', () => {
  const codesOf = (changes: Parameters<typeof scenario>[0]) => {
    const { experiment, warnings } = load(scenario(changes));
    expect(experiment).not.toBeNull();
    return warnings.map((w) => `${w.line}:${w.column} ${w.code}`);
  };

  it('a time slice that this Ruby cannot set', () => {
    expect(codesOf({ ruby: 'ruby: {version: "3.1", timeslice: 15ms}' })).toEqual(['3:35 SCN_TIMESLICE_VERSION']);
  });

  it('a time slice off the ticks', () => {
    expect(codesOf({ ruby: 'ruby: {version: "3.4", timeslice: 15ms}' })).toEqual(['3:35 SCN_TIMESLICE_TICK']);
    expect(codesOf({ ruby: 'ruby: {version: "3.4", timeslice: 20ms}' })).toEqual([]);
  });

  it('more load than capacity', () => {
    expect(codesOf({ load: 'load: {open: {rate: 250/s}}' })).toEqual(['6:1 SCN_UNSTABLE']);
  });

  it.each([
    ['without memory', '', 'native: 1ms', true],
    ['with the textbook sum', 'memory: {copy_on_write: none, static: 1GiB, processing: 1MiB}, ', 'native: 1ms', true],
    ['without native code', 'memory: {}, ', 'cpu: 1ms', true],
    ['with memory and native code', 'memory: {}, ', 'native: 1ms', false],
  ])('native code that mallocs %s', (_, memory, phase, isWarned) => {
    const start = `app: {${memory}classes: [{name: web, phases: [{${phase}}], `;
    expect(codesOf({ app: `${start}native_malloc: {per_ms: 5}}]}` })).toEqual(
      isWarned ? [`5:${start.length + 1} SCN_MEMORY`] : [],
    );
  });

  it('Python on a Ruby server', () => {
    expect(codesOf({ ruby: 'python: {version: "3.12"}' })).toEqual(['4:10 SCN_LANGUAGE']);
  });
});
