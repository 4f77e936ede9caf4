import type { ExperimentResult, SummaryRow } from '../experiment-result.js';
import { loadOf } from '../load/offered-load.js';
import { ALL_CLASSES } from '../result.js';
import { nothingIsRandom } from './chance.js';
import { type Reached, reachedBy } from './precision.js';
import { isWithheld, standingsOf } from './standing.js';

/** A reason not to rely on the result of a variant. */
export interface Doubt {
  readonly variant: string;
  readonly code:
    | 'UNSTABLE'
    | 'NOT_SETTLED'
    | 'NOT_PRECISE'
    | 'EMPTY'
    | 'ONE_REPLICATION'
    | 'WIDE_INTERVAL'
    | 'INCOMPLETE';
  readonly text: string;
}

/** A mean latency that is not known better than this share of itself is not worth much. */
const WIDEST_INTERVAL = 0.1;

/** Why a result should not be trusted; empty if nothing speaks against it. */
export function doubtsAbout(result: ExperimentResult, summary: readonly SummaryRow[]): Doubt[] {
  const { spec } = result;
  const standings = standingsOf(result);
  const missed = missedTargets(result);
  return spec.configurations.flatMap((configuration) => {
    const { variant } = configuration;
    const doubts: Doubt[] = [];
    const add = (code: Doubt['code'], text: string): void => {
      doubts.push({ variant, code, text });
    };
    const standing = standings.get(variant)!;
    if (standing.kind === 'unstable') add('UNSTABLE', standing.text);
    if (standing.kind === 'unsettled') add('NOT_SETTLED', standing.text);
    if (standing.kind === 'finite') {
      const { isUnstable, offeredPerSec, capacityPerSec } = loadOf(configuration, spec.run);
      if (isUnstable) {
        add(
          'UNSTABLE',
          `${offeredPerSec!.toFixed(1)}/s are offered but at most ${capacityPerSec.toFixed(1)}/s can be served`,
        );
      }
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
    if (own.length > 0 && own.every(({ counted }) => counted === 0)) {
      add('EMPTY', 'no request arrived after the warm-up');
    } else if (own.length === 1 && spec.run.replications === 1 && !nothingIsRandom(configuration)) {
      add(
        'ONE_REPLICATION',
        latency?.ciLow == null
          ? 'one replication: nothing says how far chance moved the numbers'
          : 'one replication: intervals of means rest on batches of one run, quantiles have none',
      );
    } else if (
      !isWithheld(standing) &&
      spec.run.precision === null &&
      latency !== undefined &&
      latency.estimate !== null &&
      latency.ciHigh !== null &&
      latency.ciHigh - latency.estimate > WIDEST_INTERVAL * latency.estimate
    ) {
      const share = (100 * (latency.ciHigh - latency.estimate)) / latency.estimate;
      add('WIDE_INTERVAL', `the mean latency is known to ${share.toFixed(0)} % only: run longer or more often`);
    }
    for (const text of missed.filter((one) => one.variant === variant).map(missedText)) add('NOT_PRECISE', text);
    return doubts;
  });
}

/** Targets of the scenario that are not reached. */
function missedTargets(result: ExperimentResult): Reached[] {
  const { precision } = result.spec.run;
  if (precision === null) return [];
  return reachedBy(result, precision.targets).filter(
    ({ relative, target }) => relative === null || relative > target.relative,
  );
}

function missedText({ target, relative }: Reached): string {
  const wanted = `${target.metric} ${target.statistic} is wanted to ${percent(target.relative)}`;
  return relative === null ? `${wanted}, but there is no interval` : `${wanted}, known to ${percent(relative)}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
