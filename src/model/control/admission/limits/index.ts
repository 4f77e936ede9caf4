import { aimd } from './aimd.js';
import { fixed } from './fixed.js';
import { gradient } from './gradient.js';
import type { LimitType } from './limit.js';

/** Every kind of concurrency limit; a new one is a file in this folder and a word in this list. */
export const LIMITS: readonly LimitType<unknown>[] = [fixed, aimd, gradient];

/** @throws RangeError for an unknown kind */
export function limitType(name: string): LimitType<unknown> {
  const type = LIMITS.find((known) => known.name === name);
  if (type === undefined) throw new RangeError(`no concurrency limit is called ${name}`);
  return type;
}
