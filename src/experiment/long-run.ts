import { type BatchMeans, batchMeans } from '../statistics/batch-means.js';
import type { Estimate } from '../statistics/intervals.js';
import { type Block, type BlockConsumer, ROW_LENGTH } from './block.js';
import { M, REQUEST_METRICS } from './metrics.js';

/** Means of neighbouring requests, in the order of their departure: what one long run has instead of replications. */
export interface RunningMeans {
  readonly metric: string;
  /** Each of as many requests as the others [ms]. */
  readonly means: Float64Array;
}

/** Requests of a first part; parts are joined two by two whenever there are too many. */
const FIRST_SIZE = 16;
const MOST_PARTS = 2048;
const NS_PER_MS = 1e6;

/** Metrics as sums and differences of the columns that are kept of every request. */
const MADE_OF: readonly (readonly [metric: number, plus: readonly number[], minus: readonly number[]])[] = [
  ...[M.Latency, M.Backlog, M.Queue, M.Run, M.Io, M.GvlWait, M.GcOwn, M.GcOther, M.CpuWait, M.PoolWait].map(
    (metric) => [metric, [metric], []] as const,
  ),
  [M.Gc, [M.GcOwn, M.GcOther], []],
  [M.Service, [M.Latency], [M.Backlog, M.Queue]],
];
const COLUMNS = M.Latency + 1;

/** Collects the means of parts of a run of any length, in fixed memory: all classes together. */
export class LongRun implements BlockConsumer {
  private readonly sums: readonly Float64Array[];
  private parts: number;
  private size: number;
  private filled: number;

  constructor() {
    this.sums = Array.from({ length: COLUMNS }, () => new Float64Array(MOST_PARTS));
    this.parts = 0;
    this.size = FIRST_SIZE;
    this.filled = 0;
  }

  consume({ values }: Block, rows: number): void {
    for (let from = 0; from < rows; ) {
      const to = Math.min(rows, from + this.size - this.filled);
      for (let column = 0; column < COLUMNS; column++)
        this.sums[column]![this.parts]! += sumOf(values, column, from, to);
      this.filled += to - from;
      from = to;
      if (this.filled === this.size) this.nextPart();
    }
  }

  means(): RunningMeans[] {
    return MADE_OF.map(([metric, plus, minus]) => ({
      metric: REQUEST_METRICS[metric]!.name,
      means: Float64Array.from({ length: this.parts }, (_, part) => {
        const total = (columns: readonly number[]): number =>
          columns.reduce((sum, column) => sum + this.sums[column]![part]!, 0);
        return (total(plus) - total(minus)) / this.size / NS_PER_MS;
      }),
    }));
  }

  private nextPart(): void {
    this.filled = 0;
    this.parts++;
    if (this.parts < MOST_PARTS) return;
    this.parts /= 2;
    this.size *= 2;
    for (const sums of this.sums) {
      for (let k = 0; k < this.parts; k++) sums[k] = sums[2 * k]! + sums[2 * k + 1]!;
      sums.fill(0, this.parts);
    }
  }
}

function sumOf(values: Float64Array, column: number, fromRow: number, toRow: number): number {
  const end = toRow * ROW_LENGTH;
  let sum = 0;
  for (let at = fromRow * ROW_LENGTH + column; at < end; at += ROW_LENGTH) sum += values[at]!;
  return sum;
}

/** Hands every block to both. */
export function toBoth(first: BlockConsumer, second: BlockConsumer): BlockConsumer {
  return {
    consume: (block, rows) => {
      first.consume(block, rows);
      second.consume(block, rows);
    },
  };
}

/** Numbers of batches that are tried, the most first: fewer batches are longer and less dependent on each other. */
const BATCHES = [40, 20] as const;
/** Batches whose correlation would be met that often by chance pass for independent. */
const LEAST_P_VALUE = 0.1;

/**
 * Interval of the mean of one long run by batch means, if the batches are independent as far as one can tell; otherwise none.
 *
 * @param estimate the mean of the whole run
 */
export function longRunInterval(estimate: number, means: Float64Array, level: number): Estimate {
  const none = (method: string): Estimate => ({ n: 1, estimate, interval: null, level, method });
  if (means.length < 2 * BATCHES[0]) return none('one replication, too short for batch means: no interval');
  let last: BatchMeans | null = null;
  for (const batches of BATCHES) {
    last = batchMeans(means, batches, level);
    if (last.pValue < LEAST_P_VALUE || last.mean.interval === null) continue;
    const { halfWidth } = last.mean.interval;
    const interval = { low: estimate - halfWidth, high: estimate + halfWidth, halfWidth };
    return {
      n: 1,
      estimate,
      interval,
      level,
      method: `batch means: ${batches} batches, independence not rejected (p ${last.pValue.toFixed(2)})`,
    };
  }
  return none(
    `one replication, ${BATCHES.at(-1)} batches depend on each other (p ${last!.pValue.toFixed(3)}): no interval`,
  );
}
