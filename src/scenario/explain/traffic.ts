import type { ConfigurationLoad } from '../../experiment/load/offered-load.js';
import type { LoadSpec } from '../../model/spec.js';
import { many, ms, number, percent, rate } from './words.js';

export function explainDemand({ demand }: ConfigurationLoad): string {
  const { cpuNs, ioNs, holdNs, nativeNs, phaseObjects, classObjects } = demand;
  const parts = [`${ms(cpuNs)} Ruby code`, `${ms(ioNs)} I/O`];
  if (holdNs > 0) parts.push(`${ms(holdNs)} holding the GVL without a core`);
  if (nativeNs > 0) parts.push(`${ms(nativeNs)} native code`);
  const objects = phaseObjects + classObjects;
  const alone = ioNs + cpuNs;
  const share = alone > 0 ? ` (I/O ${percent(ioNs / alone)})` : '';
  const garbage = objects > 0 ? `; ${number(objects)} objects allocated` : '';
  return `on average ${parts.join(', ')}${share}${garbage}`;
}

export function explainLoad(
  load: LoadSpec,
  { offeredPerSec, peakPerSec, closedBoundPerSec, utilisation, capacityPerSec }: ConfigurationLoad,
): string {
  if (load.kind === 'closed') {
    const bound = `at most ${rate(closedBoundPerSec!)} of them`;
    return `closed: ${many(load.users, 'user')}, mean think time ${ms(load.think.mean)}; ${bound}`;
  }
  if (load.kind === 'backlog') {
    const shortest =
      capacityPerSec === Infinity ? '' : `; drained in ${ms((1e9 * load.jobs) / capacityPerSec)} at best`;
    return `a backlog of ${many(load.jobs, 'job')}${shortest}`;
  }
  if (offeredPerSec === null || utilisation === null) return 'recorded arrivals, too few to speak of a rate';
  const peak =
    peakPerSec !== null && peakPerSec > offeredPerSec * 1.0001 ? ` on average, up to ${rate(peakPerSec)}` : '';
  const use = `busy: each GVL ${percent(utilisation.gvl)}, each core ${percent(utilisation.cores)}, each slot at least ${percent(utilisation.slots)}`;
  return `${load.kind === 'recorded' ? 'recorded' : 'open'}: ${rate(offeredPerSec)}${peak}; ${use}`;
}
