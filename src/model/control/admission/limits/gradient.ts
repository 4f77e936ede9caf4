import { MILLISECOND, type Nanos } from '../../../../kernel/time.js';
import { count, decimal, duration, optional, preset, ratio, record } from '../../../../schema/index.js';
import { type ConcurrencyLimit, firstLimit, type LimitType, outsideBounds } from './limit.js';
import { MovingAverage } from './moving-average.js';
import { SampleWindow } from './sample-window.js';

/** Limit at the start, and lowest one, where nothing is said and the bounds allow it. */
const USUAL = 20;

export interface GradientParams {
  /** Null: as near to the usual one as the bounds allow. */
  readonly initial: number | null;
  readonly min: number;
  readonly max: number;
  /** Requests by which the limit may grow in a window while latencies are low. */
  readonly queueSize: number;
  readonly smoothing: number;
  /** Windows over which the long-term latency is averaged. */
  readonly longWindow: number;
  readonly tolerance: number;
  readonly windowNs: Nanos;
}

/**
 * The limit follows the ratio of the long-term latency to that of the last window: as soon as answers take longer than
 * they usually do there must be a queue, and the limit falls; while they do not, it grows by `queue_size` at most.
 *
 * ```
 * requests of a window -> mean latency -> gradient = tolerance x long-term / mean, between 0.5 and 1
 *   less than half of the limit in use --> as it was
 *   else --> (1 - smoothing) x limit + smoothing x (gradient x limit + queue_size)
 * ```
 * The long-term latency is learned from the same requests: a system that was overloaded from the start, or for very
 * long, takes that for its usual latency.
 * @see Netflix/concurrency-limits Gradient2Limit.java and WindowedLimit.java (windows of a second, at least 10 requests)
 */
class Gradient implements ConcurrencyLimit {
  private estimate: number;
  private readonly longTerm: MovingAverage;
  private readonly window: SampleWindow;

  constructor(
    private readonly params: GradientParams,
    nowNs: () => Nanos,
  ) {
    this.estimate = firstLimit(params, USUAL);
    this.longTerm = new MovingAverage(params.longWindow);
    this.window = new SampleWindow(params.windowNs, nowNs, (meanNs, mostInFlight) => this.update(meanNs, mostInFlight));
  }

  get limit(): number {
    return Math.floor(this.estimate);
  }

  sample(roundTripNs: Nanos, inFlight: number, _isDropped: boolean): void {
    this.window.add(roundTripNs, inFlight);
  }

  private update(meanNs: number, inFlight: number): void {
    const { min, max, queueSize, smoothing, tolerance } = this.params;
    const { longTerm, estimate } = this;
    longTerm.add(meanNs);
    // Back to normal after a long overload: forget the overload faster than the average would.
    if (longTerm.value > 2 * meanNs) longTerm.value *= 0.95;
    if (inFlight < estimate / 2) return;
    const gradient = Math.max(0.5, Math.min(1, (tolerance * longTerm.value) / meanNs));
    const next = estimate * (1 - smoothing) + (estimate * gradient + queueSize) * smoothing;
    this.estimate = Math.max(min, Math.min(max, next));
  }
}

export const gradient: LimitType<GradientParams> = {
  name: 'gradient',
  params: record(
    'Follows the ratio of the long-term latency to the present one (Gradient2Limit of Netflix/concurrency-limits).',
    {
      initial: optional(
        count({ doc: 'Limit at the start. Default: 20, or as near to it as min and max allow.', min: 1 }),
      ),
      min: optional(count({ doc: 'The limit never falls below. Default: 20, or max if that is less.', min: 1 })),
      max: preset(count({ doc: 'The limit never rises above.', min: 1 }), 200),
      queue_size: preset(count({ doc: 'Requests by which the limit may grow while latencies are low.', min: 1 }), 4),
      smoothing: preset(
        ratio({ doc: 'How much of the newly computed limit counts; the rest is the limit as it was.' }),
        0.2,
      ),
      long_window: preset(count({ doc: 'Windows over which the long-term latency is averaged.', min: 1 }), 600),
      tolerance: preset(
        decimal({
          doc: 'By how much the present latency may exceed the long-term one before the limit falls.',
          min: 1,
          max: 100,
        }),
        1.5,
      ),
      window: preset(
        duration({ doc: 'The limit is computed so often, if ten requests were answered.', min: 10 * MILLISECOND }),
        '1s',
      ),
    },
  ).transform((v) => ({
    initial: v.initial ?? null,
    min: v.min ?? Math.min(USUAL, v.max),
    max: v.max,
    queueSize: v.queue_size,
    smoothing: v.smoothing,
    longWindow: v.long_window,
    tolerance: v.tolerance,
    windowNs: v.window,
  })),
  contradiction: outsideBounds,
  explain: (params) =>
    `by the gradient of latency from ${firstLimit(params, USUAL)} on, ${params.min} to ${params.max}, falling when answers take more than ${params.tolerance} times as long as usual`,
  create: (params, nowNs) => new Gradient(params, nowNs),
};
