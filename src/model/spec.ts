/**
 * The system to simulate as plain validated data in base units: whole nanoseconds, bytes, per second.
 * `scenario/` produces it from a file, `compile` turns it into a running model. Nothing here is optional:
 * every default has been applied.
 */
import type { Nanos } from '../kernel/time.js';
import type { Distribution } from '../random/distribution.js';
import type { AppSpec } from './app-spec.js';
import type { ControlSpec } from './control-spec.js';
import type { EdgesSpec } from './edges-spec.js';
import type { MemorySpec } from './memory-spec.js';
import type { OperationSpec } from './operations-spec.js';

export * from './app-spec.js';
export * from './edges-spec.js';

export interface SystemSpec {
  readonly host: HostSpec;
  readonly runtime: RuntimeSpec;
  readonly server: ServerSpec;
  readonly app: AppSpec;
  readonly load: LoadSpec;
  readonly edges: EdgesSpec;
  /** Left out: nothing limits what is served. */
  readonly control?: ControlSpec;
  readonly memory: MemorySpec;
  /** What is done to the running system; left out = nothing. */
  readonly operations?: readonly OperationSpec[];
  /** false = `overheads: none`: every hand-off, wake-up and server cost is zero, for comparison with theory. */
  readonly overheads: boolean;
}

export interface HostSpec {
  /** Cores that the server's processes share, whole number >= 1. */
  readonly cores: number;
  /** Limit on the CPU time of the container (cgroup `cpu.max`); null = none. */
  readonly cpuQuota: CpuQuotaSpec | null;
  /** How runnable processes share the cores when there are more of them than cores. */
  readonly scheduler: 'processor-sharing' | 'time-slices';
  /** Length of one turn on a core under `time-slices` [ns]. */
  readonly timeSliceNs: Nanos;
  /** From a signal to the first instruction of the sleeping thread it wakes [ns]. */
  readonly wakeLatencyNs: Nanos;
  /** The same for a thread that has slept for the lock for less than 200 us; at most as long [ns]. */
  readonly warmWakeLatencyNs: Nanos;
  /** By how much a sleep or an I/O wait lasts longer than asked for: timer slack and wake-up [ns]. */
  readonly sleepOvershootNs: Nanos;
  /** CPU time of an I/O call itself, under the GVL: giving the lock up, the system call, the switch back [ns]. */
  readonly ioCallNs: Nanos;
  /**
   * One core only: a running thread keeps it for so long although others are woken (slice of the scheduler) [ns].
   * Infinity: who is woken finds a core.
   */
  readonly preemptAfterNs: Nanos;
  /** Server code runs longer the longer it has not run, see `ColdCode`. */
  readonly coldCaches: boolean;
  /** net.core.somaxconn: upper bound of every listen backlog. */
  readonly somaxconn: number;
  /** Memory of the machine or container; Infinity = as much as is needed [bytes]. */
  readonly memoryBytes: number;
  /** net.ipv4.tcp_syn_linear_timeouts of the clients: connection attempts a second apart before the waits double. */
  readonly synLinearTimeouts: number;
}

export interface CpuQuotaSpec {
  /** CPUs' worth of time in each period, > 0. */
  readonly cpus: number;
  readonly periodNs: Nanos;
}

/** Rules by which the threads of one process take turns. */
export type GvlPolicyName = 'barging-deadline' | 'fifo-ticks' | 'hot-thread' | 'mn-threads' | 'cpython';

/** The same for the fibers of an event loop, which a server chooses that has one. */
export type TurnPolicyName = GvlPolicyName | 'event-loop';

export interface RuntimeSpec {
  readonly language: 'ruby' | 'python';
  /** As written, e.g. `3.3`. */
  readonly version: string;
  readonly gvl: GvlPolicyName;
  /** Time a thread may keep the lock while others wait [ns]: Ruby 100 ms, CPython 5 ms. */
  readonly quantumNs: Nanos;
  readonly gc: GcSpec;
  /** Just-in-time compiler; left out = none. */
  readonly yjit?: YjitSpec;
}

/** A just-in-time compiler that warms up in each process by itself. */
export interface YjitSpec {
  /** CPU time of interpreted code over that of compiled code, >= 1. */
  readonly speedup: number;
  /** Requests of a class that a process serves before the code of that class is compiled. */
  readonly callThreshold: number;
  /** CPU time of compiling the code of a class in one process [ns]; spent in the request that reaches the threshold. */
  readonly compileNs: Nanos;
}

export type GcSpec =
  | { readonly kind: 'off' }
  /** A stop of `pauseNs` after every so much Ruby running time of a process, or after every so many requests of it. */
  | {
      readonly kind: 'explicit';
      readonly everyRunNs: Nanos;
      readonly everyRequests: number;
      /** Every so many-th counts as a major one; left out: none does. */
      readonly majorEvery?: number;
      readonly pause: Distribution;
    }
  /** Driven by what requests allocate; triggers and pauses by Ruby version. */
  | AllocationGcSpec;

export interface AllocationGcSpec {
  readonly kind: 'allocation';
  /** Settings of the collector that are not Ruby's defaults, by the names of their environment variables; slots, bytes, ratios. */
  readonly settings: Readonly<Record<string, number>>;
  /** What each process calls once when the application is loaded. */
  readonly warmUp: 'none' | 'GC.start' | 'GC.compact' | 'Process.warmup';
  /** A full collection between requests after every so many of a process, once no thread has one; 0 = never. */
  readonly outOfBandRequests: number;
  /** Of the machine at collecting, relative to the one that was measured. */
  readonly speed: number;
}

/** `params` is the validated value of the server's own schema, e.g. PumaParams. */
export interface ServerSpec {
  readonly type: string;
  readonly params: unknown;
}

/** Of open loads `atStart` requests arrive at time 0, all at once, before the others. @default 0 */
export type LoadSpec =
  /** Renewal arrivals: times between arrivals are independent draws [ns]. */
  | { readonly kind: 'renewal'; readonly interarrival: Distribution; readonly atStart?: number }
  /** Poisson arrivals whose rate changes in steps: `ratePerSec[k]` holds from `fromNs[k]` on; the last one to the end. */
  | {
      readonly kind: 'poisson-steps';
      readonly fromNs: readonly Nanos[];
      readonly ratePerSec: readonly number[];
      readonly atStart?: number;
    }
  /** Users that send the next request a think time after the previous answer. All start at time 0. */
  | { readonly kind: 'closed'; readonly users: number; readonly think: Distribution; readonly keepAlive: boolean }
  /** Arrival times of a recorded trace [ns], ascending; with recorded demands, row k brings demand row k. */
  | { readonly kind: 'recorded'; readonly arrivalNs: Float64Array }
  /** So many requests at time 0 and none after: a full queue that is drained. */
  | { readonly kind: 'backlog'; readonly jobs: number };
