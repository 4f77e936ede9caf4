/**
 * The x in [low, high] at which an increasing function crosses 0, by bisection to the last bit.
 * For use when a distribution is created: about 60 calls of `f`.
 *
 * @throws RangeError if `f` does not change its sign between `low` and `high`
 */
export function solveIncreasing(f: (x: number) => number, low: number, high: number): number {
  if (!(f(low) <= 0 && f(high) >= 0)) throw new RangeError(`no root between ${low} and ${high}`);
  let [below, above] = [low, high];
  for (;;) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) return middle;
    if (f(middle) < 0) below = middle;
    else above = middle;
  }
}

const GOLDEN = 0.6180339887498949;

/** Where a function with one maximum in [low, high] has it, to about 1e-8 of the interval (golden section search). */
export function maximumOf(f: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let k = 0; k < 40; k++) {
    const reach = GOLDEN * (to - from);
    if (f(to - reach) < f(from + reach)) from = to - reach;
    else to = from + reach;
  }
  return (from + to) / 2;
}
