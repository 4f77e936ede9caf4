import { M, REQUEST_METRICS } from '../metrics/metrics.js';

/** Values of a row: every metric of a request. */
export const ROW_LENGTH: number = REQUEST_METRICS.length;

/** Requests that are collected before they are handed over: 15 kB of rows, which stay in the first-level cache. */
export const BLOCK_ROWS = 128;

/** The times of some requests, in the order of their departure. */
export interface Block {
  /**
   * Metric m (see `M`) of the request in row k: values[k * ROW_LENGTH + m] [ns]; NaN where the application was never
   * reached. Rows, because a request writes all of its metrics at once.
   */
  readonly values: Float64Array;
  readonly classOf: Uint16Array;
  /** Bit m is set if metric m of some row is not 0. */
  readonly occupied: number;
  /** Some of the requests never reached the application. */
  readonly hasGaps: boolean;
}

/** Takes over a full block, or the last, partly filled one. The arrays are re-used afterwards. */
export interface BlockConsumer {
  consume(block: Block, rows: number): void;
}

export function isOccupied({ occupied }: Block, metric: number): boolean {
  return ((occupied >> metric) & 1) === 1;
}

/** Metrics of which some values may be NaN. */
export function mayHaveGaps(metric: number): boolean {
  return metric === M.BeforeApp || metric === M.AfterApp || metric === M.InApp;
}

/** The rows of each class, in order. */
export function rowsByClass({ classOf }: Block, rows: number, classes: number): Uint32Array[] {
  const counts = new Uint32Array(classes);
  for (let k = 0; k < rows; k++) counts[classOf[k]!]!++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let k = 0; k < rows; k++) {
    const c = classOf[k]!;
    members[c]![counts[c]!++] = k;
  }
  return members;
}
