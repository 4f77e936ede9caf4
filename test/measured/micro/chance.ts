import { tallyOf, twoSidedT } from '../../../src/statistics/index.js';

/**
 * Of each figure; of twenty that the model has right, one is missed by chance. 95 and not 99 %: t of three runs is 4.3 at 95 % and 9.9 at
 * 99 %, at which nearly everything would be accepted.
 */
export const LEVEL = 0.95;

export type Interval = readonly [low: number, high: number];

/** Where one more run lies, by how the replays scatter. By how much it may lie from their mean, either way. */
export function chanceOfOneRun(replays: readonly number[]): number {
  const { standardDeviation } = tallyOf(replays);
  const { length } = replays;
  return twoSidedT(LEVEL, length - 1) * standardDeviation * Math.sqrt(1 + 1 / length);
}

/**
 * Where the mean of the replays lies if it is that of what was measured, too: Welch's interval (B. L. Welch, The generalization of
 * `Student's' problem when several different population variances are involved, Biometrika 34, 1947) about the mean of the runs.
 */
export function meanOfRuns(runs: readonly number[], replays: readonly number[]): Interval {
  const measured = tallyOf(runs);
  const ofRuns = measured.standardDeviation ** 2 / runs.length;
  const ofReplays = tallyOf(replays).standardDeviation ** 2 / replays.length;
  const variance = ofRuns + ofReplays;
  const freedom = variance ** 2 / (ofRuns ** 2 / (runs.length - 1) + ofReplays ** 2 / (replays.length - 1));
  const half = twoSidedT(LEVEL, freedom) * Math.sqrt(variance);
  return [measured.mean - half, measured.mean + half];
}
