import type { Nanos } from './time.js';
export interface Kernel {
  nowNs(): Nanos;
  /** Runs events up to and including endNs. */
  runUntil(endNs: Nanos): 'end' | 'no events' | 'stopped';
  stop(): void;
  readonly events: number;
  /** Rolling hash of (time, kind, subject) of every executed event, 16 hex digits. */
  fingerprint(): string;
  /** Calls `observer` before each event from now on (slower loop). */
  trace(observer: ((nowNs: Nanos, kindName: string, subject: number) => void) | null): void;
}
