import { type Estimate, intervalAround } from './intervals.js';
import { twoSidedT } from './student.js';
import { tallyOf } from './tally.js';

/** One of several configurations against the best of the others. */
export interface AgainstBest {
  /** Its mean less the smallest mean of the others; below 0 only for the best itself. */
  readonly difference: Estimate;
  /** Index of the one with the smallest mean among the others. */
  readonly other: number;
  /** `best`: better than every other one; `worse`: some other one is better; beyond doubt at the level, for all together. */
  readonly verdict: 'best' | 'worse' | 'undecided';
}

/**
 * Compares each configuration with the best of the others, smaller being better, so that all intervals hold at once with the
 * confidence asked for: paired t intervals of all differences, each at level 1 - (1 - level) / number of pairs (Bonferroni),
 * and from them the bounds of mean i - min over j of mean j, which is max over j of mean i - mean j. The replications are
 * pairs, so nothing is assumed about their correlation or equal variances.
 *
 * @param values [configuration][replication], the same number for all, at least 2
 * @see J. C. Hsu (1984), Constrained simultaneous confidence intervals for multiple comparisons with the best, Annals of
 *   Statistics 12, 1136-1144, for what is asked; W.-N. Yang, B. L. Nelson (1991), Using common random numbers and control
 *   variates in multiple-comparison procedures, Operations Research 39, 583-591, for Bonferroni with common random numbers
 */
export function againstBest(values: readonly (readonly number[])[], level: number): AgainstBest[] {
  const count = values.length;
  const n = values[0]?.length ?? 0;
  if (count < 2 || n < 2) return [];
  const pairs = (count * (count - 1)) / 2;
  const t = twoSidedT(1 - (1 - level) / pairs, n - 1);
  const method = `Bonferroni over ${pairs} paired t intervals of ${n} replications`;
  return values.map((own, i) => {
    let other = -1;
    let difference = Number.NEGATIVE_INFINITY;
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    values.forEach((theirs, j) => {
      if (i === j) return;
      const { mean, standardDeviation } = tallyOf(own.map((value, k) => value - theirs[k]!));
      const half = (t * standardDeviation) / Math.sqrt(n);
      if (mean > difference) [difference, other] = [mean, j];
      low = Math.max(low, mean - half);
      high = Math.max(high, mean + half);
    });
    const interval = { ...intervalAround(difference, 0), low, high, halfWidth: (high - low) / 2 };
    const verdict = high < 0 ? 'best' : low > 0 ? 'worse' : 'undecided';
    return { difference: { n, estimate: difference, interval, level, method }, other, verdict };
  });
}
