import type { ComparisonRow, SummaryRow } from '../../experiment/experiment-result.js';
import { ALL_CLASSES } from '../../experiment/result.js';

type Key = {
  readonly variant: string;
  readonly className: string;
  readonly metric: string;
  readonly statistic: string;
};

/** Rows by (variant, metric, statistic), all classes together. */
export class Lookup<R extends Key> {
  private readonly byKey: ReadonlyMap<string, R>;

  constructor(rows: readonly R[]) {
    this.byKey = new Map(
      rows
        .filter(({ className }) => className === ALL_CLASSES)
        .map((row) => [keyOf(row.variant, row.metric, row.statistic), row]),
    );
  }

  find(variant: string, metric: string, statistic = 'mean'): R | undefined {
    return this.byKey.get(keyOf(variant, metric, statistic));
  }
}

export type SummaryLookup = Lookup<SummaryRow>;
export type ComparisonLookup = Lookup<ComparisonRow>;

function keyOf(variant: string, metric: string, statistic: string): string {
  return JSON.stringify([variant, metric, statistic]);
}
