import { type Standing, standingsOf } from '../../experiment/estimates/standing.js';
import type { ExperimentResult } from '../../experiment/experiment-result.js';
import { loadOf } from '../../experiment/load/offered-load.js';

/** What a table says about the load of a variant. */
export interface LoadNote {
  readonly kind: 'open' | 'closed' | 'recorded' | 'backlog';
  /** Mean rate of arrivals asked for; null for closed load and a backlog. */
  readonly offeredPerSec: number | null;
  /** More is offered than can be served, by hand formula or by what the run showed. */
  readonly isUnstable: boolean;
  readonly standing: Standing;
}

export function loadNotes(result: ExperimentResult): ReadonlyMap<string, LoadNote> {
  const standings = standingsOf(result);
  return new Map(
    result.spec.configurations.map((configuration) => {
      const { offeredPerSec, isUnstable } = loadOf(configuration, result.spec.run);
      const { kind } = configuration.system.load;
      const standing = standings.get(configuration.variant)!;
      return [
        configuration.variant,
        {
          kind: kind === 'renewal' || kind === 'poisson-steps' ? 'open' : kind,
          offeredPerSec,
          isUnstable: standing.kind === 'unstable' || (standing.kind === 'finite' && isUnstable),
          standing,
        },
      ] as const;
    }),
  );
}
