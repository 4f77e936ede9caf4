import type { Nanos } from '../kernel/time.js';

/** What keeps a system from doing more than it can; null: it is not there. */
export interface ControlSpec {
  readonly queueAge: QueueAgeSpec | null;
  readonly admission: AdmissionSpec | null;
  readonly adaptiveThreads: Omit<AdaptiveThreadsSpec, 'max'> | null;
  /** Needs a load balancer. */
  readonly autoscaler: AutoscalerSpec | null;
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

/** Hosts behind the balancer come and go by what a signal says. */
export interface AutoscalerSpec {
  readonly signal: ScalingSignal;
  /** Fewest and most hosts. */
  readonly min: number;
  readonly max: number;
  /** From one decision to the next [ns]. */
  readonly periodNs: Nanos;
  /** From the decision for a host to its first request [ns]. */
  readonly bootNs: Nanos;
  /** Hosts are taken away only if no decision of so long has asked for more [ns]. */
  readonly downAfterNs: Nanos;
}

export type ScalingSignal =
  /** Kept at `target`: share of the cores in use, resp. requests in the hosts over their threads. */
  | { readonly kind: 'cpu' | 'busy'; readonly target: number }
  /** Quantile at `share` of the queue times: a host more above, one fewer below. */
  | { readonly kind: 'queue_time'; readonly share: number; readonly upAboveNs: Nanos; readonly downBelowNs: Nanos };
