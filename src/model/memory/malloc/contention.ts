import type { Nanos } from '../../../kernel/time.js';
import { MEMORY } from '../coefficients.js';

/** How a thread that is alone with its arena uses the lock of it: for `heldNs`, then not for `freeNs`, and so on, on average. */
export interface LockUse {
  readonly freeNs: number;
  readonly heldNs: number;
}

/** Largest block that the cache of a thread takes, so that most calls need no lock: `tcache_max_bytes` [bytes]. */
const CACHED_BLOCK_MAX = 1_032;

/**
 * @param pairNs time from one pair of malloc and free to the next, of a thread that is alone, above 0
 * @param largeShare share of the blocks that are too large for the cache of a thread, 0 to 1
 */
export function lockUse(pairNs: Nanos, largeShare: number): LockUse {
  const cached = (1 - largeShare) * MEMORY.glibcCacheMissRatio;
  const locked = largeShare + cached;
  const heldNs = (largeShare * MEMORY.glibcLargeHoldNs + cached * MEMORY.glibcSmallHoldNs) / locked;
  const cycleNs = pairNs / (2 * locked);
  return { heldNs: Math.min(heldNs, cycleNs), freeNs: Math.max(0, cycleNs - heldNs) };
}

/** Time that a pair of malloc and free keeps locks for, on average: there cannot be more of them [ns]. */
export function shortestPairNs(blockBytes: number): Nanos {
  const isLarge = largeShareOf(blockBytes) > 0;
  return 2 * (isLarge ? MEMORY.glibcLargeHoldNs : MEMORY.glibcCacheMissRatio * MEMORY.glibcSmallHoldNs);
}

/** Share of blocks of one size that are too large for the cache of a thread: all or none. */
export function largeShareOf(blockBytes: number): number {
  return blockBytes > CACHED_BLOCK_MAX ? 1 : 0;
}

/**
 * How many times as long work takes when `users` threads with cores of their own use the lock of an arena in the same way.
 *
 * The lock passes from one thread to the next as in a closed network of one server: `users` customers, a service of H, a
 * delay of Z (exact mean value analysis). A contended lock costs more than H: who finds it taken marks it, and so does whoever
 * takes it after a wait; releasing a marked lock is a system call that wakes a waiter, if there still is one. So of the
 * releases 1 - (1 - U)² make the call, U being the chance to find the lock taken, once for whoever was found there and once for
 * whoever waited.
 *
 * Known to be wrong: that neighbouring blocks of two threads share cache lines costs time too (small blocks were measured
 * 8 % slower); how long somebody who sleeps takes to wake up counts only if nobody else uses the lock meanwhile, never here.
 *
 * @param users 1 or more; between whole numbers the result is interpolated
 * @see glibc 2.36 nptl/lowlevellock.c (__lll_lock_wait), sysdeps/nptl/lowlevellock.h (lll_unlock)
 * @see M. Reiser, S. Lavenberg: Mean-Value Analysis of Closed Multichain Queuing Networks, J. ACM 27 (1980)
 */
export function stretch(use: LockUse, users: number): number {
  const whole = Math.floor(users);
  const below = cycleNs(use, whole);
  const ns = users === whole ? below : below + (users - whole) * (cycleNs(use, whole + 1) - below);
  return Math.max(1, ns / (use.freeNs + use.heldNs));
}

/** Rounds of the fixed point at most, which ends when the service changes by less than a thousandth of a ns. */
const ROUNDS = 200;

function cycleNs({ freeNs, heldNs }: LockUse, users: number): number {
  let serviceNs = heldNs;
  for (let round = 0; round < ROUNDS && users > 1; round++) {
    const free = 1 - atLock(freeNs, serviceNs, users - 1).utilisation;
    const next = heldNs + MEMORY.futexWakeNs * (1 - free * free);
    if (next - serviceNs < 1e-3) break;
    serviceNs = next;
  }
  return freeNs + atLock(freeNs, serviceNs, users).residenceNs;
}

/** A closed network of a delay and one server: time at the server, waiting included, and the share of time that it is busy. */
function atLock(delayNs: number, serviceNs: number, customers: number): { residenceNs: number; utilisation: number } {
  let queue = 0;
  let residenceNs = 0;
  let rate = 0;
  for (let n = 1; n <= customers; n++) {
    residenceNs = serviceNs * (1 + queue);
    rate = n / (delayNs + residenceNs);
    queue = rate * residenceNs;
  }
  return { residenceNs, utilisation: rate * serviceNs };
}
