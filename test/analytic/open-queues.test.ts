import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/kernel/time.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { LoadSpec } from '../../src/model/spec.js';
import type { Distribution } from '../../src/random/distribution.js';
import {
  createConstant,
  createExponential,
  createGamma,
  createHyperexponential,
  createLognormal,
  gammaFromMeanAndCv,
  hyperexponentialFromMeanAndCv,
  lognormalFromMeanAndCv,
} from '../../src/random/distributions/index.js';
import { md1MeanWait, mg1MeanWait } from '../../src/statistics/formulas/mg1.js';
import { mm1MeanSojourn, mm1SojournQuantile } from '../../src/statistics/formulas/mm1.js';
import { erlangC, mmcMeanSojourn, mmcMeanWait } from '../../src/statistics/formulas/mmc.js';
import { ms } from '../support/phases.js';
import { expectAgreement, sojourns } from '../support/replications.js';
import { idealServer, unicornServer, world } from '../support/worlds.js';

const SERVICE_NS = ms(10);

const poisson = (utilisation: number, servers = 1): LoadSpec => ({
  kind: 'renewal',
  interarrival: createExponential(SERVICE_NS / (utilisation * servers)),
});

const cpu = (service: Distribution) => [[PhaseKind.Cpu, service]] as const;

describe.each([
  ['the ideal server, one thread', idealServer(1, 1)],
  ['Unicorn, one worker', unicornServer(1)],
] as const)('%s', (_, server) => {
  describe.each([0.3, 0.7, 0.85])('at utilisation %d', (utilisation) => {
    const arrivalRate = utilisation / SERVICE_NS;

    it('is M/M/1: mean and quantiles of the sojourn time', () => {
      const spec = world({ server, phases: cpu(createExponential(SERVICE_NS)), load: poisson(utilisation) });
      const runs = sojourns(spec, utilisation > 0.8 ? 80_000 : 20_000);
      expectAgreement(
        runs.map(({ mean }) => mean),
        mm1MeanSojourn(arrivalRate, 1 / SERVICE_NS),
      );
      for (const level of utilisation > 0.8 ? [0.5] : [0.5, 0.95, 0.99]) {
        expectAgreement(
          runs.map((run) => run.quantile(level)),
          mm1SojournQuantile(arrivalRate, 1 / SERVICE_NS, level),
        );
      }
    });
  });

  describe.each([
    ['constant', createConstant(SERVICE_NS), 0],
    ['gamma, cv 0.5', createGamma(gammaFromMeanAndCv(SERVICE_NS, 0.5)), 0.5],
    ['lognormal, cv 2', createLognormal(lognormalFromMeanAndCv(SERVICE_NS, 2)), 2],
    ['hyperexponential, cv 2', createHyperexponential(hyperexponentialFromMeanAndCv(SERVICE_NS, 2)), 2],
  ] as const)('service %s', (_name, service, cv) => {
    it('is M/G/1: mean waiting time after Pollaczek and Khinchine', () => {
      const runs = sojourns(world({ server, phases: cpu(service), load: poisson(0.7) }), cv > 1 ? 60_000 : 20_000);
      const waits = runs.map(({ meanWait }) => meanWait);
      expectAgreement(waits, mg1MeanWait(0.7 / SERVICE_NS, SERVICE_NS, cv));
      if (cv === 0)
        expect(md1MeanWait(0.7 / SERVICE_NS, SERVICE_NS)).toBe(mg1MeanWait(0.7 / SERVICE_NS, SERVICE_NS, 0));
      expectAgreement(
        runs.map(({ waited }) => waited),
        0.7, // Poisson arrivals see the server busy with its utilisation
      );
    });
  });
});

describe.each([2, 4, 16])('Unicorn, %i workers', (workers) => {
  it.each([0.6, 0.85])('is M/M/c at utilisation %d: sojourn, wait, and who waits at all', (utilisation) => {
    const arrivalRate = (utilisation * workers) / SERVICE_NS;
    const spec = world({
      server: unicornServer(workers),
      phases: cpu(createExponential(SERVICE_NS)),
      load: poisson(utilisation, workers),
    });
    const runs = sojourns(spec, workers > 4 ? 80_000 : 30_000);
    expectAgreement(
      runs.map(({ mean }) => mean),
      mmcMeanSojourn(workers, arrivalRate, 1 / SERVICE_NS),
    );
    expectAgreement(
      runs.map(({ waited }) => waited),
      erlangC(workers, utilisation * workers),
    );
    if (utilisation > 0.8) {
      expectAgreement(
        runs.map(({ meanWait }) => meanWait),
        mmcMeanWait(workers, arrivalRate, 1 / SERVICE_NS),
      );
    }
  });
});

describe('Little', () => {
  it.each([0.5, 0.8])('mean number in the system at utilisation %d', (utilisation) => {
    const arrivalRate = utilisation / SERVICE_NS;
    const runs = sojourns(
      world({ server: idealServer(1, 1), phases: cpu(createExponential(SERVICE_NS)), load: poisson(utilisation) }),
      20_000,
    );
    expectAgreement(
      runs.map(({ mean }) => arrivalRate * mean),
      utilisation / (1 - utilisation),
    );
    expect(arrivalRate * SECOND).toBeCloseTo(utilisation * 100, 9);
  });
});
