/**
 * A distribution as its quantiles at `CURVE_LEVELS`, ascending from the minimum to the maximum: 0.5 kB that stand for any
 * number of observations. Between two levels the share of observations above falls as that of an exponential law would;
 * steps of a fifth make the error of a share less than 0.4 % of itself for laws with exponential tails, and none at the levels.
 */
export type QuantileCurve = Float64Array;

/** Levels whose quantiles are wanted themselves: they are in every curve. */
const WANTED = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const;
/** Each share above is so much smaller than the one before, below the median. */
const STEP = 2 ** (1 / 4);
const SMALLEST = 1e-4;

/** Shares of the observations above, from 1 to 0. */
const TAILS: readonly number[] = tails();

/** Levels of a curve, ascending, from 0 to 1. */
export const CURVE_LEVELS: readonly number[] = TAILS.map(
  (tail) => WANTED.find((level) => Math.abs(1 - level - tail) < 1e-9) ?? 1 - tail,
);

const LOG_TAILS: readonly number[] = TAILS.map((tail) => Math.log(tail));

function tails(): number[] {
  const wanted = WANTED.map((level) => 1 - level);
  const all = [1, ...Array.from({ length: 9 }, (_, k) => 0.95 - 0.05 * k)];
  for (let tail = 0.5 / STEP; tail >= SMALLEST; tail /= STEP) all.push(tail);
  // Those next to a level that is wanted itself are not needed.
  const others = all.filter((tail) => wanted.every((one) => Math.abs(tail / one - 1) > 0.06));
  return [...others, ...wanted, 0].sort((a, b) => b - a);
}

/** Where the quantile of a level stands in a curve. @throws RangeError if it is none of those that a curve has */
export function curveIndex(level: number): number {
  const index = CURVE_LEVELS.indexOf(level);
  if (index < 0) throw new RangeError(`a curve has no level ${level}`);
  return index;
}

/**
 * Share of the law above the quantile of type 7 that leaves the share `tail` above it in a sample: for the tails of small
 * samples that definition is too low, and the share between the two neighbours of a value, (rank - 1/2) / n, is right on average.
 *
 * @see J. A. Hazen (1914), Storage to be provided in impounding reservoirs, Transactions of the ASCE 77, 1539-1640
 */
export function lawShare(tail: number, observations: number): number {
  return tail + (0.5 - tail) / observations;
}

/** Share of the law above `value`, 0 to 1, as far as a sample of so many observations tells. */
export function shareAbove(curve: QuantileCurve, observations: number, value: number): number {
  const last = TAILS.length - 1;
  if (!(value >= curve[0]!)) return 1;
  if (value >= curve[last]!) return 0;
  return lawShare(sampleShareAbove(curve, value), observations);
}

/** Between the minimum and the maximum. */
function sampleShareAbove(curve: QuantileCurve, value: number): number {
  const last = TAILS.length - 1;
  // The last level whose quantile is not above the value: of equal ones the one with the smallest share.
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (curve[middle]! <= value) low = middle;
    else high = middle;
  }
  const way = (value - curve[low]!) / (curve[high]! - curve[low]!);
  if (high === last) return TAILS[low]! * (1 - way);
  return way === 0 ? TAILS[low]! : Math.exp(LOG_TAILS[low]! + way * (LOG_TAILS[high]! - LOG_TAILS[low]!));
}
