/** Cells of the table over u in [0, 1): its two arrays fill 9 kB, well inside the first-level cache. */
const CELLS = 512;
const CELL_WIDTH = 1 / CELLS;
/** Above this u the cells are too wide for the series (|r| <= 1/64 below). */
const LAST_TABULATED = 1 - 1 / 16;
const LN_16 = Math.log(16);

const negLogAtNode = new Float64Array(CELLS);
const reciprocalAtNode = new Float64Array(CELLS);
for (let k = 0; k < CELLS; k++) {
  negLogAtNode[k] = -Math.log1p(-k / CELLS);
  reciprocalAtNode[k] = 1 / (1 - k / CELLS);
}

/**
 * -ln(1 - u): the quantile of the exponential with mean 1, for `u` in [0, 1); Infinity from 1 on.
 *
 * Between nodes c = k/512, -ln(1 - u) = -ln(1 - c) - ln(1 - r) with r = (u - c) / (1 - c), and the second term is a
 * short series. The last sixteenth is stretched over [0, 1) first: -ln(v) = ln 16 - ln(16 v). Within 4 units of the last
 * place of Math.log1p (tested over the whole range, tiny u included) in a third of its time: one such logarithm is drawn
 * for almost every event of a simulation. Loops instead of a recursion: a call in it would cost whoever draws many in a
 * row his registers. Only additions and multiplications, so engines cannot differ in it.
 */
export function negLogOneMinus(u: number): number {
  let stretched = u;
  let sixteenths = 0;
  for (; stretched > LAST_TABULATED; sixteenths++) {
    if (stretched >= 1) return Number.POSITIVE_INFINITY;
    stretched = 1 - 16 * (1 - stretched); // exact: 1 - u is a multiple of 2^-53
  }
  const k = (stretched * CELLS + 0.5) | 0;
  const r = (stretched - k * CELL_WIDTH) * reciprocalAtNode[k]!;
  // -ln(1 - r) = r + r²/2 + … + r⁸/8, summed in pairs (Estrin's scheme): half as long a chain of operations as Horner's.
  const r2 = r * r;
  const low = 1 + r * (1 / 2) + r2 * (1 / 3 + r * (1 / 4));
  const high = 1 / 5 + r * (1 / 6) + r2 * (1 / 7 + r * (1 / 8));
  let sum = negLogAtNode[k]! + r * (low + r2 * r2 * high);
  for (; sixteenths > 0; sixteenths--) sum += LN_16;
  return sum;
}
