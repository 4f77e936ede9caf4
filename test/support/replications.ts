/** Independent replications and what theory says about their mean. */
import { expect } from 'vitest';
import type { Nanos } from '../../src/kernel/time.js';
import { compile } from '../../src/model/bench.js';
import { PARTS, Part } from '../../src/model/observations.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createStreams } from '../../src/random/streams.js';
import { meanInterval } from '../../src/statistics/intervals.js';
import { quantile } from '../../src/statistics/quantile.js';
import { tallyOf } from '../../src/statistics/tally.js';

/**
 * Level of every comparison with a formula. There are about 80 of them, so with fresh seeds one run of the suite in 13
 * would show a false alarm; the seeds are fixed, so a comparison that holds goes on holding. One that does not is to be
 * understood, not to be given another seed.
 */
export const LEVEL = 0.999;
export const REPLICATIONS = 20;

/** `GVLSIM_TEST_LONG=10 npx vitest run test/analytic` makes the runs ten times as long, the intervals a third as wide. */
const LONGER = Number(process.env.GVLSIM_TEST_LONG ?? 1);

export interface Sojourns {
  readonly mean: number;
  readonly meanWait: number;
  /** Share of the requests that waited. */
  readonly waited: number;
  readonly quantile: (level: number) => number;
}

/**
 * Sojourn times and waiting times [ns] of an open system, in each replication. The first and the last tenth of the
 * requests are left out: the system starts and ends empty.
 */
export function sojourns(spec: SystemSpec, requests: number): Sojourns[] {
  const count = requests * LONGER;
  return replicate((replication) => {
    const times: Nanos[] = [];
    const waits: Nanos[] = [];
    const limits = { requests: count, durationNs: Number.POSITIVE_INFINITY };
    const bench = compile(spec, limits, createStreams(1, replication), {
      departed(request, nowNs) {
        const { ordinal, arrivedNs, partsNs } = bench.departures;
        if (ordinal[request]! < 0.1 * count || ordinal[request]! >= 0.9 * count) return;
        times.push(nowNs - arrivedNs[request]!);
        waits.push(partsNs[request * PARTS + Part.Backlog]! + partsNs[request * PARTS + Part.Queue]!);
      },
    });
    bench.kernel.runUntil(Number.POSITIVE_INFINITY);
    expect(bench.inSystem()).toBe(0);
    expect(bench.arrivals()).toBe(count);
    return {
      mean: tallyOf(times).mean,
      meanWait: tallyOf(waits).mean,
      waited: waits.filter((wait) => wait > 0).length / waits.length,
      quantile: (level) => quantile(Float64Array.from(times), level),
    };
  });
}

export interface SteadyState {
  readonly throughputPerNs: number;
  readonly gvlUtilisation: number;
}

/** Throughput and use of the lock from a tenth of the run on. */
export function steadyState(spec: SystemSpec, durationNs: Nanos): SteadyState[] {
  const endNs = durationNs * LONGER;
  return replicate((replication) => {
    let departures = 0;
    const limits = { requests: Number.POSITIVE_INFINITY, durationNs: Number.POSITIVE_INFINITY };
    const bench = compile(spec, limits, createStreams(1, replication), { departed: () => departures++ });
    const held = bench.gauges.find(({ name }) => name === 'gvl_utilisation_ratio')!;
    const startNs = endNs / 10;
    bench.kernel.runUntil(startNs);
    const before = { departures, heldNs: held.read(startNs) };
    bench.kernel.runUntil(endNs);
    const spanNs = endNs - startNs;
    return {
      throughputPerNs: (departures - before.departures) / spanNs,
      gvlUtilisation: (held.read(endNs) - before.heldNs) / (spanNs * held.capacity),
    };
  });
}

function replicate<T>(once: (replication: number) => T): T[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) => once(replication));
}

/** Theory must lie in the t interval over the replications, made wider by a bound on the model's known deviation. */
export function expectAgreement(values: readonly number[], theory: number, knownDeviation = 0): void {
  const { interval } = meanInterval(values, LEVEL);
  expect(interval).not.toBeNull();
  expect(theory).toBeGreaterThanOrEqual(interval!.low - knownDeviation);
  expect(theory).toBeLessThanOrEqual(interval!.high + knownDeviation);
  // An interval that contains everything shows nothing.
  expect(interval!.halfWidth).toBeLessThan(0.12 * theory);
}
