/**
 * M/G/1: Poisson arrivals, any distribution of service times, one server. `cv` is the coefficient of variation of the
 * service time (0: M/D/1, 1: M/M/1).
 *
 * @see L. Kleinrock (1975), Queueing Systems I, section 5.7 (Pollaczek-Khinchine mean value formula, eq. 5.70 to 5.72);
 *   processor sharing: L. Kleinrock (1976), Queueing Systems II, section 4.4 (eq. 4.17)
 */
import { requireStable } from './mm1.js';

/** Mean time in the queue, first come first served: rho / (1 - rho) x (1 + cv^2) / 2 x mean service time. */
export function mg1MeanWait(arrivalRate: number, meanService: number, cv: number): number {
  const utilisation = arrivalRate * meanService;
  requireStable(utilisation);
  return (utilisation / (1 - utilisation)) * ((1 + cv * cv) / 2) * meanService;
}

/** Mean time from arrival to departure, first come first served. */
export function mg1MeanSojourn(arrivalRate: number, meanService: number, cv: number): number {
  return mg1MeanWait(arrivalRate, meanService, cv) + meanService;
}

/** Mean time in the queue with constant service times. */
export function md1MeanWait(arrivalRate: number, service: number): number {
  return mg1MeanWait(arrivalRate, service, 0);
}

/** Mean sojourn time under processor sharing: E[S] / (1 - rho), whatever the distribution. */
export function mg1PsMeanSojourn(arrivalRate: number, meanService: number): number {
  return mg1PsSojournOf(arrivalRate, meanService, meanService);
}

/** Mean sojourn time under processor sharing of those who need `service`: service / (1 - rho). */
export function mg1PsSojournOf(arrivalRate: number, meanService: number, service: number): number {
  const utilisation = arrivalRate * meanService;
  requireStable(utilisation);
  return service / (1 - utilisation);
}
