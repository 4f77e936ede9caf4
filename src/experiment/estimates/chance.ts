import type { ConfigurationSpec } from '../spec.js';

/** Arrivals and demands are given: every replication is the same. */
export function nothingIsRandom({ system: { app, load } }: ConfigurationSpec): boolean {
  const isGiven =
    load.kind === 'recorded' || load.kind === 'backlog' || (load.kind === 'closed' && load.think.variance === 0);
  return isGiven && app.recorded?.order === 'sequential';
}
