/**
 * M/M/1: Poisson arrivals, exponential service, one server, first come first served.
 * Rates in any unit of time, results in the same unit; all need arrivalRate < serviceRate.
 *
 * @see L. Kleinrock (1975), Queueing Systems I, section 3.2; sojourn times: D. Gross, C. M. Harris (1998), Fundamentals
 *   of Queueing Theory, 3rd ed., section 2.2.4
 */

/** Mean time from arrival to departure: 1 / (mu - lambda). */
export function mm1MeanSojourn(arrivalRate: number, serviceRate: number): number {
  requireStable(arrivalRate / serviceRate);
  return 1 / (serviceRate - arrivalRate);
}

/** Mean time in the queue: rho / (mu - lambda). */
export function mm1MeanWait(arrivalRate: number, serviceRate: number): number {
  return (arrivalRate / serviceRate) * mm1MeanSojourn(arrivalRate, serviceRate);
}

/** Mean number in the system: rho / (1 - rho). */
export function mm1MeanInSystem(arrivalRate: number, serviceRate: number): number {
  return arrivalRate * mm1MeanSojourn(arrivalRate, serviceRate);
}

/** Quantile of the sojourn time, which is exponential with rate mu - lambda. */
export function mm1SojournQuantile(arrivalRate: number, serviceRate: number, level: number): number {
  return -Math.log1p(-level) * mm1MeanSojourn(arrivalRate, serviceRate);
}

/** @throws RangeError unless 0 <= utilisation < 1: otherwise the queue grows without bound and has no mean */
export function requireStable(utilisation: number): void {
  if (!(utilisation >= 0 && utilisation < 1)) {
    throw new RangeError(`no steady state at utilisation ${utilisation}: must be at least 0 and below 1`);
  }
}
