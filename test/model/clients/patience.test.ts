import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { RetryRules, SAVED_RETRIES } from '../../../src/model/clients/patience/retry-rules.js';
import { Part, Status } from '../../../src/model/observations.js';
import type { ClientsSpec, EdgesSpec, RetrySpec } from '../../../src/model/spec.js';
import { createStreams } from '../../../src/random/streams.js';
import { phase, requests } from '../../support/arbitraries.js';
import { c, i, ms } from '../../support/phases.js';
import { idealServer, pumaServer, runWorld, unicornServer, type WorldRun, world } from '../../support/worlds.js';

const RETRIES: RetrySpec = {
  max: 3,
  backoffNs: ms(10),
  factor: 2,
  maxBackoffNs: SECOND,
  jitter: 'none',
  budget: Number.POSITIVE_INFINITY,
};
const clients = (timeoutNs: number, retries: Partial<RetrySpec> | null = null): { clients: ClientsSpec } => ({
  clients: {
    timeoutNs,
    retries: retries === null ? null : { ...RETRIES, ...retries },
    gatewayTimeoutNs: Number.POSITIVE_INFINITY,
  },
});
const told = ({ departures }: WorldRun) =>
  departures.map(({ ordinal, departedNs, status, attempt }) => [ordinal, departedNs / ms(1), status, attempt]);
const served = (run: WorldRun, name: string) => run.bench.gauges.find((gauge) => gauge.name === name)!.read(0) / SECOND;

describe('a client that gives up', () => {
  const list = [
    { atNs: 0, phases: [c(ms(100))] },
    { atNs: ms(10), phases: [c(ms(10))] },
    { atNs: ms(105), phases: [c(ms(5))] },
  ];

  it('leaves after the timeout; the server serves the request all the same', () => {
    const run = runWorld(world({ server: unicornServer(1), requests: list, edges: clients(ms(60)) }));
    expect(told(run)).toEqual([
      [0, 60, Status.Abandoned, 1],
      [1, 70, Status.Abandoned, 1],
      [2, 115, Status.Ok, 1], // behind 100 + 10 ms of work, ten of them for nobody
    ]);
    expect(served(run, 'served_for_nobody_per_s')).toBe(2);
    const [running, queued] = run.departures;
    expect(running!.partsNs[Part.Run]).toBe(ms(60));
    expect(queued!.partsNs[Part.Backlog]).toBe(ms(60));
    expect([running!.process, queued!.process]).toEqual([0, -1]);
    expect([running!.startNs, queued!.startNs]).toEqual([0, Number.NaN]);
  });

  it('is noticed by Unicorn before the application is called, with check_client_connection', () => {
    const server = unicornServer(1, 1024, ms(3_600_000), true);
    const run = runWorld(world({ server, requests: list, edges: clients(ms(60)) }));
    expect(told(run).at(-1)).toEqual([2, 110, Status.Ok, 1]);
    expect(served(run, 'served_for_nobody_per_s')).toBe(1);
  });

  it('in I/O has waited for I/O, behind the GVL for the GVL', () => {
    const pair = [
      { atNs: 0, phases: [i(ms(90))] },
      { atNs: 0, phases: [c(ms(90))] },
      { atNs: ms(1), phases: [c(ms(1))] },
    ];
    const run = runWorld(world({ server: idealServer(1, 3), requests: pair, edges: clients(ms(50)) }));
    const parts = run.departures.slice(0, 3).map(({ partsNs }) => partsNs.findIndex((ns) => ns > 0));
    expect(parts).toEqual([Part.Io, Part.Run, Part.GvlWait]);
  });

  it('while its connection is not made stops trying', () => {
    // One worker, room for one plus one in the queue: the fourth is dropped and would try again after 1 s.
    const four = [0, 1, 2, 3].map((k) => ({ atNs: k, phases: [c(ms(400))] }));
    const run = runWorld(world({ server: unicornServer(1, 0), requests: four, edges: clients(ms(900)) }));
    expect(served(run, 'served_for_nobody_per_s')).toBe(0);
    expect(told(run).map(([ordinal, , status]) => [ordinal, status])).toEqual([
      [0, Status.Ok],
      [1, Status.Ok],
      [2, Status.Abandoned],
      [3, Status.Abandoned],
    ]);
    expect(run.bench.kernel.nowNs()).toBeLessThan(SECOND);
  });
});

