/**
 * Requests of a process whose objects an application still refers to after their end: the last so many.
 *
 * Which they are in the application measured (test/measured/memory, gc_servers.csv) is known from the lengths of single minor collections alone. Least
 * squares over them, by whose objects had been allocated since the last collection: each one kept by the running request takes 16 to 26 ns; by the
 * request that ended last, the one before it and so on up to the fourth 19 to 26 ns in Puma, 20 to 36 in the workers of Unicorn, whose only
 * thread has gone on to other requests; with Ruby 3.3, where objects are young for three collections, 13 to 20 up to the seventh. So all of them
 * live. The requests made again in order on Ruby 3.1.2, with the arrays of the last two, three, five, eight and sixteen on an old
 * object: 167, 149, 148, 144 and 127 minor and 24, 22, 21, 22 and 20 major collections, where Unicorn had 143 and 23. What refers to
 * them there is not known (a log that is written out now and then, for instance).
 */
export const RECENT_REQUESTS = 5;

/** Which requests are among the last ones of their process. Rows are numbered from 0, `RECENT_REQUESTS` for each process. */
export class RecentRequests {
  /** Requests that have ended, by process. */
  private readonly ended: Float64Array;

  constructor(private readonly processes: number) {
    this.ended = new Float64Array(processes);
  }

  get rows(): number {
    return this.processes * RECENT_REQUESTS;
  }

  /** A request has ended. Returns its number in its process. */
  end(process: number): number {
    return this.ended[process]!++;
  }

  /** Row of a request; that which another one had `RECENT_REQUESTS` before, too. */
  rowOf(process: number, number: number): number {
    return process * RECENT_REQUESTS + (number % RECENT_REQUESTS);
  }

  /** So many others have ended since that the application does not refer to it any more. */
  isForgotten(process: number, number: number): boolean {
    return this.ended[process]! - number > RECENT_REQUESTS;
  }
}
