/**
 * G/G/c: arrivals and services of any kind, of which means and coefficients of variation are known. No formula is exact:
 * what there is serves as a sanity check.
 *
 * @see A. O. Allen (1990), Probability, Statistics, and Queueing Theory, 2nd ed., section 5.4 (Allen-Cunneen); J. F. C. Kingman (1970),
 *   Inequalities in the theory of queues, J. Royal Stat. Soc. B 32; G. P. Cosmetatos (1976), Some approximate equilibrium
 *   results for the multi-server queue (M/G/r), Operational Research Quarterly 27
 */
import { requireStable } from './mm1.js';
import { mmcMeanWait } from './mmc.js';

/**
 * Mean wait after Allen and Cunneen: that of M/M/c times the mean of the two squared coefficients of variation. Exact for
 * M/M/c, M/G/1, and for all as the utilisation comes to 1; too long for arrivals more regular than Poisson below that, and
 * too short for regular services at several servers (`constantServiceCorrection`).
 */
export function allenCunneenMeanWait(
  servers: number,
  arrivalRate: number,
  meanService: number,
  cvArrivals: number,
  cvService: number,
): number {
  return (mmcMeanWait(servers, arrivalRate, 1 / meanService) * (cvArrivals ** 2 + cvService ** 2)) / 2;
}

/** The mean wait of G/G/c is not longer, whatever the distributions (Kingman). */
export function longestMeanWait(
  servers: number,
  arrivalRate: number,
  meanService: number,
  cvArrivals: number,
  cvService: number,
): number {
  const utilisation = (arrivalRate * meanService) / servers;
  requireStable(utilisation);
  const ofArrivals = (cvArrivals / arrivalRate) ** 2;
  const ofServices = meanService ** 2 * (cvService ** 2 / servers + (servers - 1) / servers ** 2);
  return (arrivalRate * (ofArrivals + ofServices)) / (2 * (1 - utilisation));
}

/** By which share the mean wait of M/D/c is longer than half of that of M/M/c (Cosmetatos): 0 for one server, and at utilisation 1. */
export function constantServiceCorrection(servers: number, utilisation: number): number {
  requireStable(utilisation);
  return ((1 - utilisation) * (servers - 1) * (Math.sqrt(4 + 5 * servers) - 2)) / (16 * utilisation * servers);
}
