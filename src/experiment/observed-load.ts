import type { SummaryRow } from './experiment-result.js';
import { loadOf } from './offered-load.js';
import { ALL_CLASSES } from './result.js';
import type { ConfigurationSpec, RunSpec } from './spec.js';

/** What the run itself says about the load, where the hand formula before it could not know. */
export interface ObservedLoad {
  /** Requests per second that the threads can serve: their number over the mean time a request kept one; null if none was served. */
  readonly capacityPerSec: number | null;
  /** Mean time that a request kept its thread [ms]. */
  readonly serviceMs: number | null;
  /** More is offered than can be served, by the formula before the run or by what was seen in it. */
  readonly isUnstable: boolean;
}

/**
 * Judges the load by the simulated service time, which has everything in it that the formula leaves out: garbage
 * collection, waits for the GVL, the server's own work. In a saturated system all threads are busy all the time, so
 * their number over the mean service time is what they serve (Little's law applied to the threads).
 */
export function observedLoad(
  configuration: ConfigurationSpec,
  run: RunSpec,
  summary: readonly SummaryRow[],
): ObservedLoad {
  const { slots, offeredPerSec, isUnstable } = loadOf(configuration, run);
  const row = summary.find(
    ({ variant, className, metric, statistic }) =>
      variant === configuration.variant && className === ALL_CLASSES && metric === 'service_ms' && statistic === 'mean',
  );
  const serviceMs = row?.estimate ?? null;
  const capacityPerSec = serviceMs === null || serviceMs === 0 ? null : (1000 * slots) / serviceMs;
  const isSaturated = offeredPerSec !== null && capacityPerSec !== null && offeredPerSec >= capacityPerSec;
  return { capacityPerSec, serviceMs, isUnstable: isUnstable || isSaturated };
}
