import { describe, expect, it } from 'vitest';
import { coverage } from '../../../scripts/statistics/coverage.js';
import { pairing } from '../../../scripts/statistics/pairing.js';
import { KNOWN_SYSTEMS } from '../../../scripts/statistics/systems.js';
import { SETTLING, warmUpBias } from '../../../scripts/statistics/warm-up-bias.js';

// Quick looks at what `npm run validate:statistics` shows with two thousand experiments.
describe('95 % intervals', () => {
  it('hold mean and p95 of M/M/1', () => {
    const experiments = 100;
    const sum = coverage(KNOWN_SYSTEMS.find(({ name }) => name === 'mm1-50')!, 0, experiments);
    // Four standard deviations of a binomial share below 95 %.
    const least = experiments * (0.95 - 4 * Math.sqrt((0.95 * 0.05) / experiments));
    expect(sum.mean).toBeGreaterThan(least);
    expect(sum.p95).toBeGreaterThan(least);
  });
});

describe('the automatic warm-up', () => {
  it('takes away most of what a hundred waiting requests would add to the mean', async () => {
    const { experiments, refused, bias, uncut } = await warmUpBias('crowd', 0, 5);
    const n = experiments - refused;
    expect(n).toBeGreaterThan(0);
    expect(uncut / n).toBeGreaterThan(0.5);
    // Ten replications know the mean to 5 % (one standard error) at this load; four of them over the experiments.
    expect(SETTLING.replications).toBe(10);
    expect(Math.abs(bias / n)).toBeLessThan((4 * 0.05) / Math.sqrt(n));
  });
});

describe('pairing', () => {
  it('saves at least four fifths of the replications for the mean latency of similar Puma configurations', async () => {
    for (const { gain } of (await pairing(8)).filter(({ statistic }) => statistic === 'mean')) {
      expect(gain).toBeGreaterThan(5);
    }
  });
});
