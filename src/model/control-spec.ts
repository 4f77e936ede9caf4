import type { Nanos } from '../kernel/time.js';

/** What keeps a system from doing more than it can; null: it is not there. */
export interface ControlSpec {
  readonly queueAge: QueueAgeSpec | null;
  readonly admission: AdmissionSpec | null;
  readonly adaptiveThreads: Omit<AdaptiveThreadsSpec, 'max'> | null;
}

export interface QueueAgeSpec {
  /** Older requests are not served [ns]. */
  readonly limitNs: Nanos;
}

/** A kind of concurrency limit and its settings. */
export interface AdmissionSpec {
  readonly kind: string;
  readonly value: unknown;
}

/** The number of threads in use of each process follows the contention at its GVL. */
export interface AdaptiveThreadsSpec {
  /** Share of the time of requests on threads spent waiting for the GVL, above which a thread is taken away. */
  readonly above: number;
  /** Share below which a thread is added, if all were busy. */
  readonly below: number;
  /** Fewest and most threads in use. */
  readonly min: number;
  readonly max: number;
  readonly intervalNs: Nanos;
}
