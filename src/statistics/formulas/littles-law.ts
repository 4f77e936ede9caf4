/**
 * Little's law: mean number in the system = arrival rate x mean time in the system.
 *
 * @see J. D. C. Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9, 383-387
 */
export function meanInSystemByLittle(arrivalRate: number, meanSojourn: number): number {
  return arrivalRate * meanSojourn;
}
