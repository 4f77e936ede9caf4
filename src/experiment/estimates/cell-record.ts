import type { ExperimentResult, SummaryRow } from '../experiment-result.js';
import { loadOf } from '../load/offered-load.js';
import type { ReplicationResult } from '../result.js';
import { doubtsAbout } from './doubts.js';
import { standingsOf } from './standing.js';

/** What can be said in a line of one variant of an experiment that is one of many. */
export interface CellRecord {
  readonly variant: string;
  readonly replications: number;
  /** Of all replications, warm-up included. */
  readonly requests: number;
  readonly offeredPerSec: number | null;
  readonly isUnstable: boolean;
  /** Codes of the reasons not to rely on it. */
  readonly notes: readonly string[];
  readonly fingerprint: string;
}

export function cellRecords(result: ExperimentResult, summary: readonly SummaryRow[]): CellRecord[] {
  const doubts = doubtsAbout(result, summary);
  const standings = standingsOf(result);
  return result.spec.configurations.map((configuration) => {
    const { variant } = configuration;
    const own = result.replications.filter((replication) => replication.variant === variant);
    return {
      variant,
      replications: own.length,
      requests: own.reduce((sum, { requests }) => sum + requests, 0),
      offeredPerSec: loadOf(configuration, result.spec.run).offeredPerSec,
      isUnstable: standings.get(variant)!.kind === 'unstable',
      notes: [...new Set(doubts.filter((doubt) => doubt.variant === variant).map(({ code }) => code))],
      fingerprint: fingerprintOf(own),
    };
  });
}

/** FNV-1a (64 bits) of the fingerprints of the replications. */
function fingerprintOf(replications: readonly ReplicationResult[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const { fingerprint } of replications) {
    for (let k = 0; k < fingerprint.length; k++) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(fingerprint.charCodeAt(k))) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
