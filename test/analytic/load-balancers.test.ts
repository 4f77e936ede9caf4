import { describe, expect, it } from 'vitest';
import { PhaseKind } from '../../src/model/phases.js';
import { createExponential } from '../../src/random/distributions/index.js';
import {
  choicesMeanSojourn,
  choicesTail,
  shorterOfTwoMeanSojourn,
  takingTurnsMeanSojourn,
} from '../../src/statistics/formulas/balancing.js';
import { ms } from '../support/phases.js';
import { expectAgreement, sojourns } from '../support/replications.js';
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
    expect([1, 2, 3].map((k) => choicesTail(0.5, 2, k))).toEqual([0.5, 0.5 ** 3, 0.5 ** 7]);
    expect(choicesTail(0.5, 1, 3)).toBe(0.125);
  });
});
