import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BALANCE_POLICIES, createBalancePolicy } from '../../../src/model/edge/load-balancer/policies/index.js';
import { Status } from '../../../src/model/observations.js';
import { createStreams } from '../../../src/random/streams.js';
import { phase, requests } from '../../support/arbitraries.js';
import { c, ms } from '../../support/phases.js';
import {
  byArrival,
  departureTimes,
  idealServer,
  pumaServer,
  runWorld,
  unicornServer,
  world,
} from '../../support/worlds.js';

const names = BALANCE_POLICIES.map(({ name }) => name);
const behind = (hosts: number, balance: string) => ({ balancer: { hosts, balance } });
const view = (eligible: number[], inFlight: number[]) => ({ eligible, inFlight: Int32Array.from(inFlight) });

describe.each(names)('the policy %s', (name) => {
  it('chooses a host that takes part, the same one for the same draws', () => {
    const loads = fc.array(fc.nat(5), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(loads, fc.nat(1000), fc.nat(255), (inFlight, seed, mask) => {
        const up = inFlight.map((_, host) => host).filter((host) => (mask >> host) & 1);
        const eligible = up.length > 0 ? up : [0];
        const [one, other] = [0, 1].map(() => createBalancePolicy(name, createStreams(seed, 0).open('x')));
        for (let k = 0; k < 10; k++) {
          const host = one!.choose(view(eligible, inFlight));
          expect(eligible).toContain(host);
          expect(other!.choose(view(eligible, inFlight))).toBe(host);
        }
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it('loses nobody and serves nobody twice', () => {
    fc.assert(
      fc.property(requests(phase, 30), fc.integer({ min: 1, max: 5 }), (list, hosts) => {
        for (const server of [idealServer(2, 2), unicornServer(2), pumaServer('6.6', 2, 2)]) {
          const { departures, bench } = runWorld(world({ server, requests: list, edges: behind(hosts, name) }));
          expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(list.map((_, k) => k));
          for (const { process, thread, status } of departures) {
            expect(status).toBe(Status.Ok);
            expect(bench.processNames[process]).toMatch(/^host-\d+\//);
            expect(bench.threadNames[thread]).toBeDefined();
          }
        }
      }),
      { seed: 7, numRuns: 30 },
    );
  });

  it('one host behind it is that host', () => {
    const list = [0, 3, 4, 20].map((at) => ({ atNs: ms(at), phases: [c(ms(7))] }));
    const alone = runWorld(world({ server: unicornServer(2), requests: list }));
    expect(
      departureTimes(runWorld(world({ server: unicornServer(2), requests: list, edges: behind(1, name) }))),
    ).toEqual(departureTimes(alone));
  });
});

describe('who gets the next request', () => {
  it('round robin goes on after the last one and leaves out who does not take part', () => {
    const policy = createBalancePolicy('round_robin', createStreams(1, 0).open('x'));
    const chosen = [
      [0, 1, 2],
      [0, 1, 2],
      [0, 2],
      [0, 2],
      [0, 1, 2],
    ].map((hosts) => policy.choose(view(hosts, [0, 0, 0])));
    expect(chosen).toEqual([0, 1, 2, 0, 1]);
  });

  it('least connections is the least loaded, in turns among equals', () => {
    const policy = createBalancePolicy('least_connections', createStreams(1, 0).open('x'));
    const loads = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [2, 2, 0],
    ];
    expect(loads.map((load) => policy.choose(view([0, 1, 2], load)))).toEqual([0, 1, 2, 0, 2]);
  });

  it('two choices of two hosts is the less loaded one', () => {
    const policy = createBalancePolicy('power_of_two_choices', createStreams(1, 0).open('x'));
    for (let k = 0; k < 20; k++) expect(policy.choose(view([0, 1], [3, 1]))).toBe(1);
  });
});

describe('hosts behind a balancer', () => {
  it('have queues of their own: what one host has taken an idle one cannot take', () => {
    // In turns: host 0 has 100 ms, host 1 has 1 ms, host 0 again: it waits although host 1 is idle.
    const list = [100, 1, 1].map((length, k) => ({ atNs: ms(k), phases: [c(ms(length))] }));
    const run = runWorld(world({ server: unicornServer(1), requests: list, edges: behind(2, 'round_robin') }));
    expect(departureTimes(run)).toEqual([ms(100), ms(2), ms(101)]);
    expect(byArrival(run).map(({ process }) => run.bench.processNames[process])).toEqual([
      'host-0/worker-0',
      'host-1/worker-0',
      'host-0/worker-0',
    ]);
    const least = runWorld(world({ server: unicornServer(1), requests: list, edges: behind(2, 'least_connections') }));
    expect(departureTimes(least)).toEqual([ms(100), ms(2), ms(3)]);
  });

  it('have cores of their own', () => {
    const list = [0, 0].map(() => ({ atNs: 0, phases: [c(ms(10))] }));
    const spec = (hosts: number, workers: number) =>
      world({
        server: unicornServer(workers),
        cores: 1,
        scheduler: 'processor-sharing',
        requests: list,
        edges: behind(hosts, 'round_robin'),
      });
    expect(departureTimes(runWorld(spec(2, 1)))).toEqual([ms(10), ms(10)]);
    expect(departureTimes(runWorld(spec(1, 2)))).toEqual([ms(20), ms(20)]);
  });

  it('show in the gauges all together', () => {
    const list = [0, 0, 0].map(() => ({ atNs: 0, phases: [c(ms(10))] }));
    const { bench } = runWorld(world({ server: unicornServer(1), requests: list, edges: behind(3, 'round_robin') }));
    const held = bench.gauges.find(({ name }) => name === 'gvl_utilisation_ratio')!;
    expect(held.read(ms(10)) / held.capacity).toBe(ms(10));
  });
});
