import type { ExperimentResult, SummaryRow } from './experiment-result.js';
import { observedLoad } from './observed-load.js';
import { loadOf } from './offered-load.js';
import { ALL_CLASSES } from './result.js';
import type { ConfigurationSpec } from './spec.js';

/** A reason not to rely on the result of a variant. */
export interface Doubt {
  readonly variant: string;
  readonly code: 'UNSTABLE' | 'EMPTY' | 'ONE_REPLICATION' | 'WIDE_INTERVAL' | 'INCOMPLETE';
  readonly text: string;
}

/** A mean latency that is not known better than this share of itself is not worth much. */
const WIDEST_INTERVAL = 0.1;

/** Why a result should not be trusted; empty if nothing speaks against it. */
export function doubtsAbout(result: ExperimentResult, summary: readonly SummaryRow[]): Doubt[] {
  const { spec } = result;
  return spec.configurations.flatMap((configuration) => {
    const { variant } = configuration;
    const doubts: Doubt[] = [];
    const add = (code: Doubt['code'], text: string): void => {
      doubts.push({ variant, code, text });
    };
    const { isUnstable, offeredPerSec, capacityPerSec } = loadOf(configuration, spec.run);
    if (isUnstable) {
      add(
        'UNSTABLE',
        `${offeredPerSec!.toFixed(1)}/s are offered but at most ${capacityPerSec.toFixed(1)}/s can be served: waiting grows with the length of the run`,
      );
    }
    const observed = observedLoad(configuration, spec.run, summary);
    if (!isUnstable && observed.isUnstable) {
      add(
        'UNSTABLE',
        `${offeredPerSec!.toFixed(1)}/s are offered, but a request keeps its thread for ${observed.serviceMs!.toFixed(1)} ms on average, so at most ${observed.capacityPerSec!.toFixed(1)}/s can be served: waiting grows with the length of the run`,
      );
    }
    const own = result.replications.filter((replication) => replication.variant === variant);
    if (own.length < spec.run.replications) {
      add('INCOMPLETE', `${own.length} of ${spec.run.replications} replications were finished`);
    }
    const latency = summary.find(
      (row) =>
        row.variant === variant &&
        row.className === ALL_CLASSES &&
        row.metric === 'latency_ms' &&
        row.statistic === 'mean',
    );
    if (latency === undefined || latency.estimate === null) {
      add('EMPTY', 'no request arrived after the warm-up');
    } else if (own.length === 1 && spec.run.replications === 1 && !isReplay(configuration)) {
      add('ONE_REPLICATION', 'one replication: nothing says how far chance moved the numbers');
    } else if (
      !observed.isUnstable &&
      latency.ciHigh !== null &&
      latency.ciHigh - latency.estimate > WIDEST_INTERVAL * latency.estimate
    ) {
      const share = (100 * (latency.ciHigh - latency.estimate)) / latency.estimate;
      add('WIDE_INTERVAL', `the mean latency is known to ${share.toFixed(0)} % only: run longer or more often`);
    }
    return doubts;
  });
}

/** Nothing is random: the same in every replication. */
function isReplay({ system: { app, load } }: ConfigurationSpec): boolean {
  const isGiven = load.kind === 'recorded' || (load.kind === 'closed' && load.think.variance === 0);
  return isGiven && app.recorded?.order === 'sequential';
}
