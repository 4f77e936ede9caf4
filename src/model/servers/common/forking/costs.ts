import { MICROSECOND, MILLISECOND, type Nanos } from '../../../../kernel/time.js';

/**
 * CPU time per request of servers that fork single-threaded workers (Unicorn, and Pitchfork, which shares its code). Measured with unicorn 6.0 (Ruby 3.1.2) and 6.1 (Ruby 3.3.8) on a 2-core VM, by the
 * mean time t between requests of a worker: CPU outside the application 0.18 ms at t = 21 ms, 0.23 to 0.30 at 50, 0.24 to 0.35 at 110,
 * 0.39 to 0.6 at 140, and 0.045 ms (0.03 to 0.08) in the network stack of the kernel; requests to idle workers reach the application after 0.20 to 0.23 ms when they are warm, and are
 * answered 0.11 ms after its end at t = 21 ms, 0.15 at 50.
 */
export const FORKING_COSTS = {
  /** epoll_wait returns, accept_nonblock, reading and parsing the request [ns]. */
  acceptAndParseNs: 85 * MICROSECOND,
  /** Writing the answer [ns]. */
  writeNs: 60 * MICROSECOND,
  /** Closing the connection, back to epoll_wait [ns]. */
  closeNs: 15 * MICROSECOND,
  /** What comes before the application runs longer when it is cold [ns per root of a ms, see `ColdCode`]. */
  coldBeforeNs: 12 * MICROSECOND,
  /** The same for what comes after it. */
  coldAfterNs: 5 * MICROSECOND,
  /** From the client's `connect` to a connection with its request in the listen queue (loopback interface, p50) [ns]. */
  connectNs: 45 * MICROSECOND,
  /** accept_nonblock that finds nothing (EAGAIN) and back to epoll_wait [ns]; estimate from two system calls. */
  emptyAcceptNs: 15 * MICROSECOND,
  /** From the kill of a worker to the master's knowing of it (measured 2 to 6 ms) [ns]. */
  reapNs: 4 * MILLISECOND,
  /** From the kill of a worker to the first accept of its replacement, a fork of the loaded application (measured 6 to 10 ms) [ns]. */
  respawnNs: 8 * MILLISECOND,
} as const satisfies Record<string, Nanos>;
