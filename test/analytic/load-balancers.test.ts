import { describe, expect, it } from 'vitest';
import { compile } from '../../src/model/bench.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createExponential } from '../../src/random/distributions/index.js';
import { createStreams } from '../../src/random/streams.js';
import {
  choicesMeanSojourn,
  choicesTail,
  shorterOfTwoMeanSojourn,
  takingTurnsMeanSojourn,
} from '../../src/statistics/formulas/balancing.js';
import { ms } from '../support/phases.js';
import { expectAgreement, REPLICATIONS, sojourns } from '../support/replications.js';
import { unicornServer, world } from '../support/worlds.js';

const SERVICE_NS = ms(10);

/** Hosts with one single-threaded worker each: every host is an M/1 queue of its own. */
const hosts = (count: number, balance: string, utilisation: number) =>
  world({
    server: unicornServer(1),
    edges: { balancer: { hosts: count, balance } },
    phases: [[PhaseKind.Cpu, createExponential(SERVICE_NS)]],
    load: { kind: 'renewal', interarrival: createExponential(SERVICE_NS / (utilisation * count)) },
  });

const meanInServices = (spec: ReturnType<typeof hosts>, requests: number) =>
  sojourns(spec, requests).map(({ mean }) => mean / SERVICE_NS);

describe('a load balancer', () => {
  it('that chooses at random makes N separate M/M/1 queues', () => {
    expectAgreement(meanInServices(hosts(4, 'random', 0.7), 30_000), 1 / (1 - 0.7));
    expect(choicesMeanSojourn(0.7, 1)).toBeCloseTo(1 / (1 - 0.7), 9);
  });

  it.each([2, 8])('that takes turns among %i makes E_n/M/1 queues', (count) => {
    expectAgreement(meanInServices(hosts(count, 'round_robin', 0.8), 40_000), takingTurnsMeanSojourn(count, 0.8));
  });

  it.each(['least_connections', 'power_of_two_choices'])(
    'of two hosts with %s is the shorter of two queues',
    (balance) => {
      expectAgreement(meanInServices(hosts(2, balance, 0.8), 40_000), shorterOfTwoMeanSojourn(0.8));
    },
  );

  it('with two choices among many hosts comes to the known limit', () => {
    // N. Gast, B. Van Houdt (2017), A refined mean field approximation, Proc. ACM Meas. Anal. Comput. Syst. 1(2), section 5.2:
    // N finite hosts have about 4 / N requests each more than the limit says at utilisation 0.9.
    const deviation = 4 / 100 / 0.9;
    expectAgreement(
      meanInServices(hosts(100, 'power_of_two_choices', 0.9), 100_000),
      choicesMeanSojourn(0.9, 2),
      deviation,
    );
  });

  it('with two choices has the known tail: P(at least k at a host) = rho ^ (2^k - 1)', () => {
    const [count, utilisation] = [100, 0.9];
    const spec = hosts(count, 'power_of_two_choices', utilisation);
    const shares = Array.from({ length: REPLICATIONS }, (_, replication) => tails(spec, count, 40_000, replication));
    // Requests beyond the limit (see above) are the sum of what the tail has too much at each k, so that is less at each.
    for (const k of [1, 2, 3, 4]) {
      expectAgreement(
        shares.map((share) => share[k]!),
        choicesTail(utilisation, 2, k),
        k === 1 ? 0 : 4 / count,
      );
    }
    // With one choice it would be 0.66.
    expect(shares.every((share) => share[4]! < 0.3)).toBe(true);
  });

  it('the known tail is a tail', () => {
    expect([1, 2, 3].map((k) => choicesTail(0.5, 2, k))).toEqual([0.5, 0.5 ** 3, 0.5 ** 7]);
    expect(choicesTail(0.5, 1, 3)).toBe(0.125);
  });
});

/** [k]: share of the hosts with at least k requests, over the time from a fifth of the run on. */
function tails(spec: SystemSpec, count: number, requests: number, replication: number): number[] {
  const changes: (readonly [atNs: number, host: number, change: number])[] = [];
  let lastNs = 0;
  const limits = { requests, durationNs: Number.POSITIVE_INFINITY };
  const bench = compile(spec, limits, createStreams(1, replication), {
    departed(request, nowNs) {
      const { arrivedNs, process } = bench.departures;
      changes.push([arrivedNs[request]!, process[request]!, 1], [nowNs, process[request]!, -1]);
      lastNs = Math.max(lastNs, arrivedNs[request]!);
    },
  });
  bench.kernel.runUntil(Number.POSITIVE_INFINITY);
  changes.sort(([a], [b]) => a - b);
  const inside = new Int32Array(count);
  const atLeast = new Float64Array(8);
  const area = new Float64Array(8);
  const fromNs = lastNs / 5;
  let sinceNs = 0;
  for (const [atNs, host, change] of changes) {
    const spanNs = Math.min(atNs, lastNs) - Math.max(sinceNs, fromNs);
    if (spanNs > 0) for (let k = 1; k < area.length; k++) area[k]! += atLeast[k]! * spanNs;
    sinceNs = atNs;
    if (change === 1) atLeast[Math.min(7, ++inside[host]!)]!++;
    else atLeast[Math.min(7, inside[host]!--)]!--;
  }
  return Array.from(area, (sum) => sum / (count * (lastNs - fromNs)));
}
