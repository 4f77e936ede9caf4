/**
 * M/M/c/K: Poisson arrivals, exponential service, c servers, at most K in the system; who finds it full goes away.
 * `offeredLoad` is arrival rate x mean service time [erlangs]; it may exceed the number of servers.
 *
 * @see D. Gross, C. M. Harris (1998), Fundamentals of Queueing Theory, 3rd ed., section 2.5
 */

/** Probability of each number in the system, 0 to K. */
export function mmckProbabilities(servers: number, room: number, offeredLoad: number): readonly number[] {
  const weights = [1];
  for (let n = 1; n <= room; n++) weights.push((weights[n - 1]! * offeredLoad) / Math.min(n, servers));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** Share of the arrivals that find the system full (Poisson arrivals see time averages); K = c is Erlang's loss formula. */
export function mmckBlocked(servers: number, room: number, offeredLoad: number): number {
  return mmckProbabilities(servers, room, offeredLoad)[room]!;
}

/** Mean time from arrival to departure of those who get in, in mean service times. */
export function mmckMeanSojourn(servers: number, room: number, offeredLoad: number): number {
  const probabilities = mmckProbabilities(servers, room, offeredLoad);
  const inSystem = probabilities.reduce((sum, p, n) => sum + n * p, 0);
  return inSystem / (offeredLoad * (1 - probabilities[room]!));
}
