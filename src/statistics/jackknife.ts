import { type Estimate, intervalAround } from './intervals.js';
import { twoSidedT } from './student.js';
import { tallyOf } from './tally.js';

/**
 * A smooth function of several means, each over the same replications, with an interval that keeps their correlation.
 * With f the function of all means and f_i the one without replication i, the pseudo-values n f - (n - 1) f_i are
 * treated as independent observations with n - 1 degrees of freedom; their mean has no bias of order 1/n. Of a single
 * mean this is the t interval, of a quotient the one of `jackknifeRatio`.
 *
 * @param columns values of each quantity, one a replication; the replications are the same in all columns
 * @param f from the means of the columns, in their order
 * @see R. G. Miller (1974), The jackknife - a review, Biometrika 61, 1-15
 */
export function jackknife(
  columns: readonly (readonly number[])[],
  f: (means: readonly number[]) => number,
  level: number,
): Estimate {
  const n = columns[0]?.length ?? 1;
  if (columns.some((column) => column.length !== n)) throw new RangeError('columns of different replications');
  const totals = columns.map((column) => column.reduce((a, b) => a + b, 0));
  const plain = f(totals.map((total) => total / n));
  if (columns.length === 0) {
    return { n: 0, estimate: plain, interval: { low: plain, high: plain, halfWidth: 0 }, level, method: 'a constant' };
  }
  if (Number.isNaN(plain)) return { n, estimate: plain, interval: null, level, method: 'not observed' };
  if (n === 1) return { n, estimate: plain, interval: null, level, method: 'one replication: no interval' };
  const without = (i: number): number => f(columns.map((column, k) => (totals[k]! - column[i]!) / (n - 1)));
  const { mean, standardDeviation } = tallyOf(Array.from({ length: n }, (_, i) => n * plain - (n - 1) * without(i)));
  if (!Number.isFinite(mean)) {
    return { n, estimate: plain, interval: null, level, method: 'not finite without one of the replications' };
  }
  const halfWidth = (twoSidedT(level, n - 1) * standardDeviation) / Math.sqrt(n);
  const method = `jackknife over ${n} replications`;
  return { n, estimate: mean, interval: intervalAround(mean, halfWidth), level, method };
}
