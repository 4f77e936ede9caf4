import { describe, expect, it } from 'vitest';
import { type ConfigurationLoad, loadOf } from '../../../src/experiment/load/offered-load.js';
import { allocationCostNs } from '../../../src/model/gc/policies.js';
import type { RuntimeSpec } from '../../../src/model/spec.js';
import { load } from '../../scenario/load-text.js';

/** Offered load of a scenario with the given pieces. */
function loadFor(server: string, classes: string, arrivals: string, cores = 4, files = {}): ConfigurationLoad {
  const app = classes.endsWith('.csv') ? `{recorded: {file: ${classes}}}` : `{classes: [${classes}]}`;
  const text = `version: 1\nhost: {cores: ${cores}}\nserver: {${server}}\napp: ${app}\nload: {${arrivals}}\nrun: {duration: 60s}`;
  const { experiment, problems } = load(text, files);
  expect(problems).toEqual([]);
  return loadOf(experiment!.configurations[0]!, experiment!.run);
}

const WEB = '{name: web, cpu: 20ms, io: {calls: 4, each: 5ms}}';

describe('capacity is the least of what slots, GVLs and cores allow', () => {
  it('Unicorn: each slot needs CPU + I/O, so slots go first', () => {
    const unicorn = loadFor('unicorn: {worker_processes: 4}', WEB, 'open: {rate: 50/s}');
    expect(unicorn).toMatchObject({ slots: 4, gvls: 4, capacityPerSec: 100, bottleneck: 'slots' });
    expect(unicorn.limitPerSec).toEqual({ slots: 100, gvl: 200, cores: 200 });
    expect(unicorn.utilisation).toEqual({ slots: 0.5, gvl: 0.25, cores: 0.25 });
  });

  it('one Puma process: its GVL goes first', () => {
    const puma = loadFor('puma: {threads: 5}', WEB, 'open: {rate: 60/s}');
    expect(puma).toMatchObject({ processes: 1, slots: 5, capacityPerSec: 50, bottleneck: 'gvl', isUnstable: true });
  });

  it('more processes than cores: the cores go first', () => {
    const puma = loadFor('puma: {workers: 4, threads: 5}', WEB, 'open: {rate: 60/s}', 2);
    expect(puma).toMatchObject({ capacityPerSec: 100, bottleneck: 'cores', isUnstable: false });
  });

  it('a phase that holds the GVL needs no core; native code needs no GVL', () => {
    const phases = '{name: a, phases: [{hold: 10ms}, {native: 20ms}, {cpu: 5ms}]}';
    const { limitPerSec, demand } = loadFor('ideal: {threads: 100}', phases, 'open: {rate: 1/s}', 1);
    expect(limitPerSec.gvl).toBeCloseTo(1000 / 15, 9);
    expect(limitPerSec.cores).toBeCloseTo(1000 / 25, 9);
    expect(demand).toMatchObject({ cpuNs: 5e6, ioNs: 0, holdNs: 10e6, nativeNs: 20e6 });
  });

  it('classes count by their weight', () => {
    const two = '{name: a, weight: 3, cpu: 10ms, allocations: 100}, {name: b, cpu: 50ms, allocations: 500}';
    expect(loadFor('ideal: {}', two, 'open: {rate: 1/s}').demand).toMatchObject({ cpuNs: 20e6, classObjects: 200 });
  });

  it('recorded requests count row by row', () => {
    const files = { 'd.csv': 'phases\nc10;i30\nc20;c10;a500:5\n' };
    expect(loadFor('ideal: {}', 'd.csv', 'open: {rate: 1/s}', 1, files).demand).toMatchObject({
      cpuNs: 20e6 + 250 * allocationCostNs({ version: '3.3' } as RuntimeSpec),
      ioNs: 15e6,
      phaseObjects: 250,
    });
  });

  it('requests that need nothing are never too many', () => {
    const free = loadFor('ideal: {}', '{name: a, cpu: 0s}', 'open: {rate: 1/s}');
    expect(free).toMatchObject({ capacityPerSec: Infinity, isUnstable: false });
  });
});

describe('offered load', () => {
  const offered = (arrivals: string, files = {}) => {
    const { offeredPerSec, peakPerSec } = loadFor('ideal: {}', WEB, arrivals, 1, files);
    return [offeredPerSec, peakPerSec];
  };

  it('is the inverse of the mean time between arrivals', () => {
    expect(offered('open: {interarrival: {uniform: {min: 10ms, max: 30ms}}}')).toEqual([50, 50]);
  });

  it('in steps is averaged over the run', () => {
    expect(
      offered('open: {rate: [{from: 0s, rate: 10/s}, {from: 45s, rate: 30/s}, {from: 90s, rate: 900/s}]}'),
    ).toEqual([15, 900]);
  });

  it('of a trace is arrivals over time; of a short one unknown', () => {
    const trace = (n: number) => ({
      't.csv': `arrival_ms\n${Array.from({ length: n }, (_, k) => k * 20).join('\n')}\n`,
    });
    expect(offered('recorded: {file: t.csv}', trace(101))).toEqual([50, 50]);
    expect(offered('recorded: {file: t.csv}', trace(5))).toEqual([null, null]);
  });

  it('of users is bounded by users / (think time + time alone), and by the capacity', () => {
    expect(loadFor('ideal: {threads: 9}', WEB, 'closed: {users: 2, think: 60ms}').closedBoundPerSec).toBe(20);
    expect(loadFor('ideal: {threads: 9}', WEB, 'closed: {users: 100}').closedBoundPerSec).toBe(50);
  });
});
