/** Stirling's series is used from here on; its first omitted term is then below 1e-16. */
const STIRLING_FROM = 12;
const HALF_LN_TWO_PI = 0.9189385332046728;

/**
 * ln Gamma(x) for x > 0, relative error about 1e-15 (jstat's `gammaln` stops at 1e-9).
 *
 * @see Abramowitz & Stegun (1964), 6.1.41 (Stirling's series) and 6.1.15 (recurrence)
 */
export function logGamma(x: number): number {
  let factor = 1;
  let z = x;
  while (z < STIRLING_FROM) factor *= z++;
  return stirling(z) - Math.log(factor);
}

/** Gamma(x) for 0 < x < 170, through its logarithm. */
export function gammaFunction(x: number): number {
  return Math.exp(logGamma(x));
}

function stirling(z: number): number {
  const w = 1 / (z * z);
  const series =
    (1 / 12 -
      w *
        (1 / 360 -
          w *
            (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360 - w * (1 / 156 - w * (3617 / 122400)))))))) /
    z;
  return (z - 0.5) * Math.log(z) - z + HALF_LN_TWO_PI + series;
}
