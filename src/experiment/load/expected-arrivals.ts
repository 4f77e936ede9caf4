import type { SystemSpec } from '../../model/spec.js';
import type { RunSpec } from '../spec.js';

/**
 * Requests after which the load is used up: the limit of the run or the length of a trace, whichever is smaller.
 * Infinity when only the clock ends the load.
 */
export function expectedArrivals(system: SystemSpec, run: RunSpec): number {
  let expected = run.requests;
  const { load } = system;
  const { recorded } = system.app;
  if (load.kind === 'recorded') expected = Math.min(expected, load.arrivalNs.length);
  if (load.kind === 'backlog') expected = Math.min(expected, load.jobs);
  if (recorded !== null && !recorded.repeat) expected = Math.min(expected, recorded.count);
  return expected;
}
