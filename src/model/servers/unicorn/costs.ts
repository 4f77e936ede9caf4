import { MICROSECOND, MILLISECOND, type Nanos } from '../../../kernel/time.js';

/**
 * CPU time of Unicorn itself, per request. Measured with unicorn 6.0 (Ruby 3.1.2) and 6.1 (Ruby 3.3.8) on a 2-core VM:
 * 0.24 to 0.29 ms of CPU outside the application; an empty request takes 0.23 to 0.31 ms until the application starts
 * and 0.09 to 0.11 ms after it.
 */
export const UNICORN_COSTS = {
  /** epoll_wait returns, accept_nonblock, reading and parsing the request [ns]. */
  acceptAndParseNs: 170 * MICROSECOND,
  /** Writing the answer [ns]. */
  writeNs: 60 * MICROSECOND,
  /** Closing the connection, back to epoll_wait [ns]. */
  closeNs: 30 * MICROSECOND,
  /** accept_nonblock that finds nothing (EAGAIN) and back to epoll_wait [ns]; estimate from two system calls. */
  emptyAcceptNs: 15 * MICROSECOND,
  /** From the kill of a worker to the master's knowing of it (measured 2 to 6 ms) [ns]. */
  reapNs: 4 * MILLISECOND,
  /** From the kill of a worker to the first accept of its replacement, a fork of the loaded application (measured 6 to 10 ms) [ns]. */
  respawnNs: 8 * MILLISECOND,
} as const satisfies Record<string, Nanos>;
