import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Loaded, loadScenario } from '../../src/scenario/index.js';

const folder = new URL('./contract/', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const open = (file: string): Loaded => loadScenario({ file, text: readText(file) }, { readText });
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));

describe('scenario files that must keep working', () => {
  it.each(files)('%s loads', (file) => {
    const { experiment, problems } = open(file);
    expect(problems).toEqual([]);
    expect(experiment!.name).toBe(file.replace('.yml', ''));
  });

  it('jobs.yml: a backlog that four job processors drain, without an end by the clock and without a warm-up', () => {
    const { configurations, run } = open('jobs.yml').experiment!;
    expect(configurations.map(({ system }) => system.server.type)).toEqual(['sidekiq', 'sidekiq', 'sidekiq', 'resque']);
    expect(configurations[0]!.system.load).toEqual({ kind: 'backlog', jobs: 20_000 });
    expect(run).toMatchObject({ durationNs: Infinity, requests: Infinity, warmup: { kind: 'time', ns: 0 } });
  });

  it('memory.yml: the textbook sum', () => {
    const { configurations } = open('memory.yml').experiment!;
    const MIB = 1024 * 1024;
    expect(configurations.map((c) => c.system.memory)).toEqual([
      { kind: 'textbook', staticBytes: 200 * MIB, processingBytes: 150 * MIB, copyOnWrite: 'none' },
      { kind: 'textbook', staticBytes: 200 * MIB, processingBytes: 150 * MIB, copyOnWrite: 'none' },
    ]);
    expect(configurations.map((c) => c.system.host.memoryBytes)).toEqual([512 * MIB, 512 * MIB]);
  });

  it('unicorn-vs-puma.yml: five configurations on the same load, with a warning where more is offered than can be served', () => {
    const { experiment, warnings } = open('unicorn-vs-puma.yml');
    const { configurations, baseline, run } = experiment!;
    expect(configurations.map((c) => c.variant)).toEqual([
      'unicorn-4',
      'puma-4x1',
      'puma-2x3',
      'puma-4x3',
      'puma7-4x3',
    ]);
    expect(baseline).toBe('unicorn-4');
    expect(new Set(configurations.map((c) => JSON.stringify(c.system.app)))).toHaveLength(1);
    expect(run).toEqual({
      kind: 'steady',
      requests: Infinity,
      durationNs: 600e9,
      warmup: { kind: 'auto' },
      replications: 10,
      precision: null,
      seed: 42,
      confidence: 0.95,
      sampleEveryNs: 0,
    });
    expect(configurations[3]!.system.server).toEqual({
      type: 'puma',
      params: {
        version: '6.6',
        workers: 4,
        minThreads: 3,
        maxThreads: 3,
        waitForLessBusyWorkerNs: 5_000_000,
        queueRequests: true,
        preloadApp: true,
        forkWorkerRequests: null,
        bootTimeNs: 0,
        workerTimeoutNs: null,
        workerCheckIntervalNs: 5_000_000_000,
        workerShutdownTimeoutNs: 30_000_000_000,
        drainThenKillNs: null,
        threadPriority: 0,
        backlog: 1024,
      },
    });
    expect(warnings.map((w) => `${w.line} ${w.code}`)).toEqual(['30 SCN_UNSTABLE']);
  });

  it('replay.yml: every row becomes an arrival with its phases', () => {
    const { system } = open('replay.yml').experiment!.configurations[0]!;
    const { demands, arrivals } = { demands: system.app.recorded!, arrivals: system.load };
    expect(arrivals).toEqual({ kind: 'recorded', arrivalNs: Float64Array.of(0, 1e6, 2e6, 3e6, 200e6, 201e6) });
    expect(demands.ids).toEqual(['1', '2', '3', '4', '5', '6']);
    expect([...demands.phaseStart]).toEqual([0, 3, 6, 9, 12, 13, 16]);
    expect([...demands.phaseDemand.slice(12)]).toEqual([250e6, 5e6, 5e6, 5e6]);
    expect([...demands.phaseKind.slice(13)]).toEqual([0, 1, 0]);
  });

  it('mm1.yml: no overheads at all', () => {
    const { system } = open('mm1.yml').experiment!.configurations[0]!;
    expect(system.overheads).toBe(false);
    expect(system.host).toMatchObject({ cores: 1, wakeLatencyNs: 0, sleepOvershootNs: 0 });
    expect(system.runtime).toEqual({
      language: 'ruby',
      version: '3.3',
      gvl: 'fifo-ticks',
      quantumNs: 100e6,
      gc: { kind: 'off' },
    });
  });
});
