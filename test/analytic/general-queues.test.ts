import { describe, expect, it } from 'vitest';
import { PhaseKind } from '../../src/model/phases.js';
import {
  createConstant,
  createExponential,
  createGamma,
  gammaFromMeanAndCv,
} from '../../src/random/distributions/index.js';
import { takingTurnsMeanSojourn } from '../../src/statistics/formulas/balancing.js';
import { allenCunneenMeanWait, constantServiceCorrection, longestMeanWait } from '../../src/statistics/formulas/ggc.js';
import { mg1MeanWait } from '../../src/statistics/formulas/mg1.js';
import { mmcMeanWait } from '../../src/statistics/formulas/mmc.js';
import { meanInterval } from '../../src/statistics/intervals.js';
import { ms } from '../support/phases.js';
import { expectAgreement, LEVEL, sojourns } from '../support/replications.js';
import { unicornServer, world } from '../support/worlds.js';

const SERVICE_NS = ms(10);
const UTILISATION = 0.85;

/** 1: exponential; 0: constant; others: gamma. */
function distribution(meanNs: number, cv: number) {
  if (cv === 0) return createConstant(meanNs);
  return cv === 1 ? createExponential(meanNs) : createGamma(gammaFromMeanAndCv(meanNs, cv));
}

function meanWaits(workers: number, cvArrivals: number, cvService: number, requests: number): number[] {
  const spec = world({
    server: unicornServer(workers),
    phases: [[PhaseKind.Cpu, distribution(SERVICE_NS, cvService)]],
    load: { kind: 'renewal', interarrival: distribution(SERVICE_NS / (UTILISATION * workers), cvArrivals) },
  });
  return sojourns(spec, requests).map(({ meanWait }) => meanWait);
}

describe('the squared coefficients of variation say how long requests wait, about', () => {
  const rate = (workers: number) => (UTILISATION * workers) / SERVICE_NS;

  it.each([2, 4, 8])('M/D/%i: the approximation is too short by what is known', (workers) => {
    const approximation = allenCunneenMeanWait(workers, rate(workers), SERVICE_NS, 1, 0);
    const short = constantServiceCorrection(workers, UTILISATION);
    expect(short).toBeLessThan(0.05);
    expectAgreement(meanWaits(workers, 1, 0, 25_000), approximation, short * approximation);
  });

  it.each([
    [1, 0.5, 0.5],
    [4, 0.5, 0.5],
    [4, 0.5, 1],
    [4, 0, 1],
  ])(
    '%i workers, arrivals with cv %d, services with cv %d: not longer than the bound and the approximation',
    (workers, a, s) => {
      const { interval } = meanInterval(meanWaits(workers, a, s, 15_000), LEVEL);
      const approximation = allenCunneenMeanWait(workers, rate(workers), SERVICE_NS, a, s);
      expect(approximation).toBeLessThan(longestMeanWait(workers, rate(workers), SERVICE_NS, a, s));
      expect(interval!.low).toBeLessThan(approximation);
      // Sanity, no more: at this load it is the size of the wait.
      expect(interval!.high).toBeGreaterThan(approximation / 2);
    },
  );
});

describe('the formulas of G/G/c', () => {
  it('are those of M/M/c and M/G/1 where these are', () => {
    expect(allenCunneenMeanWait(4, 3, 1, 1, 1)).toBe(mmcMeanWait(4, 3, 1));
    expect(allenCunneenMeanWait(1, 0.7, 1, 1, 2)).toBeCloseTo(mg1MeanWait(0.7, 1, 2), 12);
    expect(constantServiceCorrection(1, 0.7)).toBe(0);
  });

  it('come to the exact mean wait of E4/M/1 as the utilisation comes to 1, from above', () => {
    const tooLong = (utilisation: number): number =>
      allenCunneenMeanWait(1, utilisation, 1, 0.5, 1) / (takingTurnsMeanSojourn(4, utilisation) - 1) - 1;
    const errors = [0.5, 0.7, 0.85, 0.95, 0.99].map(tooLong);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors[2]).toBeCloseTo(0.07, 2);
    expect(errors[4]).toBeGreaterThan(0);
    expect(errors[4]).toBeLessThan(0.01);
  });
});
