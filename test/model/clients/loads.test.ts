import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { PhaseKind } from '../../../src/model/phases.js';
import { createConstant, createUniform } from '../../../src/random/distributions/index.js';
import { normalQuantile } from '../../../src/statistics/student.js';
import { c, ms } from '../../support/phases.js';
import { byArrival, idealServer, runWorld, world } from '../../support/worlds.js';

const constantService = [[PhaseKind.Cpu, createConstant(ms(5))]] as const;

describe('closed load', () => {
  it('each user sends its next request a think time after its answer', () => {
    const spec = world({
      server: idealServer(1, 1),
      phases: constantService,
      load: { kind: 'closed', users: 2, think: createConstant(ms(10)), keepAlive: true },
    });
    const run = byArrival(runWorld(spec, { limits: { requests: 6 } }));
    // A 0-5, B 5-10, A back at 15, B at 20, A at 30, B at 35
    expect(run.map(({ arrivedNs }) => arrivedNs)).toEqual([0, 0, 15, 20, 30, 35].map(ms));
    expect(run.map(({ departedNs }) => departedNs)).toEqual([5, 10, 20, 25, 35, 40].map(ms));
  });

  it('sends nothing more when the time is up, and serves what was sent', () => {
    const spec = world({
      server: idealServer(1, 1),
      phases: constantService,
      load: { kind: 'closed', users: 2, think: createConstant(ms(10)), keepAlive: true },
    });
    const run = byArrival(runWorld(spec, { limits: { durationNs: ms(20) } }));
    expect(run.map(({ arrivedNs }) => arrivedNs)).toEqual([0, 0, 15].map(ms));
  });
});

describe('recorded load', () => {
  it('brings each row at its time, and ends with the last', () => {
    const requests = [3, 3, 8].map((at) => ({ atNs: ms(at), phases: [c(ms(1))] }));
    const { departures, bench } = runWorld(world({ server: idealServer(1, 4), requests }));
    expect(departures.map(({ arrivedNs }) => arrivedNs)).toEqual([3, 3, 8].map(ms));
    expect(departures.map(({ departedNs }) => departedNs)).toEqual([4, 5, 9].map(ms));
    expect(bench.arrivals()).toBe(3);
  });
});

describe('open load', () => {
  it('renewal arrivals are the sums of the intervals', () => {
    const load = { kind: 'renewal', interarrival: createConstant(ms(7)) } as const;
    const spec = world({ server: idealServer(1, 1), phases: constantService, load });
    const run = byArrival(runWorld(spec, { limits: { requests: 4 } }));
    expect(run.map(({ arrivedNs }) => arrivedNs)).toEqual([7, 14, 21, 28].map(ms));
  });

  it('the sum of fractions of a ns is not rounded on the way', () => {
    const load = { kind: 'renewal', interarrival: createUniform(0.2, 1) } as const;
    const spec = world({ server: idealServer(1, 1), phases: [[PhaseKind.Cpu, createConstant(0)]], load });
    const { bench } = runWorld(spec, { limits: { requests: 10_000 } });
    // Mean 0.6 ns, standard deviation 0.8 / sqrt(12); rounding each would give 0.625 ns on average.
    const deviation = Math.abs(bench.kernel.nowNs() - 6000);
    expect(deviation).toBeLessThan(normalQuantile(0.9995) * (0.8 / Math.sqrt(12)) * 100 + 1);
  });

  it('Poisson arrivals follow the steps of their rate', () => {
    const fromNs = [0, 100 * SECOND, 200 * SECOND];
    const load = { kind: 'poisson-steps', fromNs, ratePerSec: [40, 0, 90] } as const;
    const spec = world({ server: idealServer(1, 100), phases: constantService, load });
    const run = byArrival(runWorld(spec, { limits: { durationNs: 300 * SECOND } }));
    const counts = fromNs.map(
      (start) => run.filter(({ arrivedNs }) => arrivedNs >= start && arrivedNs < start + 100 * SECOND).length,
    );
    expect(counts[1]).toBe(0);
    // Poisson counts have their mean as variance; two comparisons at 99.95 %.
    const z = normalQuantile(1 - 0.0005 / 2);
    expect(Math.abs(counts[0]! - 4000)).toBeLessThan(z * Math.sqrt(4000));
    expect(Math.abs(counts[2]! - 9000)).toBeLessThan(z * Math.sqrt(9000));
  });
});
