import { type BatchMeans, batchMeans } from '../../statistics/batch-means.js';
import type { Estimate } from '../../statistics/intervals.js';
import { REQUEST_METRICS } from '../metrics/metrics.js';
import { ALL_CLASSES } from '../result.js';
import { type Block, type BlockConsumer, isOccupied, ROW_LENGTH, rowsByClass } from './block.js';

/** Averages over neighbouring parts of a run, in their order: what one long run has instead of replications. */
export interface RunningMeans {
  /** A class name or `all`. */
  readonly className: string;
  readonly metric: string;
  /** Each over as many requests, or as much time, as the others; unit: as the metric's name says. */
  readonly means: Float64Array;
}

/** Requests of a first part; parts are joined two by two whenever there are too many. */
const FIRST_SIZE = 16;
const MOST_PARTS = 2048;
const NS_PER_MS = 1e6;
// A local copy of what is imported: compiled in as a constant (docs/decisions/0009).
const ROW = ROW_LENGTH;

/** Collects the means of parts of a run of any length, in fixed memory: of all requests together and of each class. */
export class LongRun implements BlockConsumer {
  private readonly classNames: readonly string[];
  private readonly all: Parts;
  /** Empty if there is one class only. */
  private readonly byClass: readonly Parts[];

  constructor(classNames: readonly string[]) {
    this.classNames = classNames;
    this.all = new Parts();
    this.byClass = classNames.length > 1 ? classNames.map(() => new Parts()) : [];
  }

  consume(block: Block, rows: number): void {
    this.all.add(block, rows, null);
    const { byClass } = this;
    if (byClass.length === 0) return;
    for (const [c, members] of rowsByClass(block, rows, byClass.length).entries()) {
      byClass[c]!.add(block, members.length, members);
    }
  }

  means(): RunningMeans[] {
    return [...this.all.means(ALL_CLASSES), ...this.byClass.flatMap((parts, c) => parts.means(this.classNames[c]!))];
  }
}

/** Sums of every metric over neighbouring requests. */
class Parts {
  private readonly sums: Float64Array;
  private parts: number;
  private size: number;
  private filled: number;

  constructor() {
    this.sums = new Float64Array(MOST_PARTS * ROW_LENGTH);
    this.parts = 0;
    this.size = FIRST_SIZE;
    this.filled = 0;
  }

  /** @param members rows of the block that count; null: the first `count` */
  add(block: Block, count: number, members: Uint32Array | null): void {
    for (let from = 0; from < count; ) {
      const to = Math.min(count, from + this.size - this.filled);
      for (let metric = 0; metric < ROW_LENGTH; metric++) {
        if (isOccupied(block, metric)) this.addColumn(block.values, metric, members, from, to);
      }
      this.filled += to - from;
      from = to;
      if (this.filled === this.size) this.nextPart();
    }
  }

  means(className: string): RunningMeans[] {
    return REQUEST_METRICS.map(({ name }, metric) => ({
      className,
      metric: name,
      means: Float64Array.from(
        { length: this.parts },
        (_, part) => this.sums[part * ROW_LENGTH + metric]! / this.size / NS_PER_MS,
      ),
    }));
  }

  /** A loop over one column, with its sum in a register, takes half as long as adding row by row. */
  private addColumn(values: Float64Array, metric: number, members: Uint32Array | null, from: number, to: number): void {
    const sum = this.parts * ROW + metric;
    let total = this.sums[sum]!;
    if (members === null) {
      const end = to * ROW;
      let at = from * ROW + metric;
      // Four at a time: the array is checked anew at every turn. Whole ns, exact in any order up to a sum of 2^53 (104 days of one part's
      // requests together); beyond, the last digit hangs on the order, which is always this one.
      for (; at + 3 * ROW < end; at += 4 * ROW)
        total += values[at]! + values[at + ROW]! + (values[at + 2 * ROW]! + values[at + 3 * ROW]!);
      for (; at < end; at += ROW) total += values[at]!;
    } else for (let k = from; k < to; k++) total += values[members[k]! * ROW + metric]!;
    this.sums[sum] = total;
  }

  private nextPart(): void {
    this.filled = 0;
    this.parts++;
    if (this.parts < MOST_PARTS) return;
    this.parts /= 2;
    this.size *= 2;
    const { sums, parts } = this;
    for (let part = 0; part < parts; part++) {
      const [to, from] = [part * ROW_LENGTH, 2 * part * ROW_LENGTH];
      for (let metric = 0; metric < ROW_LENGTH; metric++)
        sums[to + metric] = sums[from + metric]! + sums[from + ROW_LENGTH + metric]!;
    }
    sums.fill(0, parts * ROW_LENGTH);
  }
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
  if (means.some(Number.isNaN)) return none('one replication, not observed in all parts of it: no interval');
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
