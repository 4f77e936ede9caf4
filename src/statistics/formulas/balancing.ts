/**
 * Many alike servers, each with a queue of its own, and somebody who chooses a queue for every arrival. Arrivals are
 * Poisson with rate `utilisation` a server, service is exponential with mean 1; times are in service times.
 *
 * @see N. D. Vvedenskaya, R. L. Dobrushin, F. I. Karpelevich (1996), Queueing system with selection of the shortest of
 *   two queues, Problems of Information Transmission 32(1); M. Mitzenmacher (2001), The power of two choices in
 *   randomized load balancing, IEEE TPDS 12(10), corollary 1
 */
import { requireStable } from './mm1.js';

/**
 * Share of the servers with at least `count` in them when each arrival joins the shortest of `choices` queues drawn at
 * random, for a number of servers that grows without bound: rho ^ ((d^k - 1) / (d - 1)); d = 1 is M/M/1.
 */
export function choicesTail(utilisation: number, choices: number, count: number): number {
  requireStable(utilisation);
  const exponent = choices === 1 ? count : (choices ** count - 1) / (choices - 1);
  return utilisation ** exponent;
}

/** Mean sojourn time in service times, by Little's law from the mean number in a server, the sum of the tail. */
export function choicesMeanSojourn(utilisation: number, choices: number): number {
  let sum = 0;
  for (let count = 1; ; count++) {
    const tail = choicesTail(utilisation, choices, count);
    if (tail < 1e-15) return sum / utilisation;
    sum += tail;
  }
}

/**
 * Mean sojourn time in service times when each arrival joins the shorter of two queues, either one if they are equal:
 * the balance equations of (shorter, longer), solved by repeated sweeps on a lattice of `size` x `size`.
 *
 * @param size must be so large that longer queues do not matter; 60 is enough below a utilisation of 0.85
 */
export function shorterOfTwoMeanSojourn(utilisation: number, size = 60): number {
  requireStable(utilisation);
  const arrivals = 2 * utilisation;
  const at = (a: number, b: number): number => Math.min(a, b) * size + Math.max(a, b);
  let p = new Float64Array(size * size);
  p[0] = 1;
  const rate = arrivals + 2; // uniformisation: the chain moves at most this fast
  for (let sweep = 0; sweep < 200_000; sweep++) {
    const next = new Float64Array(size * size);
    for (let a = 0; a < size; a++) {
      for (let b = a; b < size; b++) {
        const here = p[a * size + b]!;
        if (here === 0) continue;
        const up = a + 1 < size ? at(a + 1, b) : at(a, b);
        next[up]! += (here * arrivals) / rate;
        next[a > 0 ? at(a - 1, b) : at(a, b)]! += here / rate;
        next[b > 0 ? at(a, b - 1) : at(a, b)]! += here / rate;
      }
    }
    let change = 0;
    for (let k = 0; k < next.length; k++) change += Math.abs(next[k]! - p[k]!);
    p = next;
    if (change < 1e-12) break;
  }
  let inSystem = 0;
  for (let a = 0; a < size; a++) for (let b = a; b < size; b++) inSystem += (a + b) * p[a * size + b]!;
  return inSystem / arrivals;
}

/**
 * Mean sojourn time in service times when `servers` take turns: each is E_n/M/1, whose arrivals find it as busy as the
 * root sigma of sigma = (n rho / (1 - sigma + n rho)) ^ n below 1 says; the sojourn is 1 / (1 - sigma).
 * @see L. Kleinrock (1975), Queueing Systems I, section 6.4 (G/M/1)
 */
export function takingTurnsMeanSojourn(servers: number, utilisation: number): number {
  requireStable(utilisation);
  const rate = servers * utilisation;
  let sigma = utilisation;
  for (let k = 0; k < 10_000; k++) {
    const next = (rate / (1 - sigma + rate)) ** servers;
    if (Math.abs(next - sigma) < 1e-15) break;
    sigma = next;
  }
  return 1 / (1 - sigma);
}
