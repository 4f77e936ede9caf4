/**
 * Closed networks: a fixed number of customers that go round for ever. Machine repairman: one station with a queue and
 * independent delays outside it, e.g. threads that alternate between the GVL and I/O.
 */

/** Steady state of a closed network, seen over one round of a customer. */
export interface ClosedNetwork {
  /** Rounds completed per unit of time, all customers together. */
  readonly throughput: number;
  /** Mean time of one round at each station, waiting included. */
  readonly residence: readonly number[];
  /** Mean number of customers at each station. */
  readonly customers: readonly number[];
  /** Throughput x demand: for a `queue` its utilisation. */
  readonly utilisation: readonly number[];
}

/** A station. `queue`: one server; `delay`: everybody is served at once. */
export interface Station {
  readonly kind: 'queue' | 'delay';
  /** Mean service time of one round, all visits together. */
  readonly demand: number;
}

/**
 * Exact mean value analysis, one class of customers: R_k(n) = D_k (1 + Q_k(n - 1)) at queues, D_k at delays;
 * X(n) = n / sum R_k(n); Q_k(n) = X(n) R_k(n). Holds for processor sharing with any distribution of demands and for first
 * come first served with exponential ones.
 *
 * @see M. Reiser, S. S. Lavenberg (1980), Mean-value analysis of closed multichain queuing networks, J. ACM 27, 313-322
 */
export function meanValueAnalysis(stations: readonly Station[], population: number): ClosedNetwork {
  let customers = stations.map(() => 0);
  let residence = stations.map(() => 0);
  let throughput = 0;
  for (let n = 1; n <= population; n++) {
    residence = stations.map(({ kind, demand }, k) => (kind === 'queue' ? demand * (1 + customers[k]!) : demand));
    throughput = n / residence.reduce((sum, time) => sum + time, 0);
    customers = residence.map((time) => throughput * time);
  }
  return { throughput, residence, customers, utilisation: stations.map(({ demand }) => throughput * demand) };
}

/** Steady state of the machine repairman. */
export interface MachineRepairman {
  /** Services completed per unit of time. */
  readonly throughput: number;
  /** Fraction of time the server is busy. */
  readonly utilisation: number;
  /** Mean time from joining the queue to the end of the service. */
  readonly meanSojourn: number;
}

/**
 * M/M/1//N: N customers, each away for an exponential time, then served by one server with exponential service.
 * Insensitive to the distribution of the time away, and under processor sharing to that of the service too.
 * With r = service / away, p_n = p_0 r^n N! / (N - n)!.
 *
 * @see L. Kleinrock (1975), Queueing Systems I, section 3.8 (eq. 3.51, 3.52); D. Gross, C. M. Harris (1998), section 2.7
 */
export function machineRepairman(population: number, meanAway: number, meanService: number): MachineRepairman {
  const idle = idleProbability(population, meanService / meanAway);
  const utilisation = 1 - idle;
  const throughput = utilisation / meanService;
  return { throughput, utilisation, meanSojourn: population / throughput - meanAway };
}

/** p_0 = 1 / sum of the relative probabilities of n = 0 … N customers at the server. */
function idleProbability(population: number, ratio: number): number {
  let relative = 1;
  let total = 1;
  for (let n = 0; n < population; n++) {
    relative *= (population - n) * ratio;
    total += relative;
  }
  return 1 / total;
}
