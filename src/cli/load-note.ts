import type { SummaryRow } from '../experiment/experiment-result.js';
import { observedLoad } from '../experiment/observed-load.js';
import { loadOf } from '../experiment/offered-load.js';
import type { ExperimentSpec } from '../experiment/spec.js';

/** What a table says about the load of a variant. */
export interface LoadNote {
  readonly kind: 'open' | 'closed' | 'recorded';
  /** Mean rate of arrivals asked for; null for closed load. */
  readonly offeredPerSec: number | null;
  /** More is offered than can be served, by hand formula or by what the run showed. */
  readonly isUnstable: boolean;
}

export function loadNotes(spec: ExperimentSpec, summary: readonly SummaryRow[]): ReadonlyMap<string, LoadNote> {
  return new Map(
    spec.configurations.map((configuration) => {
      const { offeredPerSec } = loadOf(configuration, spec.run);
      const { isUnstable } = observedLoad(configuration, spec.run, summary);
      const { kind } = configuration.system.load;
      const shown = kind === 'closed' || kind === 'recorded' ? kind : 'open';
      return [configuration.variant, { kind: shown, offeredPerSec, isUnstable }];
    }),
  );
}
