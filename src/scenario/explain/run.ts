import type { RunSpec } from '../../experiment/spec.js';
import { formatDuration } from '../../schema/index.js';
import { percent } from './words.js';

export function explainRun(run: RunSpec): string {
  const length = lengthOf(run);
  const times = run.replications === 1 ? `one run of ${length}` : `${run.replications} runs of ${length} each`;
  const kind = run.kind === 'transient' ? '; transient: reported over time' : '';
  return `${times}${explainPrecision(run)}, seed ${run.seed}; cut from the start: ${explainWarmUp(run)}${kind}`;
}

function explainPrecision({ precision }: RunSpec): string {
  if (precision === null) return '';
  const targets = precision.targets.map(({ className, metric, statistic, relative }) => {
    const ofClass = className === 'all' ? '' : `{class:${className}}`;
    return `${metric}${ofClass} ${statistic} is known to ${percent(relative)}`;
  });
  return `, more until ${targets.join(' and ')}, at most ${precision.maxReplications}`;
}

function explainWarmUp({ warmup }: RunSpec): string {
  if (warmup.kind === 'auto') return 'what the results call for, at least a tenth';
  if (warmup.kind === 'time') return warmup.ns === 0 ? 'nothing' : formatDuration(warmup.ns);
  return warmup.fraction === 0 ? 'nothing' : percent(warmup.fraction);
}

function lengthOf({ requests, durationNs }: RunSpec): string {
  if (requests !== Infinity) return `${requests} requests`;
  return durationNs === Infinity ? 'all arrivals that the load has' : formatDuration(durationNs);
}
