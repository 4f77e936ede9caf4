import { loadOf } from '../../experiment/load/offered-load.js';
import type { BuiltConfiguration } from '../build/configuration.js';
import type { Findings } from '../source/findings.js';

/** More is asked for than the system can do by hand formula. */
export function warnIfUnstable({ spec, run }: BuiltConfiguration, findings: Findings): void {
  const load = loadOf(spec, run);
  if (!load.isUnstable) return;
  findings.warning(['load'], {
    code: 'SCN_UNSTABLE',
    at: 'key',
    message: `${spec.variant}: offered load ${(load.offeredPerSec! / load.capacityPerSec).toPrecision(3)} of capacity: queues grow for the whole run`,
  });
}
