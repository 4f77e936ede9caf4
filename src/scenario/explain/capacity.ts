import type { CallLimit } from '../../experiment/load/call-limits.js';
import type { ConfigurationLoad, Limit } from '../../experiment/load/offered-load.js';
import { many, ms, number, percent, rate } from './words.js';

export function explainCapacity({ limitPerSec, capacityPerSec, callLimits }: ConfigurationLoad): string {
  const { slots, gvl, cores } = limitPerSec;
  const least = [`slots ${rate(slots)}`, `GVLs ${rate(gvl)}`, `cores ${rate(cores)}`, ...callLimits.map(explainCalls)];
  return `${rate(capacityPerSec)} = the least of ${least.join(', ')}`;
}

function explainCalls({ kind, service, size, heldNs, perSec }: CallLimit): string {
  return kind === 'pool'
    ? `${many(size, 'connection')} to ${service} in each process ${rate(perSec)} (a request keeps one for ${ms(heldNs)})`
    : `${service} ${rate(perSec)} (${many(size, 'call')} at a time, ${ms(heldNs)} of them for a request)`;
}

const BOTTLENECKS: Readonly<Record<Limit, string>> = { slots: 'the slots', gvl: 'the GVLs', cores: 'the cores' };

export function explainVerdict({
  limitPerSec,
  callLimits,
  isUnstable,
  offeredPerSec,
  peakPerSec,
  capacityPerSec,
}: ConfigurationLoad): string {
  const first = `${firstToSaturate(limitPerSec, callLimits, capacityPerSec)} saturate first`;
  if (capacityPerSec === Infinity) return 'nothing saturates: the requests need no time';
  if (offeredPerSec === null) return first;
  const ratio = offeredPerSec / capacityPerSec;
  if (isUnstable)
    return `UNSTABLE: offered load is ${number(ratio)} of capacity, queues grow for the whole run; ${first}`;
  const isPeak = peakPerSec !== null && peakPerSec > capacityPerSec;
  const peak = isPeak ? `; overloaded for a time: the peak is ${number(peakPerSec / capacityPerSec)} of capacity` : '';
  return `stable, at ${percent(ratio)} of capacity; ${first}${peak}`;
}

/** All that have the least capacity; two hand formulas that come to the same may differ in the last digit. */
function firstToSaturate(
  limitPerSec: ConfigurationLoad['limitPerSec'],
  calls: readonly CallLimit[],
  capacityPerSec: number,
): string {
  const limits: readonly Limit[] = ['gvl', 'cores', 'slots'];
  const isFirst = (perSec: number): boolean => perSec <= capacityPerSec * (1 + 1e-9);
  const first = limits.filter((limit) => isFirst(limitPerSec[limit])).map((limit) => BOTTLENECKS[limit]);
  const called = calls.filter(({ perSec }) => isFirst(perSec));
  return [
    ...first,
    ...called.map(({ kind, service }) =>
      kind === 'pool' ? `the connections to ${service}` : `the calls of ${service}`,
    ),
  ].join(' and ');
}
