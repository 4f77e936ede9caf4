import { type Estimate, meanInterval } from './intervals.js';
import { pairedShares } from './proportion.js';

/** One of several configurations against the best of the others. */
export interface AgainstBest {
  /** Its mean less that of the best of the others; beyond 0 on the better side only for the best itself. */
  readonly difference: Estimate;
  /** Index of the best of the others. */
  readonly other: number;
  /** `best`: better than every other one; `worse`: some other one is better; beyond doubt at the level, for all together. */
  readonly verdict: 'best' | 'worse' | 'undecided';
}

export interface AgainstBestOptions {
  /** Confidence of all intervals together, e.g. 0.95. */
  readonly level: number;
  /** @default lower */
  readonly better?: 'lower' | 'higher';
  /** Values are 1 where something happened in a replication, 0 where not. @default false */
  readonly areEvents?: boolean;
}

/**
 * Compares each configuration with the best of the others, so that all intervals hold at once with the
 * confidence asked for: paired intervals of all differences, each at level 1 - (1 - level) / number of pairs (Bonferroni),
 * and from them the bounds of mean i - min over j of mean j, which is max over j of mean i - mean j. The replications are
 * pairs, so nothing is assumed about their correlation or equal variances.
 *
 * @param values [configuration][replication], the same number for all, at least 2
 * @see J. C. Hsu (1984), Constrained simultaneous confidence intervals for multiple comparisons with the best, Annals of
 *   Statistics 12, 1136-1144, for what is asked; W.-N. Yang, B. L. Nelson (1991), Using common random numbers and control
 *   variates in multiple-comparison procedures, Operations Research 39, 583-591, for Bonferroni with common random numbers
 */
export function againstBest(values: readonly (readonly number[])[], options: AgainstBestOptions): AgainstBest[] {
  const { level, better = 'lower', areEvents = false } = options;
  const count = values.length;
  const n = values[0]?.length ?? 0;
  if (count < 2 || n < 2) return [];
  const pairs = (count * (count - 1)) / 2;
  const each = 1 - (1 - level) / pairs;
  const method = `Bonferroni over ${pairs} ${areEvents ? 'exact' : 'paired t'} intervals of ${n} replications`;
  const worseBy = (own: readonly number[], theirs: readonly number[]): Estimate => {
    const [high, low] = better === 'lower' ? [own, theirs] : [theirs, own];
    if (areEvents) return pairedShares(high, low, each);
    return meanInterval(
      high.map((value, k) => value - low[k]!),
      each,
    );
  };
  return values.map((own, i) => {
    let other = -1;
    let estimate = Number.NEGATIVE_INFINITY;
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    values.forEach((theirs, j) => {
      if (i === j) return;
      const worse = worseBy(own, theirs);
      if (worse.estimate > estimate) [estimate, other] = [worse.estimate, j];
      low = Math.max(low, worse.interval?.low ?? Number.NaN);
      high = Math.max(high, worse.interval?.high ?? Number.NaN);
    });
    const verdict = high < 0 ? 'best' : low > 0 ? 'worse' : 'undecided';
    const halfWidth = (high - low) / 2;
    // How much worse it is, as a difference of the metric itself: 0 - x so that a difference of 0 keeps its sign.
    const interval = better === 'lower' ? { low, high, halfWidth } : { low: 0 - high, high: 0 - low, halfWidth };
    const difference = better === 'lower' ? estimate : 0 - estimate;
    const isKnown = !Number.isNaN(halfWidth);
    return {
      difference: { n, estimate: difference, interval: isKnown ? interval : null, level, method },
      other,
      verdict,
    };
  });
}
