import type { Nanos } from '../kernel/time.js';

/** What keeps a system from doing more than it can; null: it is not there. */
export interface ControlSpec {
  readonly queueAge: QueueAgeSpec | null;
  readonly admission: AdmissionSpec | null;
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
