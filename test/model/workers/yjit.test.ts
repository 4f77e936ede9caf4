import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/model/observations.js';
import type { YjitSpec } from '../../../src/model/spec.js';
import { load } from '../../scenario/load-text.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, runWorld, unicornServer, world } from '../../support/worlds.js';

/** Running time of each request [ns], six seconds apart, 10 ms of Ruby code and 5 ms of I/O each. */
function runTimes(yjit: YjitSpec, workers: number, requests: number): readonly number[] {
  const list = Array.from({ length: requests }, (_, k) => ({
    atNs: ms(6000 * k),
    phases: [c(ms(4)), i(ms(5)), c(ms(6))],
  }));
  const spec = world({ server: unicornServer(workers), requests: list });
  return byArrival(runWorld({ ...spec, runtime: { ...spec.runtime, yjit } })).map(({ partsNs }) => partsNs[Part.Run]!);
}

describe('YJIT', () => {
  it('interprets the first requests of a process, compiles once, and is faster from then on; I/O is as it was', () => {
    const times = runTimes({ speedup: 2, callThreshold: 3, compileNs: ms(50) }, 1, 6);
    expect(times).toEqual([ms(10), ms(10), ms(10), ms(55), ms(5), ms(5)]);
  });

  it('warms up in every process by itself', () => {
    const list = Array.from({ length: 8 }, (_, k) => ({ atNs: Math.floor(k / 2) * ms(6000), phases: [c(ms(10))] }));
    const spec = world({ server: unicornServer(2), requests: list });
    const yjit = { speedup: 2, callThreshold: 2, compileNs: 0 };
    const served = byArrival(runWorld({ ...spec, runtime: { ...spec.runtime, yjit } }));
    // Two at a time, one for each worker: two interpreted requests on either.
    expect(served.map(({ partsNs }) => partsNs[Part.Run]! / 1e6)).toEqual([10, 10, 10, 10, 5, 5, 5, 5]);
  });

  it('speeds up a request that is sent again once, not twice', () => {
    const retries = {
      max: 1,
      backoffNs: ms(100),
      factor: 1,
      maxBackoffNs: ms(100),
      jitter: 'none',
      budget: Number.POSITIVE_INFINITY,
    } as const;
    const clients = { timeoutNs: ms(7), retries, gatewayTimeoutNs: Number.POSITIVE_INFINITY };
    const requests = [0, 0].map((atNs) => ({ atNs, phases: [c(ms(10))] }));
    const spec = world({ server: unicornServer(1), requests, edges: { clients } });
    const yjit = { speedup: 2, callThreshold: 0, compileNs: 0 };
    const attempts = byArrival(runWorld({ ...spec, runtime: { ...spec.runtime, yjit } }));
    // The second begins after 5 ms, and its client gives up 2 ms later.
    expect(attempts.map(({ partsNs }) => partsNs[Part.Run])).toEqual([ms(5), ms(2), ms(5)]);
  });

  it('is off unless the scenario has it, which states what it is', () => {
    const text = (ruby: string) =>
      `{version: 1, name: x, host: {cores: 1}, ruby: {${ruby}}, server: {unicorn: {}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}}`;
    const runtime = (ruby: string) => load(text(ruby)).experiment!.configurations[0]!.system.runtime;
    expect(runtime('').yjit).toBeUndefined();
    expect(runtime('yjit: {}').yjit).toEqual({ speedup: 1.2, callThreshold: 30, compileNs: 0 });
    expect(load(text('yjit: {speedup: 0.5}')).problems.map(({ code }) => code)).toEqual(['SCN_RANGE']);
  });
});
