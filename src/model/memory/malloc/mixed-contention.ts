import { power } from '../../../random/special/power.js';
import { MEMORY } from '../coefficients.js';
import { type LockUse, stretch } from './contention.js';

/** Threads that use the lock of an arena in the same way. */
export interface Users {
  readonly use: LockUse;
  /** 1 or more. */
  readonly threads: number;
}

/** Rounds of the fixed point at most, which ends when no residence time changes by more than a millionth. */
const ROUNDS = 500;
const SETTLED = 1e-6;

/**
 * How many times as long the work of each group takes when threads that use the lock of an arena in different ways meet there.
 *
 * Every thread is a customer with a delay and a service of its own at one server, who finds the others there as they are on
 * average (Schweitzer's approximation of mean value analysis): with q the share of its time that a thread spends at the lock, it
 * waits for the services of those it finds, q of each other (but finds nobody there twice: it leaves after who came first). It finds the lock taken unless all others are away, and is found by
 * another with the chance that this one comes while it is there: both make a release that wakes somebody (`stretch`). So one other
 * thread costs somebody who seldom comes at most a hold and two such calls each time, whatever it does.
 *
 * The approximation is a few percent off where the exact solution for equal users is known; what it says of the time lost is
 * scaled, for each group, by how far off it is if all were like that group. Equal users get what `stretch` says.
 *
 * @param groups one or more
 * @param cores how many of all these threads run at the same time, 1 or more: each other one with the same chance
 * @returns 1 or more for each group
 * @see P. Schweitzer: Approximate analysis of multiclass closed networks of queues, Proc. Int. Conf. on Stochastic Control and
 *   Optimization, Amsterdam 1979
 */
export function mixedStretch(groups: readonly Users[], cores: number): number[] {
  const threads = groups.reduce((sum, one) => sum + one.threads, 0);
  if (threads === 1 || cores <= 1) return groups.map(() => 1);
  if (groups.length === 1) return [stretch(groups[0]!.use, cores)];
  const together = (cores - 1) / (threads - 1);
  return approximately(groups, together).map((lost, k) => {
    const { use } = groups[k]!;
    const [ifAllWere] = approximately([{ use, threads }], together);
    return 1 + (ifAllWere! > 0 ? (lost * (stretch(use, cores) - 1)) / ifAllWere! : lost);
  });
}

/** @returns time lost by each group for each ns of work */
function approximately(groups: readonly Users[], together: number): number[] {
  let serviceNs = groups.map(({ use }) => use.heldNs);
  let residenceNs = serviceNs;
  for (let round = 0; round < ROUNDS; round++) {
    const next = groups.map((_, k) => atLock(groups, k, together, serviceNs, residenceNs));
    const isSettled = next.every((one, k) => Math.abs(one.residenceNs - residenceNs[k]!) <= SETTLED * residenceNs[k]!);
    serviceNs = next.map((one) => one.serviceNs);
    residenceNs = next.map((one) => one.residenceNs);
    if (isSettled) break;
  }
  return groups.map(({ use }, k) => Math.max(0, residenceNs[k]! - use.heldNs) / (use.freeNs + use.heldNs));
}

/** What a thread of group `own` takes at the lock, and keeps it, when all behave as they were seen to. */
function atLock(
  groups: readonly Users[],
  own: number,
  together: number,
  serviceNs: readonly number[],
  residenceNs: readonly number[],
): { serviceNs: number; residenceNs: number } {
  const ownCycleNs = groups[own]!.use.freeNs + residenceNs[own]!;
  let waitNs = 0;
  let findsFree = 1;
  let isNotFound = 1;
  for (const [k, { use, threads }] of groups.entries()) {
    const others = k === own ? threads - 1 : threads;
    const cycleNs = use.freeNs + residenceNs[k]!;
    const isThere = (together * Math.min(residenceNs[k]!, ownCycleNs)) / cycleNs;
    waitNs += others * isThere * serviceNs[k]!;
    findsFree *= power(1 - isThere, others);
    isNotFound *= power(1 - together * Math.min(1, residenceNs[own]! / cycleNs), others);
  }
  const keepsNs = groups[own]!.use.heldNs + MEMORY.futexWakeNs * (1 - findsFree * isNotFound);
  return { serviceNs: keepsNs, residenceNs: keepsNs + waitNs };
}
