/**
 * M/M/c: one queue, c servers; and the Erlang formulas. `offeredLoad` is arrival rate x mean service time [erlangs].
 *
 * @see L. Kleinrock (1975), Queueing Systems I, sections 3.5 (M/M/c, Erlang C) and 3.6 (M/M/c/c, Erlang B);
 *   D. Gross, C. M. Harris (1998), Fundamentals of Queueing Theory, 3rd ed., section 2.3
 */
import { requireStable } from './mm1.js';

/**
 * Probability that all servers are busy when those who find them so go away (Erlang's loss formula), by the recursion
 * B(c) = a B(c - 1) / (c + a B(c - 1)), which neither overflows nor cancels.
 */
export function erlangB(servers: number, offeredLoad: number): number {
  let blocked = 1;
  for (let c = 1; c <= servers; c++) blocked = (offeredLoad * blocked) / (c + offeredLoad * blocked);
  return blocked;
}

/** Probability that an arrival has to wait (Erlang's delay formula): B / (1 - rho (1 - B)). */
export function erlangC(servers: number, offeredLoad: number): number {
  const utilisation = offeredLoad / servers;
  requireStable(utilisation);
  const blocked = erlangB(servers, offeredLoad);
  return blocked / (1 - utilisation * (1 - blocked));
}

/** Mean time in the queue: C / (c mu - lambda). */
export function mmcMeanWait(servers: number, arrivalRate: number, serviceRate: number): number {
  return erlangC(servers, arrivalRate / serviceRate) / (servers * serviceRate - arrivalRate);
}

/** Mean time from arrival to departure. */
export function mmcMeanSojourn(servers: number, arrivalRate: number, serviceRate: number): number {
  return mmcMeanWait(servers, arrivalRate, serviceRate) + 1 / serviceRate;
}

/** P(wait > time) = C exp(-(c mu - lambda) time), first come first served. */
export function mmcWaitTail(servers: number, arrivalRate: number, serviceRate: number, time: number): number {
  return erlangC(servers, arrivalRate / serviceRate) * Math.exp(-(servers * serviceRate - arrivalRate) * time);
}

/** Quantile of the waiting time; 0 for levels that arrivals without a wait make up. */
export function mmcWaitQuantile(servers: number, arrivalRate: number, serviceRate: number, level: number): number {
  const waiting = erlangC(servers, arrivalRate / serviceRate);
  if (1 - level >= waiting) return 0;
  return Math.log(waiting / (1 - level)) / (servers * serviceRate - arrivalRate);
}

/**
 * P(sojourn > time), first come first served: an exponential service after a wait that is 0 or exponential with rate
 * d = c mu - lambda. Where d = mu the two rates are the same and the formula has a limit.
 */
export function mmcSojournTail(servers: number, arrivalRate: number, serviceRate: number, time: number): number {
  const waits = erlangC(servers, arrivalRate / serviceRate);
  const spare = servers * serviceRate - arrivalRate;
  const served = Math.exp(-serviceRate * time);
  const gap = serviceRate - spare;
  const extra =
    Math.abs(gap) < 1e-9 * serviceRate
      ? served * serviceRate * time
      : (serviceRate / gap) * (Math.exp(-spare * time) - served);
  return served + waits * extra;
}

/** Quantile of the sojourn time, to 12 digits. */
export function mmcSojournQuantile(servers: number, arrivalRate: number, serviceRate: number, level: number): number {
  return quantileOfTail((time) => mmcSojournTail(servers, arrivalRate, serviceRate, time), 1 - level, 1 / serviceRate);
}

/** Where a falling tail comes down to `share`. @param scale a time to start looking from */
export function quantileOfTail(tail: (time: number) => number, share: number, scale: number): number {
  let [low, high] = [0, scale];
  while (tail(high) > share) [low, high] = [high, 2 * high];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (tail(middle) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
