/** An objective such as `latency_ms{class:web} p99 < 300ms`. */
export interface Objective {
  /** As written. */
  readonly text: string;
  readonly metric: string;
  /** `all`, or the name of a class. */
  readonly className: string;
  /** `mean`, `max`, `p99` ... */
  readonly statistic: string;
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** In the unit of the metric (`_ms`: milliseconds). */
  readonly limit: number;
}
