import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recommendations, wantedHosts } from '../../../src/model/control/autoscaler/wanted.js';
import type { AutoscalerSpec } from '../../../src/model/control-spec.js';
import { Status } from '../../../src/model/observations.js';
import { load } from '../../scenario/load-text.js';
import { length, phase, requests } from '../../support/arbitraries.js';
import { c, ms } from '../../support/phases.js';
import { runWorld, unicornServer, type WorldRun, world } from '../../support/worlds.js';

const SPEC: AutoscalerSpec = {
  signal: { kind: 'busy', target: 0.5 },
  min: 1,
  max: 4,
  periodNs: ms(1000),
  bootNs: ms(3000),
  downAfterNs: ms(5000),
};
const behind = (hosts: number) => ({ balancer: { hosts, balance: 'least_connections' } });

/** Hosts that are paid for at each of the times. */
function hostsAt(spec: Parameters<typeof runWorld>[0], timesNs: readonly number[]): { hosts: number[]; run: WorldRun } {
  const hosts: number[] = [];
  const run = runWorld(spec, {
    prepare: (bench) => {
      const gauge = bench.gauges.find(({ name }) => name === 'hosts_count')!;
      for (const atNs of timesNs) {
        bench.kernel.runUntil(atNs);
        hosts.push(gauge.read(atNs + 1) - gauge.read(atNs));
      }
    },
  });
  return { hosts, run };
}

describe('what a signal asks for', () => {
  const target = { kind: 'cpu', target: 0.6 } as const;

  it.each([
    [0.6, 4, 4, 4],
    [0.65, 4, 4, 4],
    [0.9, 4, 4, 6],
    [0.9, 4, 6, 6],
    [1, 4, 5, 7],
    [0.3, 4, 4, 2],
    [0, 4, 4, 0],
  ])('a target of 0.6: signal %d, %i of %i hosts ready, asks for %i', (value, ready, all, wanted) => {
    expect(wantedHosts(target, value, ready, all)).toBe(wanted);
  });

  it('thresholds ask for one more, unless one is booting, or one fewer', () => {
    const signal = { kind: 'queue_time', share: 0.95, upAboveNs: ms(100), downBelowNs: ms(10) } as const;
    const asked = (value: number, all: number) => wantedHosts(signal, value, 3, all);
    expect([asked(ms(101), 3), asked(ms(101), 4), asked(ms(50), 3), asked(ms(9), 3)]).toEqual([4, 4, 3, 2]);
  });

  it('is remembered for the stabilization window', () => {
    const recommendations = new Recommendations(10);
    expect([0, 5, 10, 11, 16].map((now, k) => recommendations.most(now, [4, 2, 1, 1, 3][k]!))).toEqual([4, 4, 4, 2, 3]);
  });
});

describe('an autoscaler', () => {
  // 1.5 workers' worth of work from 0 to 20 s, on hosts of one worker that are to be half busy: three hosts.
  const list = Array.from({ length: 300 }, (_, k) => ({ atNs: Math.round(ms(66.6) * k) + 1, phases: [c(ms(100))] }));

  it('adds hosts a boot time after the load has come, and takes them away a window after it has gone', () => {
    const spec = world({ server: unicornServer(1), requests: list, edges: behind(1), control: { autoscaler: SPEC } });
    const { hosts, run } = hostsAt(spec, [ms(500), ms(1500), ms(19_000), ms(24_000), ms(40_000)]);
    expect(hosts[0]).toBe(1);
    expect(hosts[1]).toBeGreaterThan(1);
    expect(hosts[2]).toBeGreaterThanOrEqual(3);
    expect(hosts[3]).toBe(hosts[2]);
    expect(hosts[4]).toBe(1);
    const second = run.departures.filter(({ process }) => process > 0);
    // Decided at the end of the first second.
    expect(Math.min(...second.map(({ arrivedNs }) => arrivedNs))).toBeGreaterThanOrEqual(ms(4000));
  });

  it.each([
    { kind: 'cpu', target: 0.5 },
    { kind: 'queue_time', share: 0.9, upAboveNs: ms(20), downBelowNs: ms(5) },
  ] as const)('does so by $kind as well', (signal) => {
    const control = { autoscaler: { ...SPEC, signal } };
    const { hosts } = hostsAt(
      world({ server: unicornServer(1), cores: 1, requests: list, edges: behind(1), control }),
      [ms(19_000), ms(60_000)],
    );
    expect(hosts[0]).toBeGreaterThanOrEqual(2);
    expect(hosts[1]).toBe(1);
  });

  it('everybody leaves once, served, whatever comes and goes; the calendar runs empty', () => {
    const specs = fc.record({
      signal: fc.constantFrom<AutoscalerSpec['signal']>(
        { kind: 'busy', target: 0.3 },
        { kind: 'cpu', target: 0.7 },
        { kind: 'queue_time', share: 0.5, upAboveNs: ms(1), downBelowNs: ms(1) },
      ),
      min: fc.integer({ min: 1, max: 2 }),
      max: fc.integer({ min: 2, max: 5 }),
      periodNs: fc.integer({ min: ms(20), max: ms(900) }),
      bootNs: length,
      downAfterNs: fc.constantFrom(0, ms(300)),
    });
    fc.assert(
      fc.property(requests(phase, 40), specs, (list, autoscaler) => {
        const spec = world({ server: unicornServer(2), requests: list, edges: behind(2), control: { autoscaler } });
        const { departures, bench } = runWorld(spec);
        expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(list.map((_, k) => k));
        expect(departures.every(({ status }) => status === Status.Ok)).toBe(true);
        const hosts = bench.gauges.find(({ name }) => name === 'hosts_count')!;
        const nowNs = bench.kernel.nowNs();
        expect(hosts.read(nowNs + 1) - hosts.read(nowNs)).toBe(autoscaler.min);
        expect(hosts.read(nowNs)).toBeGreaterThanOrEqual(autoscaler.min * nowNs);
        expect(hosts.read(nowNs)).toBeLessThanOrEqual(autoscaler.max * nowNs);
      }),
      { seed: 51, numRuns: 40 },
    );
  });

  it('needs a load balancer and bounds that fit', () => {
    const text = (balancer: string, autoscaler: string) =>
      `{version: 1, name: x, host: {cores: 1}, server: {unicorn: {}}, ${balancer} app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}, control: {autoscaler: {signal: {cpu: {}}, ${autoscaler}}}}`;
    const problems = (balancer: string, autoscaler: string) =>
      load(text(balancer, autoscaler)).problems.map(({ code, path }) => `${code} ${path}`);
    expect(problems('load_balancer: {hosts: 2},', 'max: 4')).toEqual([]);
    expect(problems('', 'max: 4')).toEqual(['SCN_COMBINATION control.autoscaler']);
    expect(problems('load_balancer: {hosts: 5},', 'max: 4')).toEqual(['SCN_COMBINATION control.autoscaler']);
  });
});
