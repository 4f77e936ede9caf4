/**
 * Order of events within one instant: what frees a resource comes before what hands it on, what is already in the
 * system before what arrives. Events of equal rank run in the order in which they were armed.
 */
export const Rank = { Release: 0, Grant: 1, Timer: 2, Arrival: 3, Sample: 4 } as const;
export type Rank = (typeof Rank)[keyof typeof Rank];
