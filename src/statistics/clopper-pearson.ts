import type { Interval } from './intervals.js';
import { betaQuantile } from './student.js';

/**
 * Exact interval of a probability from the number of times that something happened in independent trials: contains the
 * probability at least as often as promised, whatever it is and however few trials there are.
 *
 * @param hits 0 to `trials`
 * @param trials at least 1
 * @see C. J. Clopper, E. S. Pearson (1934), The use of confidence or fiducial limits, Biometrika 26, 404-413
 */
export function clopperPearson(hits: number, trials: number, level: number): Interval {
  const tail = (1 - level) / 2;
  const low = hits === 0 ? 0 : betaQuantile(tail, hits, trials - hits + 1);
  const high = hits === trials ? 1 : betaQuantile(1 - tail, hits + 1, trials - hits);
  return { low, high, halfWidth: (high - low) / 2 };
}
