import type { Nanos } from '../kernel/time.js';
import type { Bench } from '../model/bench.js';
import { type Departures, type Observer, PARTS, type RequestId, Status } from '../model/observations.js';
import type { WarmUp } from './warm-up.js';

/** Requests that are collected before they are handed over: 200 kB of columns, which stay in the second-level cache. */
export const BLOCK_ROWS = 2048;

/** Columns that are written per request: the nine parts, latency, before and after the application. */
export const STORED_COLUMNS = 12;

/** Takes over a full block, or the last, partly filled one. The arrays are re-used afterwards. */
export interface BlockConsumer {
  consume(block: Block, rows: number): void;
}

/** The times of some requests, as columns. */
export interface Block {
  /** Index: `M.Backlog` ... `M.AfterApp`; values in ns, NaN where the application was never reached. */
  readonly stored: readonly Float64Array[];
  readonly classOf: Uint16Array;
  /** Some value of the before and after columns is NaN. */
  readonly hasGaps: boolean;
}

/** Sees every departure, those of the warm-up too; opt-in, for requests.csv and for traces. */
export interface RowSink {
  row(departures: Departures, request: RequestId, nowNs: Nanos, isWarmUp: boolean): void;
}

/** Called when the last request of the warm-up has arrived, and when the load is used up and everybody has left. */
export interface WindowListener {
  opened(nowNs: Nanos): void;
  closed(nowNs: Nanos): void;
}

export interface CollectorOptions {
  readonly warmUp: WarmUp;
  /** Arrivals after which the load is used up; Infinity if the clock ends it. */
  readonly expectedArrivals: number;
  readonly classes: number;
  readonly consumer: BlockConsumer;
  readonly window: WindowListener;
  readonly rows: RowSink | null;
}

/**
 * Writes the times of every counted request into columns. One call a request on the hot path: no allocation, a
 * dozen stores. Everything that can be computed from the columns is left to their consumer, in tight loops.
 *
 * @throws Error if the parts of a request do not add up to its latency: a mechanism lost track of time.
 */
export class Collector implements Observer {
  /** All departures so far. */
  departures: number;
  /** Sum of the sojourn times of all departures, warm-up included [ns]. */
  sojournSumNs: number;
  /** Counted requests (arrived after the warm-up) and those of them that failed, by class. */
  readonly counted: Float64Array;
  readonly failed: Float64Array;
  /** Successful departures while the window was open, by class. */
  readonly succeededInWindow: Float64Array;
  lastDepartureNs: Nanos;

  private readonly stored: readonly Float64Array[];
  private readonly classOf: Uint16Array;
  private hasGaps: boolean;
  private filled: number;
  private isOpen: boolean;
  private isClosed: boolean;
  private readonly warmUpNs: Nanos;
  private readonly warmUpArrivals: number;
  private readonly expected: number;
  private readonly consumer: BlockConsumer;
  private readonly window: WindowListener;
  private readonly rows: RowSink | null;
  private bench: Bench | null;
  private table: Departures | null;

  constructor(options: CollectorOptions) {
    this.departures = 0;
    this.sojournSumNs = 0;
    this.counted = new Float64Array(options.classes);
    this.failed = new Float64Array(options.classes);
    this.succeededInWindow = new Float64Array(options.classes);
    this.lastDepartureNs = 0;
    this.stored = Array.from({ length: STORED_COLUMNS }, () => new Float64Array(BLOCK_ROWS));
    this.classOf = new Uint16Array(BLOCK_ROWS);
    this.hasGaps = false;
    this.filled = 0;
    this.isOpen = false;
    this.isClosed = false;
    this.warmUpNs = options.warmUp.untilNs;
    this.warmUpArrivals = options.warmUp.arrivals;
    this.expected = options.expectedArrivals;
    this.consumer = options.consumer;
    this.window = options.window;
    this.rows = options.rows;
    this.bench = null;
    this.table = null;
  }

  /** Must be called between `compile` and the first event. */
  attach(bench: Bench): void {
    this.bench = bench;
    this.table = bench.departures;
  }

