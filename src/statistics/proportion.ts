import { clopperPearson } from './clopper-pearson.js';
import { type Estimate, MIN_OBSERVATIONS_BEYOND_QUANTILE, meanInterval } from './intervals.js';

/**
 * Interval of a share over independent replications: t, unless the rarer outcome was seen so seldom that its spread between
 * replications says little (never seen: nothing at all). Then that of Clopper and Pearson for all trials together, taken as
 * independent of each other; where failures come in bursts it is too narrow, but not empty of meaning.
 *
 * @param shares one of each replication, NaN where nothing was tried
 * @param trials of each replication
 */
export function proportionInterval(shares: readonly number[], trials: readonly number[], level: number): Estimate {
  const plain = meanInterval(shares, level);
  const total = trials.reduce((a, b) => a + b, 0);
  const hits = Math.round(shares.reduce((sum, share, k) => sum + (Number.isNaN(share) ? 0 : share * trials[k]!), 0));
  const seldom = Math.min(hits, total - hits);
  if (plain.interval === null || seldom >= MIN_OBSERVATIONS_BEYOND_QUANTILE) return plain;
  const method = `Clopper and Pearson, ${hits} of ${total} requests`;
  return { ...plain, interval: clopperPearson(hits, total, level), method };
}

/**
 * Share of the replications in which something happened, with its exact interval: replications are independent, so their
 * number is binomial.
 *
 * @param values 1 where it happened, 0 where not, one of each replication
 */
export function shareOfReplications(values: readonly number[], level: number): Estimate {
  const n = values.length;
  if (n === 0) return { n, estimate: Number.NaN, interval: null, level, method: 'not observed' };
  const hits = values.reduce((a, b) => a + b, 0);
  const method = `Clopper and Pearson, ${hits} of ${n} replications`;
  return { n, estimate: hits / n, interval: clopperPearson(hits, n, level), level, method };
}

/**
 * Difference of two such shares on the same replications. Only pairs that differ say anything: with a the probability of
 * "variant yes, baseline no" and b that of the opposite, the difference is a - b, and the exact intervals of both, each at
 * level 1 - (1 - level) / 2 (Bonferroni), give bounds for it. Somewhat wider than need be, and never empty of meaning:
 * ten equal pairs leave room for a difference of 0.36.
 *
 * @param variant 1 or 0, one of each replication; `baseline` the same replications in the same order
 */
export function pairedShares(variant: readonly number[], baseline: readonly number[], level: number): Estimate {
  const n = variant.length;
  if (n === 0) return { n, estimate: Number.NaN, interval: null, level, method: 'not observed' };
  const count = (ours: number): number =>
    variant.filter((value, k) => value === ours && baseline[k] === 1 - ours).length;
  const [more, less] = [count(1), count(0)];
  const each = 1 - (1 - level) / 2;
  const [a, b] = [clopperPearson(more, n, each), clopperPearson(less, n, each)];
  const [low, high] = [a.low - b.high, a.high - b.low];
  const method = `Clopper and Pearson, ${more} of ${n} pairs higher and ${less} lower (Bonferroni)`;
  return { n, estimate: (more - less) / n, interval: { low, high, halfWidth: (high - low) / 2 }, level, method };
}
