import { logGamma } from './log-gamma.js';

const EPSILON = 1e-17;

/**
 * Logarithms of the regularised incomplete gamma functions P(a, x) (lower) and Q(a, x) = 1 - P (upper), for a > 0 and
 * x = exp(logX). Whichever is the smaller is computed directly, so that neither tail loses digits; in logarithms
 * nothing underflows.
 *
 * @see Abramowitz & Stegun (1964), 6.5.29 (series for P) and 6.5.31 (continued fraction for Q, here by Lentz's method)
 */
export function logIncompleteGamma(a: number, logX: number): { readonly lower: number; readonly upper: number } {
  const x = Math.exp(logX);
  const logFront = a * logX - x - logGamma(a);
  if (x < a + 1) {
    const lower = logFront + Math.log(lowerSeries(a, x));
    return { lower, upper: Math.log1p(-Math.exp(lower)) };
  }
  const upper = logFront + Math.log(upperFraction(a, x));
  return { lower: Math.log1p(-Math.exp(upper)), upper };
}

/** P(a, x): distribution function of the gamma distribution with shape a and scale 1. */
export function lowerGamma(a: number, x: number): number {
  return x <= 0 ? 0 : Math.exp(logIncompleteGamma(a, Math.log(x)).lower);
}

/** Q(a, x) = 1 - P(a, x). */
export function upperGamma(a: number, x: number): number {
  return x <= 0 ? 1 : Math.exp(logIncompleteGamma(a, Math.log(x)).upper);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 100_000; n++) {
    const an = n * (a - n);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const delta = c * d;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return h;
}
