import { describe, expect, it } from 'vitest';
import { Stopped } from '../../../src/experiment/run-experiment.js';
import { type MaxRateOptions, searchMaxRate } from '../../../src/experiment/search/max-rate.js';
import { createStreams } from '../../../src/random/streams.js';
import { normalQuantile } from '../../../src/statistics/index.js';

/** A latency of 10 / (100 - rate) x 100 ms, with noise, and its limit. */
function search(limitMs: number, more: Partial<MaxRateOptions> = {}, seed = 0, noise = 0.1) {
  return searchMaxRate({
    from: 0,
    to: 100,
    isToOpen: false,
    confidence: 0.95,
    precision: 0.02,
    first: 10,
    budget: 20_000,
    show: async (rate, replication) => {
      const stream = createStreams(seed, replication).open(`test/${rate}`);
      const meanMs = 1000 / (100 - rate);
      return { excesses: [meanMs * (1 + noise * normalQuantile(stream.uniform())) - limitMs] };
    },
    ...more,
  });
}

describe('the highest rate', () => {
  it('lies in its interval, which is as narrow as was asked for', async () => {
    // 20 searches that miss with probability 0.05 at most: more than 5 misses have a probability below 0.001.
    let misses = 0;
    for (let seed = 0; seed < 20; seed++) {
      const found = await search(50, {}, seed); // 1000 / (100 - 80) = 50
      if (found.holdsUpTo! > 80 || found.failsFrom! < 80) misses++;
      expect(found.isPrecise).toBe(true);
      expect(found.failsFrom! - found.holdsUpTo!).toBeLessThanOrEqual(0.02 * 81);
      expect(found.estimate!).toBeGreaterThanOrEqual(found.holdsUpTo!);
      expect(found.estimate!).toBeLessThanOrEqual(found.failsFrom!);
    }
    expect(misses).toBeLessThanOrEqual(5);
  });

  it('is searched with most replications near the answer', async () => {
    const { trials } = await search(50);
    const near = trials.filter(({ ratePerSec }) => Math.abs(ratePerSec - 80) < 5);
    const far = trials.filter(({ ratePerSec }) => Math.abs(ratePerSec - 80) > 20);
    expect(far.map(({ replications }) => replications)).toEqual(far.map(() => 10));
    expect(Math.max(...near.map(({ replications }) => replications))).toBeGreaterThan(10);
  });

  it('is not there where even the lowest rate fails', async () => {
    const found = await search(5, { from: 1 });
    expect(found).toMatchObject({ holdsUpTo: null, failsFrom: 1, estimate: null });
    const none = await search(5, { budget: 300 });
    expect(none.holdsUpTo).toBe(null);
  });

  it('is beyond the range where the end of it holds', async () => {
    expect(await search(50, { to: 60, isToOpen: true })).toMatchObject({ holdsUpTo: 60, failsFrom: null });
  });

  it('comes with the interval it has when the budget is used up', async () => {
    const found = await search(50, { budget: 100 }, 0, 2);
    expect(found.isPrecise).toBe(false);
    expect(found.replications).toBeGreaterThanOrEqual(100);
    expect(found.holdsUpTo ?? 0).toBeLessThan(80);
    expect(found.failsFrom!).toBeGreaterThan(80);
  });

  it('comes with the interval it has when it is stopped in the middle of a rate', async () => {
    let shown = 0;
    const found = await search(50, {
      isStopped: () => shown >= 25,
      show: async () => {
        if (shown >= 25) throw new Stopped();
        shown++;
        return { excesses: [shown % 2 === 0 ? -1 : -2] };
      },
    });
    // 10 at 50/s, 10 at 75/s, and 5 of those at the third rate, which count for nothing.
    expect(found).toMatchObject({ holdsUpTo: 75, failsFrom: 100, replications: 20, isPrecise: false });
    expect(found.trials.map(({ ratePerSec }) => ratePerSec)).toEqual([50, 75]);
  });

  it('of several objectives is that of the strictest', async () => {
    const found = await search(50, {
      show: async (rate, replication) => {
        const noise = 0.1 * normalQuantile(createStreams(1, replication).open(`test/${rate}`).uniform());
        return { excesses: [rate - 70 + noise, rate - 40 + noise] };
      },
    });
    expect(found.holdsUpTo!).toBeLessThan(40);
    expect(found.failsFrom!).toBeGreaterThan(40);
  });
});
