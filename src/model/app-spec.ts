/** What requests need, as plain validated data in base units. */
import type { Nanos } from '../kernel/time.js';
import type { Distribution } from '../random/distribution.js';
import type { PhaseKind } from './phases.js';

/** How many objects are of what size. */
export interface ObjectSizes {
  /** What an object takes in all [bytes], from 1 on: its header and what is in it. A string takes its bytes and 25 more. */
  readonly bytes: readonly number[];
  /** How often, relative to the others. */
  readonly weights: readonly number[];
}

export interface AppSpec {
  /** Live objects of the loaded application in every process before the first request. */
  readonly residentObjects: number;
  /** Share of the slots of a booted Ruby heap that are free, below 1. Left out: `BOOT_FREE_RATIO`. */
  readonly bootFreeRatio?: number;
  /** How large objects are. @default those of Rails as measured */
  readonly objectSizes?: Readonly<Record<'allocated' | 'resident', ObjectSizes>>;
  /** malloc'ed for each object of an Allocate phase, because it fits into no slot [bytes]. @default 0 */
  readonly bodyBytesPerObject?: number;
  readonly classes: readonly RequestClassSpec[];
  /** Set when demands come from a recorded trace; `classes` then names the classes found in it (at least one). */
  readonly recorded: RecordedDemands | null;
  /** What requests call by name; index = `keptObjects` of Call phases. */
  readonly services?: readonly ServiceSpec[];
  /** Names of the mutexes of each process; index = `keptObjects` of Lock and Unlock phases. */
  readonly mutexes?: readonly string[];
  /** Threads of each process that make Async calls. */
  readonly asyncThreads?: number;
  /** Left out: requests may take as long as they want. */
  readonly rackTimeout?: RackTimeoutSpec;
}

/** An exception raised in threads whose request takes too long. */
export interface RackTimeoutSpec {
  /** From the first instruction of the application [ns]. */
  readonly serviceTimeoutNs: Nanos;
  /** Probability that a connection of a pool is broken that the thread has when the exception comes, 0 to 1. */
  readonly breaksConnections: number;
  /** Timeouts of a process after which it is asked to end; Infinity: never. */
  readonly termOnTimeout: number;
}

/** `keptObjects` of an Async phase: service + ASYNC_GROUP x number of the group. */
export const ASYNC_GROUP = 32;

/** A downstream service that all processes share. */
export interface ServiceSpec {
  readonly name: string;
  /** Calls that it works on at the same time; Infinity: all. */
  readonly capacity: number;
  /** Connections of each process; null: as many as are needed. */
  readonly pool: PoolSpec | null;
}

export interface PoolSpec {
  readonly size: number;
  /** How long a thread waits for a connection before its request fails [ns]; Infinity: for ever. */
  readonly timeoutNs: Nanos;
  /** How long a connection stays with the thread: for a call, or until the application code of the request ends. */
  readonly heldFor: 'call' | 'request';
}

export interface RequestClassSpec {
  readonly name: string;
  /** Relative frequency, > 0. Ignored for recorded demands. */
  readonly weight: number;
  /** Empty for recorded demands. */
  readonly phases: readonly PhaseSpec[];
  /** Objects allocated by one request, spread evenly over its CPU time. */
  readonly allocatedObjects: number;
  /** Bytes allocated with malloc by one request, spread evenly over its CPU time. */
  readonly mallocBytes: number;
  /** How long its client sends the body after connecting [ns]. @default 0 */
  readonly uploadNs?: Nanos;
  /** For how long its client takes in more of the answer than the sockets hold [ns]. @default 0 */
  readonly downloadNs?: Nanos;
}

export interface PhaseSpec {
  readonly kind: PhaseKind;
  /** Length in ns; for Allocate the number of objects. */
  readonly demand: Distribution;
  /** Several phases that share one draw divide it evenly: drawn at the first, the others take the same share. 1 = a draw of its own. */
  readonly share: { readonly group: number; readonly parts: number } | null;
  /** Allocate: how many of the objects live until the request ends. Call, Async, Lock, Unlock: which service or mutex. */
  readonly keptObjects: number;
}

/** Demands of recorded requests, one row a request, as flat columns. */
export interface RecordedDemands {
  readonly count: number;
  /** As in the trace, written back as request_id. */
  readonly ids: readonly string[];
  readonly classOf: Uint16Array;
  /** Phases of row r: [phaseStart[r], phaseStart[r + 1]). */
  readonly phaseStart: Uint32Array;
  readonly phaseKind: Uint8Array;
  /** ns; for Allocate the number of objects. */
  readonly phaseDemand: Float64Array;
  readonly phaseKept: Float64Array;
  /** Slow request bodies: duration of the upload [ns], 0 = the whole request arrives with the connection. */
  readonly uploadNs: Float64Array;
  readonly order: 'sequential' | 'random';
  /** Start again when the rows are used up; otherwise the load ends. */
  readonly repeat: boolean;
}
