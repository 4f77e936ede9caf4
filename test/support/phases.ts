/** Phases of a request or a thread script, written as in recorded traces: kind and length. */
import { MICROSECOND, MILLISECOND, type Nanos } from '../../src/kernel/time.js';
import { PhaseKind } from '../../src/model/phases.js';

export interface Phase {
  readonly kind: PhaseKind;
  readonly ns: Nanos;
}

/** Ruby code. */
export const c = (ns: Nanos): Phase => ({ kind: PhaseKind.Cpu, ns });
/** I/O, lock released. */
export const i = (ns: Nanos): Phase => ({ kind: PhaseKind.Io, ns });
/** Holds the lock without a core, in a single call. */
export const h = (ns: Nanos): Phase => ({ kind: PhaseKind.Hold, ns });
/** The same in calls of 1 ms. */
export const s = (ns: Nanos): Phase => ({ kind: PhaseKind.ShortHolds, ns });
/** Native code outside the lock. */
export const n = (ns: Nanos): Phase => ({ kind: PhaseKind.Native, ns });

export const ms = (count: number): Nanos => Math.round(count * MILLISECOND);
export const us = (count: number): Nanos => Math.round(count * MICROSECOND);
