import type { ComparisonRow } from '../../experiment/experiment-result.js';

/** The variants compared with each other. */
export interface Comparison {
  /** Differences to the baseline that the scenario names: comparison.csv. */
  readonly withBaseline: readonly ComparisonRow[];
  /** What the shown differences are against; null: nothing has a steady state that could be compared. */
  readonly reference: string | null;
  readonly withReference: readonly ComparisonRow[];
}
