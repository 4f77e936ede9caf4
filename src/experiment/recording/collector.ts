import type { Nanos } from '../../kernel/time.js';
import type { Bench } from '../../model/bench.js';
import { type Departures, type Observer, PARTS, type RequestId, Status } from '../../model/observations.js';
import { M } from '../metrics/metrics.js';
import type { WarmUp } from '../warm-up/warm-up.js';
import { BLOCK_ROWS, type BlockConsumer, ROW_LENGTH } from './block.js';

// Local copies of what is imported: compiled in as constants (docs/decisions/0009).
const Metric = M;
const { Ok, Refused, Shed } = Status;
const STRIDE = PARTS;
const ROW = ROW_LENGTH;
const ROWS = BLOCK_ROWS;

/** Of the window of the run metrics. */
const Window = { Ahead: 0, Open: 1, Closed: 2 } as const;

const GC_BITS = (1 << M.GcOwn) | (1 << M.GcOther) | (1 << M.Gc);

/** Bits of the metrics that are looked at whether or not they are 0 throughout. */
const MOSTLY_OCCUPIED =
  (1 << M.Queue) |
  (1 << M.Run) |
  (1 << M.Io) |
  (1 << M.GvlWait) |
  (1 << M.Latency) |
  (1 << M.BeforeApp) |
  (1 << M.Service) |
  (1 << M.InApp);

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
 * Writes the times of every counted request into the rows of a block. One call a request on the hot path: no allocation,
 * a dozen stores. Everything that can be computed from the rows is left to their consumer, in tight loops.
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

  private readonly values: Float64Array;
  private readonly classOf: Uint16Array;
  private occupied: number;
  private hasGaps: boolean;
  private filled: number;
  private windowState: number;
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
    this.sojournSumNs = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.sojournSumNs = 0;
    this.counted = new Float64Array(options.classes);
    this.failed = new Float64Array(options.classes);
    this.succeededInWindow = new Float64Array(options.classes);
    this.lastDepartureNs = Number.NaN;
    this.lastDepartureNs = 0;
    this.values = new Float64Array(BLOCK_ROWS * ROW_LENGTH);
    this.classOf = new Uint16Array(BLOCK_ROWS);
    this.occupied = MOSTLY_OCCUPIED;
    this.hasGaps = false;
    this.filled = 0;
    this.windowState = Window.Ahead;
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
    if (this.windowState !== Window.Ahead) return;
    this.windowState = Window.Open;
    this.window.opened(nowNs);
  }

  /** Closes the window from outside, when the clock ends the load. */
  close(nowNs: Nanos): void {
    if (this.windowState === Window.Closed) return;
    this.open(nowNs); // a warm-up that outlasts the load leaves an empty window
    this.windowState = Window.Closed;
    this.window.closed(nowNs);
  }

  /** Hands over what is left in the block: nobody will depart any more. */
  finish(): void {
    this.handOver();
  }

  private handOver(): void {
    const { values, classOf, occupied, hasGaps } = this;
    this.consumer.consume({ values, classOf, occupied, hasGaps }, this.filled);
    this.filled = 0;
    if (occupied !== MOSTLY_OCCUPIED) values.fill(0);
    this.occupied = MOSTLY_OCCUPIED;
    this.hasGaps = false;
  }

  departed(request: RequestId, nowNs: Nanos): void {
    const table = this.table!;
    const parts = table.partsNs;
    const base = request * STRIDE;
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
    const isOk = table.status[request] === Ok;
    const cls = table.classOf[request]!;
    if (isOk && this.windowState === Window.Open) this.succeededInWindow[cls]!++;
    // After the count: the window is open to the left, so the departure that opens it is not in it.
    if (this.windowState === Window.Ahead && this.warmUpNs === 0 && this.bench!.arrivals() >= this.warmUpArrivals)
      this.open(nowNs);

    const isWarmUp = arrived < this.warmUpNs || table.ordinal[request]! < this.warmUpArrivals;
    if (this.rows !== null) this.rows.row(table, request, nowNs, isWarmUp);
    if (!isWarmUp) {
      this.counted[cls]!++;
      if (!isOk) this.failed[cls]!++;
    }
    // Who could not even connect has no latency: the time until its kernel gave up (131 s) says nothing of the server.
    // Nor has who was turned away with 503: that is quick, and would make the latencies look better the more it happens.
    if (!isWarmUp && table.status[request] !== Refused && table.status[request] !== Shed) {
      if (this.filled === ROWS) this.handOver();
      const gc = gcOwn + gcOther;
      const before = table.appStartNs[request]! - arrived;
      const after = nowNs - table.appEndNs[request]!;
      const inApp = latency - before - after;
      const row = this.filled++;
      const { values } = this;
      const at = row * ROW;
      values[at + Metric.Queue] = queue;
      values[at + Metric.Run] = run;
      values[at + Metric.Io] = io;
      values[at + Metric.GvlWait] = gvlWait;
      values[at + Metric.Latency] = latency;
      values[at + Metric.BeforeApp] = before;
      values[at + Metric.Service] = latency - backlog - queue;
      values[at + Metric.InApp] = inApp;
      if (Number.isNaN(inApp)) this.hasGaps = true;
      // What a bare model never has: 0 already.
      let occupied = this.occupied;
      if (backlog !== 0) {
        values[at + Metric.Backlog] = backlog;
        occupied |= 1 << Metric.Backlog;
      }
      if (gc !== 0) {
        values[at + Metric.GcOwn] = gcOwn;
        values[at + Metric.GcOther] = gcOther;
        values[at + Metric.Gc] = gc;
        occupied |= GC_BITS;
      }
      if (cpuWait !== 0) {
        values[at + Metric.CpuWait] = cpuWait;
        occupied |= 1 << Metric.CpuWait;
      }
      if (poolWait !== 0) {
        values[at + Metric.PoolWait] = poolWait;
        occupied |= 1 << Metric.PoolWait;
      }
      if (after !== 0) {
        values[at + Metric.AfterApp] = after;
        occupied |= 1 << Metric.AfterApp;
      }
      this.occupied = occupied;
      this.classOf[row] = cls;
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
