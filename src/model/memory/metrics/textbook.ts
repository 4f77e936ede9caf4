import {
  type ClassReading,
  type MemoryEvents,
  type MemoryMeter,
  type ProcessFigures,
  times,
} from '../../memory-figures.js';
import type { TextbookMemorySpec } from '../../memory-spec.js';

/** What the formula is about. */
export interface ProcessCounts {
  readonly processes: number;
  /** Threads of each process. */
  readonly threads: number;
}

/**
 * Real memory of all processes together [bytes]: P processes of T threads, S static, M for the requests of a thread.
 *
 * ```
 * none:         P * (S + T*M)                     every process has everything for itself
 * perfect:      S + P*T*M                         static memory exists once
 * {shared: s}:  S + P * ((1-s)*S + T*M)           the loaded image once, and what each process has written of it
 * ```
 * One process that nobody was forked from has S + T*M whatever the mode.
 *
 * @see Shopify, "The Practical Effects of the GVL on Scaling in Ruby" and "To Thread or Not to Thread" (2022): 700 MiB
 * for two processes, 500 MiB for two threads (S = 200, M = 150 MiB)
 */
export function textbookBytes(spec: TextbookMemorySpec, { processes, threads }: ProcessCounts): number {
  const { staticBytes: S, processingBytes: M, copyOnWrite } = spec;
  const TM = threads * M;
  if (copyOnWrite === 'none' || processes === 1) return processes * (S + TM);
  if (copyOnWrite === 'perfect') return S + processes * TM;
  return S + processes * ((1 - copyOnWrite.shared) * S + TM);
}

/** The sum in words, e.g. `2 x (200 + 1 x 150)`, in MiB. */
export function textbookSum(spec: TextbookMemorySpec, { processes, threads }: ProcessCounts): string {
  const { staticBytes, processingBytes, copyOnWrite } = spec;
  const mib = (bytes: number): string => String(Number((bytes / 1024 / 1024).toFixed(1)));
  const [S, M] = [mib(staticBytes), mib(processingBytes)];
  if (copyOnWrite === 'none' || processes === 1) return `${processes} x (${S} + ${threads} x ${M})`;
  if (copyOnWrite === 'perfect') return `${S} + ${processes} x ${threads} x ${M}`;
  const written = Number((1 - copyOnWrite.shared).toFixed(4));
  return `${S} + ${processes} x (${written} x ${S} + ${threads} x ${M})`;
}

/** Memory of the textbook: the same at every time. Static memory counts as written before the fork, so as dirty. */
export function createTextbookMeter(spec: TextbookMemorySpec, counts: ProcessCounts, limitBytes: number): MemoryMeter {
  const worker = textbookWorker(spec, counts);
  const total = textbookBytes(spec, counts);
  const workers = times(worker, counts.processes);
  const reading: ClassReading[] = [{ processClass: 'worker', count: counts.processes, figures: workers }];
  if (isImageKept(spec, counts)) {
    const rest = total - workers.pss;
    const figures = { pss: rest, sharedClean: 0, sharedDirty: 0, privateClean: 0, privateDirty: rest };
    reading.push({ processClass: 'image', count: 1, figures });
  }
  const events: MemoryEvents = {
    limitBytes,
    firstCrossingNs: total > limitBytes ? 0 : Number.POSITIVE_INFINITY,
    oomKills: 0,
    workerKills: null,
    retired: null,
  };
  return { read: () => reading, layers: () => null, events: () => events };
}

/** One of the processes that serve requests. */
function textbookWorker(spec: TextbookMemorySpec, { processes, threads }: ProcessCounts): ProcessFigures {
  const { staticBytes, processingBytes } = spec;
  const shared = processes === 1 ? 0 : sharedRatio(spec);
  const sharedDirty = shared * staticBytes;
  const privateDirty = (1 - shared) * staticBytes + threads * processingBytes;
  return { pss: sharedDirty / processes + privateDirty, sharedClean: 0, sharedDirty, privateClean: 0, privateDirty };
}

export function sharedRatio({ copyOnWrite }: TextbookMemorySpec): number {
  if (copyOnWrite === 'none') return 0;
  return copyOnWrite === 'perfect' ? 1 : copyOnWrite.shared;
}

/** With partial sharing the formula keeps the written pages of the loaded image too: a master maps them. */
function isImageKept({ copyOnWrite }: TextbookMemorySpec, { processes }: ProcessCounts): boolean {
  return typeof copyOnWrite === 'object' && processes > 1;
}
