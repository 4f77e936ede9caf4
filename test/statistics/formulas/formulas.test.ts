import { describe, expect, it } from 'vitest';
import {
  erlangB,
  erlangC,
  machineRepairman,
  md1MeanWait,
  meanInSystemByLittle,
  meanValueAnalysis,
  mg1MeanSojourn,
  mg1MeanWait,
  mg1PsMeanSojourn,
  mg1PsSojournOf,
  mm1MeanInSystem,
  mm1MeanSojourn,
  mm1MeanWait,
  mm1SojournQuantile,
  mmcMeanSojourn,
  mmcMeanWait,
  mmcWaitQuantile,
  mmcWaitTail,
} from '../../../src/statistics/formulas/index.js';

describe('M/M/1', () => {
  it('5 arrivals an hour, 10 minutes each: L = 5, W = 1 h, Wq = 5/6 h (Gross & Harris, the hair salon)', () => {
    expect(mm1MeanInSystem(5, 6)).toBeCloseTo(5, 12);
    expect(mm1MeanSojourn(5, 6)).toBeCloseTo(1, 12);
    expect(mm1MeanWait(5, 6)).toBeCloseTo(5 / 6, 12);
  });

  it('median of the sojourn time is ln 2 / (mu - lambda)', () => {
    expect(mm1SojournQuantile(5, 6, 0.5)).toBeCloseTo(Math.LN2, 12);
  });

  it('has no steady state at utilisation 1', () => {
    expect(() => mm1MeanSojourn(6, 6)).toThrow(/no steady state at utilisation 1/);
  });
});

describe('M/M/c', () => {
  it('3 doctors, 6 patients an hour, 20 minutes each: Lq = 8/9, Wq = 4/27 h, L = 26/9, W = 13/27 h (Gross & Harris, the eye clinic)', () => {
    expect(erlangC(3, 2)).toBeCloseTo(4 / 9, 12);
    expect(6 * mmcMeanWait(3, 6, 3)).toBeCloseTo(8 / 9, 12);
    expect(mmcMeanWait(3, 6, 3)).toBeCloseTo(4 / 27, 12);
    expect(mmcMeanSojourn(3, 6, 3)).toBeCloseTo(13 / 27, 12);
    expect(meanInSystemByLittle(6, mmcMeanSojourn(3, 6, 3))).toBeCloseTo(26 / 9, 12);
  });

  // Standard traffic tables: offered load [erlangs] at which so many servers lose 1 % (printed to 2 or 3 digits after the point).
  it.each([
    [1, 0.0101],
    [2, 0.153],
    [5, 1.36],
    [10, 4.46],
    [20, 12.03],
    [50, 37.9],
    [100, 84.1],
  ])('Erlang B: %i servers lose 1 %% at %d erlangs', (servers, offered) => {
    const half = offered < 1 ? (offered < 0.1 ? 0.00005 : 0.0005) : offered < 20 ? 0.005 : 0.05;
    expect(erlangB(servers, offered - half)).toBeLessThan(0.01);
    expect(erlangB(servers, offered + half)).toBeGreaterThan(0.01);
  });

  it('Erlang B is a^c / c! over the sum of a^k / k!', () => {
    const [servers, load] = [6, 4.5];
    let term = 1;
    let sum = 1;
    for (let k = 1; k <= servers; k++) sum += term *= load / k;
    expect(erlangB(servers, load)).toBeCloseTo(term / sum, 14);
  });

  it('with one server is M/M/1', () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 14);
    expect(mmcMeanWait(1, 5, 6)).toBeCloseTo(mm1MeanWait(5, 6), 12);
  });

  it('the tail of the wait integrates to its mean, and its quantile undoes it', () => {
    const step = 1e-4;
    let mean = 0;
    for (let t = step / 2; t < 10; t += step) mean += mmcWaitTail(3, 6, 3, t) * step;
    expect(mean).toBeCloseTo(4 / 27, 7);
    expect(mmcWaitTail(3, 6, 3, mmcWaitQuantile(3, 6, 3, 0.99))).toBeCloseTo(0.01, 12);
    expect(mmcWaitQuantile(3, 6, 3, 0.5)).toBe(0);
  });
});

