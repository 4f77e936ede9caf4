/** What a run reports, as interfaces; statistics attach from outside. */
import type { Nanos } from '../kernel/time.js';

export type RequestId = number;

/**
 * The parts of a request's latency. They are charged as time passes, one at a time, so they add up to the
 * latency exactly. Index into `RequestTable.partsNs`.
 */
export const Part = {
  /** In the kernel's listen queue (and in SYN retries before it). */
  Backlog: 0,
  /** In the server's own queue until a thread takes it. */
  Queue: 1,
  /** Executing Ruby code: holds the GVL, on a core (or in a C call that keeps the GVL), GC excluded; native work too. */
  Run: 2,
  /** Waiting for I/O, GVL released. */
  Io: 3,
  /** Ready to run Ruby code, waiting for the GVL (the wake-up latency of a hand-off included). */
  GvlWait: 4,
  /** Collections that this request's own allocations started, lazy sweeping included. */
  GcOwn: 5,
  /** Waiting for the GVL while another thread of the process collects garbage. */
  GcOther: 6,
  /** Holds the GVL (or runs native code) but no core is free. */
  CpuWait: 7,
  /** Waiting for a connection of a pool. */
  PoolWait: 8,
} as const;
export type Part = (typeof Part)[keyof typeof Part];
export const PARTS = 9;

export const Status = { Ok: 0, Timeout: 1, Refused: 2, Shed: 3, Killed: 4, Abandoned: 5 } as const;
export type Status = (typeof Status)[keyof typeof Status];
export const STATUS_NAMES = ['ok', 'timeout', 'refused', 'shed', 'killed', 'abandoned'] as const;

/** A finished request, as the observer sees it. The arrays belong to the model: read, do not keep. */
export interface Departures {
  readonly arrivedNs: Float64Array;
  /** Latency parts of request r: [r * PARTS, (r + 1) * PARTS). */
  readonly partsNs: Float64Array;
  readonly classOf: Uint16Array;
  /** Running number of the arrival, from 0. */
  readonly ordinal: Float64Array;
  /** Row of the recorded trace; negative if the demands were drawn. */
  readonly row: Int32Array;
  readonly process: Int32Array;
  readonly thread: Int32Array;
  readonly status: Uint8Array;
  /** When the application code of the request began and ended; NaN if it never did. */
  readonly appStartNs: Float64Array;
  readonly appEndNs: Float64Array;
  /** How often the request has been sent, this time included; kept only where clients try again. */
  readonly attempt: Uint8Array;
}

export interface Observer {
  /** The client has its answer (or its error). Called exactly once for each request. */
  departed(request: RequestId, nowNs: Nanos): void;
}

/** A quantity that can be read at any simulated time. */
export interface Gauge {
  /** Lower snake case with its unit as last part, e.g. `backlog_count`. */
  readonly name: string;
  /** `level`: the value now. `integral`: time-integral since 0 [ns x level]; its slope is the time-average. */
  readonly kind: 'level' | 'integral';
  /** For an integral: divide the slope by this to get a ratio (e.g. the number of cores); 1 otherwise. */
  readonly capacity: number;
  read(nowNs: Nanos): number;
}
