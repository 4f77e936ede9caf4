/** Simulated time or duration in whole nanoseconds; exact up to 2^53 ns (104 days). */
export type Nanos = number;

export const MICROSECOND: Nanos = 1_000;
export const MILLISECOND: Nanos = 1_000_000;
export const SECOND: Nanos = 1_000_000_000;
