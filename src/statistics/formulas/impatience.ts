/**
 * M/M/1 with customers who wait for `patience` at most and then go unserved (M/M/1 + D): Poisson arrivals, exponential
 * service, first come first served. Rates in any unit of time; the arrival rate may exceed the service rate.
 *
 * @see D. Y. Barrer (1957), Queuing with impatient customers and ordered service, Operations Research 5(5); density of
 *   the virtual waiting time by level crossings: P. H. Brill (2008), Level Crossing Methods in Stochastic Models
 */
export function mm1ImpatientLost(arrivalRate: number, serviceRate: number, patience: number): number {
  const decay = serviceRate - arrivalRate;
  // Virtual waiting time: idle with p0; density arrivalRate p0 e^(-decay x) up to the patience, falling with serviceRate
  // beyond. All is divided by e^(-decay patience), or not, whichever stays finite.
  const [unit, reached] = decay < 0 ? [Math.exp(decay * patience), 1] : [1, Math.exp(-decay * patience)];
  const below = decay === 0 ? arrivalRate * patience : (arrivalRate / decay) * (unit - reached);
  const beyond = (arrivalRate / serviceRate) * reached;
  return beyond / (unit + below + beyond);
}
