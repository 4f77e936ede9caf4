import type { Column } from './column.js';

/** Count, sum and extremes of values, a column at a time. */
export interface Moments {
  readonly n: number;
  readonly total: number;
  /** Infinity when empty. */
  readonly least: number;
  /** -Infinity when empty. */
  readonly greatest: number;
}

export const NO_MOMENTS: Moments = {
  n: 0,
  total: 0,
  least: Number.POSITIVE_INFINITY,
  greatest: Number.NEGATIVE_INFINITY,
};

export function momentsOf({ values, first, step, count }: Column): Moments {
  let total = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let k = 0, at = first; k < count; k++, at += step) {
    const value = values[at]!;
    total += value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { n: count, total, least, greatest };
}

/** Of `n` zeros. */
export function zeroMoments(n: number): Moments {
  return n === 0 ? NO_MOMENTS : { n, total: 0, least: 0, greatest: 0 };
}

export function together(a: Moments, b: Moments): Moments {
  return {
    n: a.n + b.n,
    total: a.total + b.total,
    least: Math.min(a.least, b.least),
    greatest: Math.max(a.greatest, b.greatest),
  };
}
