import { MILLISECOND, type Nanos, SECOND } from '../../../../kernel/time.js';
import { count, decimal, duration, formatDuration, optional, preset, record } from '../../../../schema/index.js';
import { type ConcurrencyLimit, firstLimit, type LimitType, outsideBounds } from './limit.js';

/** Limit at the start where nothing is said. */
const USUAL = 10;

export interface AimdParams {
  /** Null: as near to the usual one as the bounds allow. */
  readonly initial: number | null;
  readonly min: number;
  readonly max: number;
  /** A slower request counts as dropped [ns]. */
  readonly timeoutNs: Nanos;
  readonly backoffRatio: number;
}

/**
 * Additive increase, multiplicative decrease, as TCP: every request that comes back in time raises the limit by one as
 * long as at least half of it is used; every one that is dropped or too slow cuts it.
 *
 * ```
 * limit -- in time, at least half in use --> limit + 1
 *       -- dropped or slower than timeout -> limit x backoff_ratio, and at least one less
 * ```
 * @see Netflix/concurrency-limits AIMDLimit.java; V. Jacobson (1988), Congestion avoidance and control, SIGCOMM
 */
class Aimd implements ConcurrencyLimit {
  limit: number;

  constructor(private readonly params: AimdParams) {
    this.limit = firstLimit(params, USUAL);
  }

  sample(roundTripNs: Nanos, inFlight: number, isDropped: boolean): void {
    const { min, max, timeoutNs, backoffRatio } = this.params;
    const { limit } = this;
    if (isDropped || roundTripNs > timeoutNs) {
      this.limit = Math.max(min, Math.min(limit - 1, Math.floor(limit * backoffRatio)));
    } else if (inFlight * 2 >= limit) this.limit = Math.min(max, limit + 1);
  }
}

export const aimd: LimitType<AimdParams> = {
  name: 'aimd',
  params: record('Additive increase, multiplicative decrease (AIMDLimit of Netflix/concurrency-limits).', {
    initial: optional(
      count({ doc: 'Limit at the start. Default: 10, or as near to it as min and max allow.', min: 1 }),
    ),
    min: preset(count({ doc: 'The limit never falls below.', min: 1 }), 1),
    max: preset(count({ doc: 'The limit never rises above.', min: 1 }), 200),
    timeout: preset(
      duration({ doc: 'A request that takes longer cuts the limit, as one that was dropped.', min: MILLISECOND }),
      formatDuration(5 * SECOND),
    ),
    backoff_ratio: preset(
      decimal({ doc: 'What is left of the limit after a request that was dropped or too slow.', min: 0.5, below: 1 }),
      0.9,
    ),
  }).transform((v) => ({
    initial: v.initial ?? null,
    min: v.min,
    max: v.max,
    timeoutNs: v.timeout,
    backoffRatio: v.backoff_ratio,
  })),
  contradiction: outsideBounds,
  explain: (params) =>
    `AIMD from ${firstLimit(params, USUAL)} on, ${params.min} to ${params.max}, cut by answers after more than ${formatDuration(params.timeoutNs)}`,
  create: (params) => new Aimd(params),
};
