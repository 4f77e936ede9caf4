import { MICROSECOND, MILLISECOND, type Nanos, SECOND } from '../../../kernel/time.js';
import type { PumaParams } from './params.js';

/** How a worker holds back before it accepts a connection, which changed with almost every version of Puma. */
export interface AcceptRules {
  /** Accepts nothing while all threads are busy (5, 6; from 8 on only without `queue_requests`). */
  readonly hasGate: boolean;
  /**
   * What a worker does that is busy with something, before it accepts:
   * - `none`: nothing
   * - `until-not-full`: waits up to `delayNs`, less if a pool thread runs out of work meanwhile (5, 6)
   * - `scaled-sleep`: sleeps for `delayNs` scaled by how busy it is (from 7.0.4 on)
   * - `overload-sleep`: sleeps a little when all threads are busy (7.0.0 to 7.0.3)
   */
  readonly delay: 'none' | 'until-not-full' | 'scaled-sleep' | 'overload-sleep';
  readonly delayNs: Nanos;
}

const DEFAULT_DELAY_NS: Nanos = 5 * MILLISECOND;

/** @see puma/puma lib/puma/server.rb handle_servers, thread_pool.rb, cluster_accept_loop_delay.rb at v5.6.9 … v8.0.1 */
export function acceptRules(params: PumaParams): AcceptRules {
  const [major = 0, minor = 0, patch = 99] = params.version.split('.').map(Number);
  const isCluster = params.workers > 0;
  const delayNs = params.waitForLessBusyWorkerNs ?? (major >= 6 ? DEFAULT_DELAY_NS : 0);
  if (major <= 6) {
    const isSkipped = delayNs === 0 || (!isCluster && (major > 6 || (major === 6 && minor >= 5)));
    return { hasGate: true, delay: isSkipped ? 'none' : 'until-not-full', delayNs };
  }
  if (major === 7 && minor === 0 && patch < 4) return { hasGate: false, delay: 'overload-sleep', delayNs };
  const isScaled = params.workers >= 2 && delayNs > 0;
  return { hasGate: major >= 8 && !params.queueRequests, delay: isScaled ? 'scaled-sleep' : 'none', delayNs };
}

/** What becomes of a connection after an answer. */
export interface KeepAliveRules {
  /** The thread waits for the next request (up to 6). */
  readonly waitsInline: boolean;
  /** A next request that is there already is served by the same thread if another one is idle (from 7.1 on). */
  readonly servesAtOnceIfIdle: boolean;
  /** Connections that were served for long are closed when others wait to be accepted (5.2.3 to 6). */
  readonly closesForOthers: boolean;
  /** Requests after which a connection is closed (`max_keep_alive`, from 7 on). */
  readonly maxRequests: number;
  /** An idle connection is closed after so long (`persistent_timeout`). */
  readonly persistentTimeoutNs: Nanos;
}

/** @see puma/puma lib/puma/server.rb process_client, request.rb prepare_response, configuration.rb at v5.6.9, v6.6.1, v7.0.0, v7.1.0 */
export function keepAliveRules(version: string): KeepAliveRules {
  const [major = 0, minor = 0, patch = 99] = version.split('.').map(Number);
  const isNew = major >= 7;
  return {
    waitsInline: !isNew,
    servesAtOnceIfIdle: major > 7 || (major === 7 && minor >= 1),
    closesForOthers: !isNew && (major === 6 || minor > 2 || (minor === 2 && patch >= 3)),
    maxRequests: isNew ? 999 : Number.POSITIVE_INFINITY,
    persistentTimeoutNs: (isNew ? 65 : 20) * SECOND,
  };
}

/**
 * Time a busy worker of Puma 7.0.4 and later sleeps before it accepts: grows with the threads at work and the
 * requests queued, up to `delayNs` at 25 times the number of threads.
 */
export function scaledDelay(delayNs: Nanos, busy: number, threads: number): Nanos {
  const most = 25 * threads;
  return Math.round((delayNs * Math.min(busy, most)) / most);
}

/** Sleep of 7.0.0 to 7.0.3 when all threads are busy. */
export function overloadDelay(isCluster: boolean, busy: number, threads: number): Nanos {
  return Math.round(100 * MICROSECOND * (isCluster ? (1.5 * busy) / threads : 1));
}
