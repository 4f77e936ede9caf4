import { ALL_CLASSES, type ReplicationResult } from '../result.js';
import type { ConfigurationSpec, RunSpec } from '../spec.js';
import { loadOf } from './offered-load.js';

/** What the run itself says about the load, where the hand formula before it could not know. */
export interface ObservedLoad {
  /** Requests per second that the threads can serve: their number over the mean time a request kept one; null if none was served. */
  readonly capacityPerSec: number | null;
  /** Mean time that a request kept its thread [ms]. */
  readonly serviceMs: number | null;
  /** More is offered than can be served, by the formula before the run or by what was seen in it. */
  readonly isUnstable: boolean;
  /** What was busy all the time, e.g. `the GVLs`. */
  readonly saturated: readonly string[];
}

/** From this share of the time on something counts as busy all the time. */
const SATURATED = 0.98;

/**
 * Judges the load by the simulated service time, which has everything in it that the formula leaves out: garbage
 * collection, waits for the GVL, the server's own work. In a saturated system all threads are busy all the time, so
 * their number over the mean service time is what they serve (Little's law applied to the threads).
 *
 * @param replications those of this configuration
 */
export function observedLoad(
  configuration: ConfigurationSpec,
  run: RunSpec,
  replications: readonly ReplicationResult[],
): ObservedLoad {
  const { slots, offeredPerSec, isUnstable } = loadOf(configuration, run);
  const serviceMs = meanOver(replications, ({ metrics }) => find(metrics, 'service_ms')?.mean);
  const capacityPerSec = serviceMs === null || serviceMs === 0 ? null : (1000 * slots) / serviceMs;
  const isSaturated = offeredPerSec !== null && capacityPerSec !== null && offeredPerSec >= capacityPerSec;
  return {
    capacityPerSec,
    serviceMs,
    isUnstable: isUnstable || isSaturated,
    saturated: saturatedBy(replications, capacityPerSec),
  };
}

function saturatedBy(replications: readonly ReplicationResult[], capacityPerSec: number | null): string[] {
  const value = (metric: string): number =>
    meanOver(replications, ({ runValues }) => find(runValues, metric)?.value) ?? Number.NaN;
  const shares: readonly (readonly [string, number])[] = [
    ['the GVLs', value('gvl_utilisation_ratio')],
    ['the cores', value('core_utilisation_ratio')],
    ['the threads', value('throughput_per_s') / (capacityPerSec ?? Number.NaN)],
  ];
  return shares.filter(([, share]) => share >= SATURATED).map(([name]) => name);
}

function find<T extends { readonly className: string; readonly metric: string }>(
  rows: readonly T[],
  metric: string,
): T | undefined {
  return rows.find((row) => row.className === ALL_CLASSES && row.metric === metric);
}

/** Mean of the values that there are; null without any. */
function meanOver(
  replications: readonly ReplicationResult[],
  read: (replication: ReplicationResult) => number | undefined,
): number | null {
  const values = replications.map(read).filter((value) => value !== undefined && !Number.isNaN(value)) as number[];
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
