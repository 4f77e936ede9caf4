import { MILLISECOND, type Nanos } from '../../kernel/time.js';

/** Length of a jiffy with CONFIG_HZ=250, as distributions build Linux for servers and clouds. */
export const JIFFY_NS: Nanos = 4 * MILLISECOND;

/**
 * When a timer of the Linux kernel goes off (those of TCP; not sleeps of programs, which have timers of their own): late
 * by up to an eighth, so that timers meet on a grid. The grid is 4 ms for delays up to 0.25 s, 32 ms up to 2 s, 256 ms
 * up to 16 s, 2 s up to 129 s.
 *
 * Measured: connections that were tried again "after 1 s" came 1.000 to 1.032 s after the first try, in bursts of up to 14.
 * @see Linux kernel/time/timer.c: calc_wheel_index, LVL_START
 */
export function kernelTimerNs(nowNs: Nanos, delayNs: Nanos): Nanos {
  const delay = Math.ceil(delayNs / JIFFY_NS);
  let granularity = 1;
  for (let start = 63; delay >= start && granularity < 4096; start *= 8) granularity *= 8;
  const expires = Math.floor(nowNs / JIFFY_NS) + delay;
  return (Math.floor(expires / granularity) + 1) * granularity * JIFFY_NS;
}
