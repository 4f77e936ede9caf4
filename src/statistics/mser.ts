/** Where a series has forgotten its start. */
export interface Truncation {
  /** Values to cut from the start. */
  readonly cut: number;
  /** The smallest standard error is found after half of the series: the start cannot be told from the rest. */
  readonly isTooShort: boolean;
}

/** Cuts that leave fewer values are not looked at: a few alike at the end would have no spread by chance. */
const FEWEST_LEFT = 5;

/**
 * MSER: cuts where what is left has the smallest squared standard error of its mean, sum of (y - mean)^2 / left^2.
 * With means of five neighbours as values it is MSER-5.
 *
 * @param values in the order of time
 * @see K. P. White, M. J. Cobb, S. C. Spratt (2000), A comparison of five steady-state truncation heuristics for
 *   simulation, Proc. Winter Simulation Conference, 755-760; the bound at one half: K. Hoad, S. Robinson, R. Davies (2010),
 *   Automating warm-up length estimation, Journal of the Operational Research Society 61, 1389-1403
 */
export function mser(values: ArrayLike<number>): Truncation {
  const n = values.length;
  if (n < 2 * FEWEST_LEFT) return { cut: 0, isTooShort: true };
  let count = 0;
  let mean = 0;
  let squares = 0;
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  for (let first = n - 1; first >= 0; first--) {
    count++;
    const deviation = values[first]! - mean;
    mean += deviation / count;
    squares += deviation * (values[first]! - mean);
    const squaredError = squares / (count * count);
    if (count < FEWEST_LEFT || squaredError > best) continue;
    best = squaredError; // of equal ones the earliest cut
    cut = first;
  }
  return { cut, isTooShort: cut > n / 2 };
}
