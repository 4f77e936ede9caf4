import { describe, it } from 'vitest';
import type { Nanos } from '../../src/kernel/time.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { Distribution } from '../../src/random/distribution.js';
import {
  createConstant,
  createExponential,
  createGamma,
  createHyperexponential,
  gammaFromMeanAndCv,
  hyperexponentialFromMeanAndCv,
} from '../../src/random/distributions/index.js';
import { mg1PsMeanSojourn } from '../../src/statistics/formulas/mg1.js';
import { ms } from '../support/phases.js';
import { expectAgreement, sojourns } from '../support/replications.js';
import { idealServer, type WorldParams, world } from '../support/worlds.js';

const UTILISATION = 0.6;

/** Room for everybody: with 80 threads or processes a request has to queue once in 0.6^80 = 10^-17. */
const ROOM = 80;

const SERVICES = [
  ['constant', (mean: Nanos) => createConstant(mean)],
  ['gamma, cv 0.5', (mean: Nanos) => createGamma(gammaFromMeanAndCv(mean, 0.5))],
  ['exponential', (mean: Nanos) => createExponential(mean)],
  ['hyperexponential, cv 2', (mean: Nanos) => createHyperexponential(hyperexponentialFromMeanAndCv(mean, 2))],
] as const;

function shared(meanNs: Nanos, service: Distribution, rules: Omit<WorldParams, 'phases' | 'load'>): WorldParams {
  return {
    ...rules,
    phases: [[PhaseKind.Cpu, service]],
    load: { kind: 'renewal', interarrival: createExponential(meanNs / UTILISATION) },
  };
}

describe.each(SERVICES)('the mean sojourn time is E[S] / (1 - rho), service %s', (name, service) => {
  const requests = name.startsWith('hyper') ? 10_000 : 4000;

  it('processes that share one core continuously', () => {
    const rules = { server: idealServer(ROOM, 1), cores: 1, scheduler: 'processor-sharing' } as const;
    const runs = sojourns(world(shared(ms(10), service(ms(10)), rules)), 10_000);
    expectAgreement(
      runs.map(({ mean }) => mean),
      mg1PsMeanSojourn(UTILISATION / ms(10), ms(10)),
    );
  });

  it('processes that share one core in slices of a hundredth of the service time', () => {
    const rules = { server: idealServer(ROOM, 1), cores: 1, timeSliceNs: ms(0.1) } as const;
    const runs = sojourns(world(shared(ms(10), service(ms(10)), rules)), requests);
    expectAgreement(
      runs.map(({ mean }) => mean),
      mg1PsMeanSojourn(UTILISATION / ms(10), ms(10)),
      roundRobinDeviation(ms(0.1)),
    );
  });

  it('threads that share the lock of Ruby 3.4 with a timeslice of one tick, a hundredth of the service time', () => {
    const rules = { server: idealServer(1, ROOM), gvl: 'fifo-ticks', quantumNs: ms(10) } as const;
    const runs = sojourns(world(shared(ms(1000), service(ms(1000)), rules)), requests);
    expectAgreement(
      runs.map(({ mean }) => mean),
      mg1PsMeanSojourn(UTILISATION / ms(1000), ms(1000)),
      roundRobinDeviation(ms(10)),
    );
  });
});

describe('whatever the order of service, as long as it does not look at the demands', () => {
  it.each(['barging-deadline', 'fifo-ticks', 'hot-thread', 'cpython'] as const)(
    'exponential demands under the lock %s: the number in the system is that of M/M/1',
    (gvl) => {
      const rules = { server: idealServer(1, ROOM), gvl };
      const runs = sojourns(world(shared(ms(40), createExponential(ms(40)), rules)), 10_000);
      expectAgreement(
        runs.map(({ mean }) => mean),
        mg1PsMeanSojourn(UTILISATION / ms(40), ms(40)),
      );
    },
  );
});

/**
 * Round robin against processor sharing: at any time two threads have had the same service up to one slice (the first
 * slice of a newcomer included), so a request ends earlier or later by at most one slice for each of the others that it
 * meets; those it meets at its end number rho / (1 - rho) on average, and itself.
 */
function roundRobinDeviation(sliceNs: Nanos): Nanos {
  return (1 + UTILISATION / (1 - UTILISATION)) * sliceNs;
}
