import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';
import { mm1SojournQuantile } from '../../src/statistics/formulas/index.js';
import { pooledQuantile, pooledQuantileInterval, type Sampled } from '../../src/statistics/pooled-quantile.js';
import { quantile, quantiles } from '../../src/statistics/quantile.js';
import { CURVE_LEVELS, curveIndex, shareAbove } from '../../src/statistics/quantile-curve.js';

const sampled = (values: Float64Array): Sampled => ({
  curve: Float64Array.from(quantiles(values, CURVE_LEVELS)),
  observations: values.length,
});
const exponentials = (count: number, seed: number, mean = 1): Float64Array => {
  const stream = createStreams(seed, 0).open('exponentials');
  const uniform = (): number => stream.uniform();
  return Float64Array.from({ length: count }, () => -mean * Math.log(1 - uniform()));
};

describe('the interval of a pooled quantile', () => {
  it('may reach below the smallest value of some replications, and above the largest of others', () => {
    // Four replications with nothing in common: 0 to 99, 100 to 199, 200 to 299, 300 to 399.
    const samples = [0, 1, 2, 3].map((r) => sampled(Float64Array.from({ length: 100 }, (_, k) => 100 * r + k)));
    const { estimate, interval } = pooledQuantileInterval(samples, 0.9, 0.5);
    expect(estimate).toBeGreaterThan(198.9);
    expect(estimate).toBeLessThan(200.1);
    expect(interval!.low).toBeLessThan(198);
    expect(interval!.high).toBeGreaterThan(201);
  });
});

describe('a quantile curve', () => {
  it('has ascending levels from 0 to 1, and those that results show', () => {
    expect(CURVE_LEVELS[0]).toBe(0);
    expect(CURVE_LEVELS.at(-1)).toBe(1);
    for (let k = 1; k < CURVE_LEVELS.length; k++) expect(CURVE_LEVELS[k]!).toBeGreaterThan(CURVE_LEVELS[k - 1]!);
    for (const level of [0.5, 0.75, 0.9, 0.95, 0.99, 0.999]) expect(CURVE_LEVELS[curveIndex(level)]).toBe(level);
    expect(() => curveIndex(0.42)).toThrow(RangeError);
  });

  it('gives back the shares of an exponential law, between its levels too', () => {
    const curve = Float64Array.from(CURVE_LEVELS, (level) => (level === 1 ? 40 : -Math.log(1 - level)));
    for (const value of [0.72, 1, 2.5, 3.1, 6.9]) {
      expect(shareAbove(curve, 1e9, value) / Math.exp(-value)).toBeCloseTo(1, 6);
    }
    expect(shareAbove(curve, 1e9, -1)).toBe(1);
    expect(shareAbove(curve, 1e9, 40)).toBe(0);
  });

  it('knows the share above within an observation and a step of the curve, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 }),
        fc.nat(60),
        (list, at) => {
          const values = Float64Array.from(list);
          const share = shareAbove(sampled(values).curve, values.length, at);
          const atLeast = values.filter((value) => value >= at).length / values.length;
          const above = values.filter((value) => value > at).length / values.length;
          // Levels are 0.08 apart at most.
          expect(share).toBeLessThanOrEqual(atLeast + 1 / values.length + 0.08);
          expect(share).toBeGreaterThanOrEqual(above - 1 / values.length - 0.08);
        },
      ),
    );
  });
});

describe('the quantile of all replications together', () => {
  it('of one replication is its own, of type 7', () => {
    const values = exponentials(57, 3);
    for (const p of [0.5, 0.95, 0.999]) expect(pooledQuantile([sampled(values)], p)).toBe(quantile(values, p));
  });

  it('is that of all observations as one sample', () => {
    const parts = [1, 2, 3, 4, 5].map((seed) => exponentials(2000, seed, 1 + seed / 10));
    const all = Float64Array.from(parts.flatMap((part) => [...part]));
    for (const p of [0.5, 0.75, 0.9, 0.95, 0.99]) {
      // The neighbours of a level are a fifth apart in their share; within it chance is at most two observations.
      expect(pooledQuantile(parts.map(sampled), p) / quantile(all, p)).toBeCloseTo(1, 2);
    }
  });

  it('has no error where nothing varies', () => {
    const constant = sampled(Float64Array.from([30, 30, 30, 30]));
    const many = { ...constant, observations: 1000 };
    expect(pooledQuantileInterval([many, many, many], 0.95, 0.95)).toMatchObject({
      estimate: 30,
      interval: { low: 30, high: 30 },
    });
  });

  it.each<[string, Sampled[], string]>([
    ['nothing', [], 'not observed'],
    ['one replication', [sampled(exponentials(1000, 1))], 'one replication: no interval'],
    [
      'replications too short for it',
      [sampled(exponentials(199, 1)), sampled(exponentials(500, 2))],
      'fewer than 10 observations beyond the quantile',
    ],
    [
      'replications that did not see it',
      [sampled(exponentials(1000, 1)), sampled(new Float64Array(0)), sampled(exponentials(1000, 2))],
      'not observed in 1 of 3 replications',
    ],
  ])('of %s has no interval, with the reason', (_title, samples, method) => {
    expect(pooledQuantileInterval(samples, 0.95, 0.95)).toMatchObject({ interval: null, method });
  });

  it('is contained as often as promised in short runs of M/M/1, and has no bias', () => {
    const [utilisation, replications, requests, cut, experiments] = [0.5, 10, 500, 50, 400];
    const truth = mm1SojournQuantile(utilisation, 1, 0.95);
    let covered = 0;
    let sum = 0;
    let squares = 0;
    for (let experiment = 0; experiment < experiments; experiment++) {
      const samples = Array.from({ length: replications }, (_, replication) => {
        const stream = createStreams(experiment, replication).open('lindley');
        const uniform = (): number => stream.uniform();
        const times = new Float64Array(requests - cut);
        let waiting = 0;
        for (let k = 0; k < requests; k++) {
          const service = -Math.log(1 - uniform());
          if (k >= cut) times[k - cut] = waiting + service;
          waiting = Math.max(0, waiting + service + Math.log(1 - uniform()) / utilisation);
        }
        return sampled(times);
      });
      const { estimate, interval } = pooledQuantileInterval(samples, 0.95, 0.95);
      if (interval!.low <= truth && truth <= interval!.high) covered++;
      sum += estimate / truth - 1;
      squares += (estimate / truth - 1) ** 2;
    }
    // Four standard deviations of a share of 95 %; 2,000 experiments of this kind have 94 to 95 %.
    expect(covered / experiments).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / experiments));
    const bias = sum / experiments;
    expect(Math.abs(bias)).toBeLessThan(4 * Math.sqrt((squares / experiments - bias ** 2) / experiments));
  });
});