describe('M/G/1', () => {
  it('constant service waits half as long as exponential', () => {
    expect(md1MeanWait(0.8, 1)).toBeCloseTo(2, 12);
    expect(mg1MeanWait(0.8, 1, 1)).toBeCloseTo(4, 12);
    expect(mg1MeanWait(0.8, 1, 1)).toBeCloseTo(mm1MeanWait(0.8, 1), 12);
  });

  it('Pollaczek-Khinchine: lambda E[S^2] / 2 (1 - rho), by the second moment', () => {
    // Service 1 or 5 with equal chance: mean 3, second moment 13, variance 4; lambda 0.2.
    expect(mg1MeanWait(0.2, 3, 2 / 3)).toBeCloseTo((0.2 * 13) / (2 * (1 - 0.6)), 12);
    expect(mg1MeanSojourn(0.2, 3, 2 / 3)).toBeCloseTo(3.25 + 3, 12);
  });

  it('processor sharing stretches everybody by 1 / (1 - rho)', () => {
    expect(mg1PsMeanSojourn(0.7, 1)).toBeCloseTo(mm1MeanSojourn(0.7, 1), 12);
    expect(mg1PsSojournOf(0.7, 1, 3)).toBeCloseTo(10, 12);
  });
});

/**
 * Throughput of a closed network by its product form, summed over every state: weight = prod D_k^n_k at queues,
 * D_k^n_k / n_k! at delays; X(N) = G(N - 1) / G(N) (Gordon & Newell 1967).
 */
function throughputByEnumeration(queues: readonly number[], delay: number, population: number): number {
  const constant = (customers: number): number => {
    const visit = (k: number, left: number): number => {
      if (k === queues.length) {
        let weight = 1;
        for (let n = 1; n <= left; n++) weight *= delay / n;
        return weight;
      }
      let sum = 0;
      for (let n = 0; n <= left; n++) sum += queues[k]! ** n * visit(k + 1, left - n);
      return sum;
    };
    return visit(0, customers);
  };
  return constant(population - 1) / constant(population);
}

describe('closed networks', () => {
  it('3 users who think 1 s, service 0.5 s: X = 2/3, 6/5, 30/19; R = 0.5, 2/3, 0.9 s (Harchol-Balter 2013, exercise 16.1)', () => {
    const expected = [
      [2 / 3, 0.5],
      [6 / 5, 2 / 3],
      [30 / 19, 0.9],
    ];
    expected.forEach(([throughput, residence], k) => {
      const byMva = meanValueAnalysis(
        [
          { kind: 'delay', demand: 1 },
          { kind: 'queue', demand: 0.5 },
        ],
        k + 1,
      );
      expect(byMva.throughput).toBeCloseTo(throughput!, 12);
      expect(byMva.residence[1]).toBeCloseTo(residence!, 12);
      const byStates = machineRepairman(k + 1, 1, 0.5);
      expect(byStates.throughput).toBeCloseTo(throughput!, 12);
      expect(byStates.meanSojourn).toBeCloseTo(residence!, 12);
      expect(byStates.utilisation).toBeCloseTo(throughput! * 0.5, 12);
    });
  });

  it('mean value analysis equals the sum over all states', () => {
    const queues = [0.605, 2.1, 1.35];
    const stations = [
      { kind: 'delay' as const, demand: 15 },
      ...queues.map((demand) => ({ kind: 'queue' as const, demand })),
    ];
    for (let population = 1; population <= 12; population++) {
      const { throughput, customers, utilisation } = meanValueAnalysis(stations, population);
      expect(throughput).toBeCloseTo(throughputByEnumeration(queues, 15, population), 12);
      expect(customers.reduce((sum, n) => sum + n, 0)).toBeCloseTo(population, 10);
      expect(utilisation[2]).toBeCloseTo(throughput * 2.1, 12);
    }
  });

  it('machine repairman equals mean value analysis for 1 to 16 threads', () => {
    for (let threads = 1; threads <= 16; threads++) {
      const mva = meanValueAnalysis(
        [
          { kind: 'delay', demand: 30 },
          { kind: 'queue', demand: 10 },
        ],
        threads,
      );
      expect(machineRepairman(threads, 30, 10).throughput).toBeCloseTo(mva.throughput, 12);
      expect(machineRepairman(threads, 30, 10).utilisation).toBeLessThanOrEqual(1);
    }
  });

  it('stays finite for many customers', () => {
    expect(machineRepairman(500, 1, 0.1).throughput).toBeCloseTo(10, 9);
  });
});