  /** Opens the window of the run metrics from outside, when the warm-up is a time. */
  open(nowNs: Nanos): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.window.opened(nowNs);
  }

  /** Closes the window from outside, when the clock ends the load. */
  close(nowNs: Nanos): void {
    if (this.isClosed) return;
    this.open(nowNs); // a warm-up that outlasts the load leaves an empty window
    this.isClosed = true;
    this.window.closed(nowNs);
  }

  /** Hands over what is left in the columns: nobody will depart any more. */
  finish(): void {
    this.handOver();
  }

  private handOver(): void {
    this.consumer.consume({ stored: this.stored, classOf: this.classOf, hasGaps: this.hasGaps }, this.filled);
    this.filled = 0;
  }

  departed(request: RequestId, nowNs: Nanos): void {
    const table = this.table!;
    const parts = table.partsNs;
    const base = request * PARTS;
    const backlog = parts[base]!;
    const queue = parts[base + 1]!;
    const run = parts[base + 2]!;
    const io = parts[base + 3]!;
    const gvlWait = parts[base + 4]!;
    const gcOwn = parts[base + 5]!;
    const gcOther = parts[base + 6]!;
    const cpuWait = parts[base + 7]!;
    const poolWait = parts[base + 8]!;
    const arrived = table.arrivedNs[request]!;
    const latency = nowNs - arrived;
    // Whole numbers below 2^53: the sum is exact whatever its order, so anything but equality is a lost interval.
    if (backlog + queue + run + io + gvlWait + gcOwn + gcOther + cpuWait + poolWait !== latency) {
      throw partsDoNotAddUp(table, request, nowNs);
    }
    this.departures++;
    this.sojournSumNs += latency;
    this.lastDepartureNs = nowNs;
    const isOk = table.status[request] === Status.Ok;
    const cls = table.classOf[request]!;
    if (isOk && this.isOpen && !this.isClosed) this.succeededInWindow[cls]!++;
    // After the count: the window is open to the left, so the departure that opens it is not in it.
    if (!this.isOpen && this.warmUpNs === 0 && this.bench!.arrivals() >= this.warmUpArrivals) this.open(nowNs);

    const isWarmUp = arrived < this.warmUpNs || table.ordinal[request]! < this.warmUpArrivals;
    if (this.rows !== null) this.rows.row(table, request, nowNs, isWarmUp);
    if (!isWarmUp) {
      this.counted[cls]!++;
      if (!isOk) this.failed[cls]!++;
    }
    // Who could not even connect has no latency: the time until its kernel gave up (131 s) says nothing of the server.
    // Nor has who was turned away with 503: that is quick, and would make the latencies look better the more it happens.
    if (!isWarmUp && table.status[request] !== Status.Refused && table.status[request] !== Status.Shed) {
      if (this.filled === BLOCK_ROWS) this.handOver();
      const k = this.filled++;
      const stored = this.stored;
      stored[0]![k] = backlog;
      stored[1]![k] = queue;
      stored[2]![k] = run;
      stored[3]![k] = io;
      stored[4]![k] = gvlWait;
      stored[5]![k] = gcOwn;
      stored[6]![k] = gcOther;
      stored[7]![k] = cpuWait;
      stored[8]![k] = poolWait;
      stored[9]![k] = latency;
      const before = table.appStartNs[request]! - arrived;
      const after = nowNs - table.appEndNs[request]!;
      stored[10]![k] = before;
      stored[11]![k] = after;
      if (Number.isNaN(after) || Number.isNaN(before)) this.hasGaps = true;
      this.classOf[k] = cls;
    }
    if (this.departures === this.expected) this.close(nowNs);
  }
}

function partsDoNotAddUp(table: Departures, request: RequestId, nowNs: Nanos): Error {
  const parts = Array.from(table.partsNs.subarray(request * PARTS, (request + 1) * PARTS));
  const sum = parts.reduce((a, b) => a + b, 0);
  const latency = nowNs - table.arrivedNs[request]!;
  return new Error(
    `at ${nowNs / 1e9} s, request ${table.ordinal[request]! + 1}: latency is ${latency} ns but its parts add up to ${sum} ns (${parts.join(', ')})`,
  );
}
