import { type Estimate, intervalAround, MIN_OBSERVATIONS_BEYOND_QUANTILE, meanInterval } from './intervals.js';
import { betaQuantile } from './student.js';

/**
 * Interval of a share over independent replications: t, unless the rarer outcome was seen so seldom that its spread between
 * replications says little (never seen: nothing at all). Then that of Clopper and Pearson for all trials together, taken as
 * independent of each other; where failures come in bursts it is too narrow, but not empty of meaning.
 *
 * @param shares one of each replication, NaN where nothing was tried
 * @param trials of each replication
 * @see C. J. Clopper, E. S. Pearson (1934), The use of confidence or fiducial limits, Biometrika 26, 404-413
 */
export function proportionInterval(shares: readonly number[], trials: readonly number[], level: number): Estimate {
  const plain = meanInterval(shares, level);
  const total = trials.reduce((a, b) => a + b, 0);
  const hits = Math.round(shares.reduce((sum, share, k) => sum + (Number.isNaN(share) ? 0 : share * trials[k]!), 0));
  const seldom = Math.min(hits, total - hits);
  if (plain.interval === null || seldom >= MIN_OBSERVATIONS_BEYOND_QUANTILE) return plain;
  const tail = (1 - level) / 2;
  const low = hits === 0 ? 0 : betaQuantile(tail, hits, total - hits + 1);
  const high = hits === total ? 1 : betaQuantile(1 - tail, hits + 1, total - hits);
  const interval = { ...intervalAround(plain.estimate, 0), low, high, halfWidth: (high - low) / 2 };
  return { ...plain, interval, method: `Clopper and Pearson, ${hits} of ${total} requests` };
}
