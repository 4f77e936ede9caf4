/** A continuous law on x > 0, described in L = ln x so that no tail underflows. */
export interface PositiveLaw {
  /** ln F(x) and ln(1 - F(x)). */
  logTails(logX: number): { readonly lower: number; readonly upper: number };
  /** ln(x f(x)), f the density. */
  logDensity(logX: number): number;
  /** d ln(x f(x)) / d ln x. */
  elasticity(logX: number): number;
}

/** Quantiles are tabulated for log-odds up to this: u from 2^-53 to 1 - 2^-53, all that a stream can draw. */
const MAX_LOG_ODDS = 37;
const CELLS_PER_UNIT = 8;
const CELLS = 2 * MAX_LOG_ODDS * CELLS_PER_UNIT;
const STEP = 1 / CELLS_PER_UNIT;
const COEFFICIENTS = 6;

/**
 * Inverse of a distribution function without iterations: ln x as a function of the log-odds v = ln(u / (1 - u)) is
 * nearly straight in both tails, so a piecewise polynomial of degree 5 that matches value, slope and curvature at
 * nodes 1/8 apart follows it closely (the families state the error, measured against `logTails`).
 */
export class TabulatedQuantile {
  private readonly coefficients: Float64Array;

  constructor(law: PositiveLaw) {
    this.coefficients = fillCoefficients(solveNodes(law));
  }

  /** x at which F(x) = u; 0 at u = 0. */
  at(u: number): number {
    if (u <= 0) return 0;
    const position = (Math.log(u / (1 - u)) + MAX_LOG_ODDS) * CELLS_PER_UNIT;
    const cell = Math.min(Math.max(position | 0, 0), CELLS - 1);
    const t = position - cell;
    const c = this.coefficients;
    const k = cell * COEFFICIENTS;
    return Math.exp(c[k]! + t * (c[k + 1]! + t * (c[k + 2]! + t * (c[k + 3]! + t * (c[k + 4]! + t * c[k + 5]!)))));
  }
}

/** ln x and its first two derivatives by v at one node. */
interface Node {
  readonly value: number;
  readonly slope: number;
  readonly curvature: number;
}

function solveNodes(law: PositiveLaw): readonly Node[] {
  const nodes = new Array<Node>(CELLS + 1);
  const middle = CELLS / 2;
  nodes[middle] = solveNode(law, 0, 0);
  for (const direction of [1, -1]) {
    for (let k = middle + direction; k >= 0 && k <= CELLS; k += direction) {
      const near = nodes[k - direction]!;
      const h = direction * STEP;
      nodes[k] = solveNode(law, k * STEP - MAX_LOG_ODDS, near.value + h * (near.slope + 0.5 * h * near.curvature));
    }
  }
  return nodes;
}

/** Newton's method in ln x, with steps of at most 2 so that a poor start cannot overshoot. */
function solveNode(law: PositiveLaw, logOdds: number, start: number): Node {
  let logX = start;
  for (let iteration = 0; iteration < 1000; iteration++) {
    const { lower, upper } = law.logTails(logX);
    const slope = Math.exp(lower + upper - law.logDensity(logX));
    const step = (logOdds - (lower - upper)) * slope;
    logX += Math.min(Math.max(step, -2), 2);
    if (Math.abs(step) <= 1e-9 * Math.max(1, Math.abs(logX))) return nodeAt(law, logX);
  }
  throw new RangeError(`quantile at log-odds ${logOdds} not found`);
}

/** Derivatives by the rule for inverse functions: dL/dv = F (1 - F) / (x f). */
function nodeAt(law: PositiveLaw, logX: number): Node {
  const { lower, upper } = law.logTails(logX);
  const slope = Math.exp(lower + upper - law.logDensity(logX));
  const curvature = slope * (Math.exp(upper) - Math.exp(lower) - slope * law.elasticity(logX));
  return { value: logX, slope, curvature };
}

/** Quintic Hermite interpolation in t = position within the cell, 0 to 1. */
function fillCoefficients(nodes: readonly Node[]): Float64Array {
  const c = new Float64Array(CELLS * COEFFICIENTS);
  for (let cell = 0; cell < CELLS; cell++) {
    const [a, b] = [nodes[cell]!, nodes[cell + 1]!];
    const [slopeA, slopeB] = [a.slope * STEP, b.slope * STEP];
    const [halfCurvatureA, halfCurvatureB] = [0.5 * a.curvature * STEP * STEP, 0.5 * b.curvature * STEP * STEP];
    const rise = b.value - a.value - slopeA - halfCurvatureA;
    const slopeGap = slopeB - slopeA - 2 * halfCurvatureA;
    const curvatureGap = halfCurvatureB - halfCurvatureA;
    c.set(
      [
        a.value,
        slopeA,
        halfCurvatureA,
        10 * rise - 4 * slopeGap + curvatureGap,
        -15 * rise + 7 * slopeGap - 2 * curvatureGap,
        6 * rise - 3 * slopeGap + curvatureGap,
      ],
      cell * COEFFICIENTS,
    );
  }
  return c;
}
