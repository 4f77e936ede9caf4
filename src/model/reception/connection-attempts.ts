import { type Nanos, SECOND } from '../../kernel/time.js';

/** SYNs that are sent again with growing waits (net.ipv4.tcp_syn_retries, Linux's default). */
const SYN_RETRIES = 6;

/**
 * How long a client waits for an answer to each SYN before it sends the next one, and after the last one before it gives
 * up: 1 s at first and `linear` times more, then twice as long each time.
 *
 * @param linear net.ipv4.tcp_syn_linear_timeouts: 4 from Linux 6.5 on (SYNs after 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s, over after
 *   131 s), 0 before (1, 3, 7, 15, 31 and 63 s, over after 127 s)
 * @see Linux Documentation/networking/ip-sysctl.rst, net/ipv4/tcp_timer.c tcp_retransmit_timer
 */
export function synWaitsNs(linear: number): readonly Nanos[] {
  return Array.from({ length: linear + SYN_RETRIES + 1 }, (_, k) => 2 ** Math.max(0, k - linear) * SECOND);
}