describe('a proxy that gives up', () => {
  it('answers for the server that goes on; its patience begins when the request is whole', () => {
    const list = [100, 10].map((length, k) => ({ atNs: ms(k), phases: [c(ms(length))] }));
    const edges: Partial<EdgesSpec> = {
      proxy: { buffering: true, readTimeoutNs: ms(60), requestOverheadNs: 0, responseOverheadNs: 0 },
      clients: { timeoutNs: ms(80), retries: null, gatewayTimeoutNs: ms(60) },
    };
    const run = runWorld(world({ server: unicornServer(1), requests: list, edges }));
    expect(told(run)).toEqual([
      [0, 60, Status.Timeout, 1],
      [1, 61, Status.Timeout, 1],
    ]);
    expect(served(run, 'served_for_nobody_per_s')).toBe(2);
  });
});

describe('a client that tries again', () => {
  it('sends the same request after growing pauses', () => {
    const list = [{ atNs: 0, phases: [c(ms(100))] }];
    const run = runWorld(
      world({ server: unicornServer(8), requests: list, edges: clients(ms(50), { max: 2, factor: 3 }) }),
    );
    expect(told(run)).toEqual([
      [0, 50, Status.Abandoned, 1],
      [1, 110, Status.Abandoned, 2], // sent at 60
      [2, 190, Status.Abandoned, 3], // sent at 140
    ]);
    expect(served(run, 'retries_per_s')).toBe(2);
    expect(served(run, 'failed_for_good_per_s')).toBe(1);
  });

  it('is content with the first answer', () => {
    const list = [0, 1].map((k) => ({ atNs: ms(k), phases: [c(ms(40))] }));
    const run = runWorld(world({ server: unicornServer(1), requests: list, edges: clients(ms(60), {}) }));
    expect(told(run)).toEqual([
      [0, 40, Status.Ok, 1],
      [1, 61, Status.Abandoned, 1],
      [2, 120, Status.Ok, 2], // sent at 71, served after the first attempt, which ends at 80
    ]);
  });

  it('loses no request and invents none, whatever the server and the load', () => {
    const patience = fc.record({
      timeoutNs: fc.integer({ min: ms(1), max: ms(200) }),
      max: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(requests(phase, 25), patience, fc.nat(2), fc.boolean(), (list, { timeoutNs, max }, kind, isFleet) => {
        const server = [idealServer(1, 2), unicornServer(2, 1, ms(3_600_000), true), pumaServer('6.6', 1, 2)][kind]!;
        const balancer = isFleet ? { hosts: 2, balance: 'least_connections' } : null;
        const run = runWorld(
          world({ server, requests: list, edges: { ...clients(timeoutNs, { max, jitter: 'full' }), balancer } }),
        );
        const { departures, bench } = run;
        expect(bench.inSystem()).toBe(0);
        expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
          Array.from({ length: bench.arrivals() }, (_, k) => k),
        );
        const first = departures.filter(({ attempt }) => attempt === 1).length;
        expect(first).toBe(list.length);
        const ok = departures.filter(({ status }) => status === Status.Ok).length;
        expect(ok + served(run, 'failed_for_good_per_s')).toBe(list.length);
        expect(departures.length - list.length).toBe(served(run, 'retries_per_s'));
        for (const { attempt, arrivedNs, departedNs, partsNs, status } of departures) {
          expect(attempt).toBeLessThanOrEqual(max + 1);
          expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
          expect(Math.min(...partsNs)).toBeGreaterThanOrEqual(0);
          if (status === Status.Abandoned) expect(departedNs - arrivedNs).toBe(timeoutNs);
        }
      }),
      { seed: 9, numRuns: 150 },
    );
  });
});

describe('the rules of retries', () => {
  const rules = (params: Partial<RetrySpec>) =>
    new RetryRules({ ...RETRIES, ...params }, createStreams(1, 0).open('x'));

  it('pauses grow up to the longest', () => {
    const r = rules({ max: 5, maxBackoffNs: ms(50) });
    expect([0, 1, 2, 3, 4, 5].map((k) => r.pauseNs(k))).toEqual([ms(10), ms(20), ms(40), ms(50), ms(50), -1]);
  });

  it('full jitter draws from 0 to the whole pause', () => {
    const r = rules({ jitter: 'full' });
    const pauses = Array.from({ length: 2000 }, () => r.pauseNs(0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(ms(10));
    // Mean of 2000 uniform draws: 4 standard errors are 4 x 10 / sqrt(12 x 2000) ms.
    expect(Math.abs(pauses.reduce((a, b) => a + b, 0) / 2000 - ms(5))).toBeLessThan(ms(40 / Math.sqrt(24_000)));
  });

  it('a budget allows what was saved, then its share of the first requests', () => {
    const r = rules({ budget: 0.25 });
    const allowed = (n: number) => Array.from({ length: n }, () => r.pauseNs(0)).filter((ns) => ns >= 0).length;
    expect(allowed(50)).toBe(SAVED_RETRIES);
    for (let k = 0; k < 12; k++) r.sent();
    expect(allowed(50)).toBe(3);
  });
});
