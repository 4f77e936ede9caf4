/**
 * `base` to the power of `exponent`, base 0 or above; to a few units in the last place.
 *
 * Engines agree on exp and log to the last bit, on `**` they do not (V8 changed it between Node 22 and 24), unless it is a square or
 * a power of two. So this is for whatever results depend on.
 */
export function power(base: number, exponent: number): number {
  return exponent === 0 ? 1 : Math.exp(exponent * Math.log(base));
}
