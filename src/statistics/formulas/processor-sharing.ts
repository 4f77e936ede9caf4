/**
 * M/M/1 with processor sharing: whoever is in the system is served at the same time, each at an equal share of the speed.
 *
 * @see E. G. Coffman, R. R. Muntz, H. Trotter (1970), Waiting time distributions for processor-sharing systems, Journal of
 *   the ACM 17, 123-130
 */
import { requireStable } from './mm1.js';
import { quantileOfTail } from './mmc.js';

/**
 * P(sojourn > time). With n others there the tagged request ends at rate mu / (n + 1), one of the others at n mu / (n + 1),
 * and another one comes at rate lambda: a Markov chain, solved by uniformization from the number that an arrival finds,
 * which is geometric. Numbers above those met once in 10^16 are left out.
 */
export function psSojournTail(arrivalRate: number, serviceRate: number, time: number): number {
  const utilisation = arrivalRate / serviceRate;
  requireStable(utilisation);
  const most = Math.max(60, 2 * Math.ceil(Math.log(1e-16) / Math.log(utilisation)));
  const rate = arrivalRate + serviceRate;
  let alive = Float64Array.from({ length: most + 1 }, (_, n) => (1 - utilisation) * utilisation ** n);
  const mean = rate * time;
  const steps = Math.ceil(mean + 10 * Math.sqrt(mean) + 20);
  let tail = 0;
  for (let k = 0, logWeight = -mean; k <= steps; k++, logWeight += Math.log(mean / k)) {
    tail += Math.exp(logWeight) * alive.reduce((a, b) => a + b, 0);
    const next = new Float64Array(most + 1);
    for (let n = 0; n <= most; n++) {
      const up = Math.min(n + 1, most);
      next[up]! += (alive[n]! * arrivalRate) / rate;
      if (n > 0) next[n - 1]! += (alive[n]! * serviceRate * (n / (n + 1))) / rate;
    }
    alive = next;
  }
  return tail;
}

export function psSojournQuantile(arrivalRate: number, serviceRate: number, level: number): number {
  return quantileOfTail((time) => psSojournTail(arrivalRate, serviceRate, time), 1 - level, 1 / serviceRate);
}
