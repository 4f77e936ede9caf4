import type { Streams } from '../../random/streams.js';
import type { AppSpec, RuntimeSpec } from '../spec.js';
import type { Collector } from './collector.js';

/** The collector of all processes; null for `gc: off`. */
export function createCollector(
  runtime: RuntimeSpec,
  _app: AppSpec,
  _processes: number,
  _streams: Streams,
): Collector | null {
  if (runtime.gc.kind === 'off') return null;
  return null;
}

/** Ruby code per object of an Allocate phase, collections excluded [ns]. */
export function allocationCostNs(_runtime: RuntimeSpec): number {
  return 100;
}
