import { MILLISECOND } from '../../kernel/time.js';
import { PhaseKind } from '../../model/phases.js';

/** One phase of a recorded request. */
export interface RecordedPhase {
  readonly kind: PhaseKind;
  /** ns; for Allocate the number of objects. */
  readonly demand: number;
  readonly kept: number;
}

const KINDS: Readonly<Record<string, PhaseKind>> = {
  c: PhaseKind.Cpu,
  i: PhaseKind.Io,
  h: PhaseKind.Hold,
  s: PhaseKind.ShortHolds,
  n: PhaseKind.Native,
};
const TIMED = /^([cihsn])(\d+(?:\.\d+)?)$/;
const ALLOCATING = /^a(\d+)(?::(\d+))?$/;

/** `c12.5;i30;a50000:5000`: letter and milliseconds, or a, objects and how many of them are kept. Null when malformed. */
export function readPhases(text: string): RecordedPhase[] | null {
  const phases: RecordedPhase[] = [];
  for (const word of text.split(';')) {
    const phase = readPhase(word.trim());
    if (phase === null) return null;
    phases.push(phase);
  }
  return phases;
}

function readPhase(word: string): RecordedPhase | null {
  const timed = TIMED.exec(word);
  if (timed !== null) {
    const demand = Math.round(Number(timed[2]) * MILLISECOND);
    return Number.isSafeInteger(demand) ? { kind: KINDS[timed[1]!]!, demand, kept: 0 } : null;
  }
  const allocating = ALLOCATING.exec(word);
  if (allocating === null) return null;
  const demand = Number(allocating[1]);
  const kept = Number(allocating[2] ?? 0);
  return kept <= demand && Number.isSafeInteger(demand) ? { kind: PhaseKind.Allocate, demand, kept } : null;
}

/** `slow:<bytes>:<chunks>:<ms>`: how long the body of the request takes to arrive [ns]; null when malformed. */
export function readUpload(text: string): number | null {
  if (text === '') return 0;
  const match = /^slow:(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null || Number(match[2]) < 1) return null;
  return Math.round(Number(match[3]) * MILLISECOND);
}
