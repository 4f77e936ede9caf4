import { quantile } from './quantile.js';

/**
 * Length of blocks for the bootstrap of a series: long enough that what depends on each other stays together.
 * 1 for independent values, and for a constant series.
 *
 * @see D. N. Politis, H. White (2004), Automatic block-length selection for the dependent bootstrap, Econometric
 *   Reviews 23, 53-70, section 3.2 for the circular bootstrap, with the correction of A. Patton, D. N. Politis, H. White
 *   (2009), Econometric Reviews 28, 372-375
 */
export function blockLength(series: Float64Array): number {
  const n = series.length;
  if (n < 10) return 1;
  const runOfSmall = Math.max(5, Math.ceil(Math.sqrt(Math.log10(n))));
  const maxLag = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + runOfSmall);
  const covariances = autocovariances(series, maxLag);
  if (!(covariances[0]! > 0)) return 1;
  const bandwidth = Math.min(maxLag, 2 * Math.max(1, lastOfNote(covariances, n, runOfSmall)));
  let weighted = 0;
  let longRun = covariances[0]!;
  for (let lag = 1; lag <= bandwidth; lag++) {
    const share = lag / bandwidth;
    const weight = share <= 0.5 ? 1 : 2 * (1 - share);
    weighted += 2 * weight * lag * covariances[lag]!;
    longRun += 2 * weight * covariances[lag]!;
  }
  const spread = (4 / 3) * longRun ** 2;
  const longest = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  if (!(spread > 0)) return longest;
  return Math.min(longest, Math.max(1, Math.ceil(Math.cbrt(((2 * weighted ** 2) / spread) * n))));
}

/** Lag 0 to `maxLag`, divided by the length of the series. */
function autocovariances(series: Float64Array, maxLag: number): Float64Array {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const centred = series.map((value) => value - mean);
  return Float64Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let k = lag; k < n; k++) sum += centred[k]! * centred[k - lag]!;
    return sum / n;
  });
}

/** Last lag before the first so many correlations in a row that could be chance; the last lag there is if none are. */
function lastOfNote(covariances: Float64Array, n: number, runOfSmall: number): number {
  const chance = 2 * Math.sqrt(Math.log10(n) / n);
  let small = 0;
  for (let lag = 1; lag < covariances.length; lag++) {
    small = Math.abs(covariances[lag]! / covariances[0]!) < chance ? small + 1 : 0;
    if (small === runOfSmall) return lag - runOfSmall;
  }
  return covariances.length - 1;
}

/**
 * Draws a resample of the rows of a series: blocks of neighbours, the last row followed by the first, until as many rows
 * are drawn as there are.
 *
 * @param rows receives the numbers of the rows
 * @param draw uniform in [0, 1)
 * @see D. N. Politis, J. P. Romano (1992), A circular block-resampling procedure for stationary data, in: Exploring the
 *   limits of bootstrap, Wiley, 263-270; for quantiles of dependent data S. Sun, S. N. Lahiri (2006), Bootstrapping the
 *   sample quantile of a weakly dependent sequence, Sankhya 68, 130-166
 */
export function drawBlocks(rows: Uint32Array, length: number, draw: () => number): void {
  const n = rows.length;
  for (let filled = 0; filled < n; ) {
    let row = Math.floor(draw() * n);
    const end = Math.min(n, filled + length);
    for (; filled < end; filled++) {
      rows[filled] = row;
      row = row + 1 === n ? 0 : row + 1;
    }
  }
}

/** The middle `level` of bootstrapped values (percentile interval); null if one of them is no number. */
export function percentileInterval(values: Float64Array, level: number): { low: number; high: number } | null {
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) return null;
  const tail = (1 - level) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}
