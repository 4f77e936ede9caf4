import type { Stream } from '../../random/streams.js';
import {
  blockLength,
  drawBlocks,
  expectedBeyond,
  MIN_OBSERVATIONS_BEYOND_QUANTILE,
  percentileInterval,
} from '../../statistics/index.js';
import {
  ANSWERED,
  busiestShare,
  FIGURE_LEVELS,
  FIGURES,
  figuresOf,
  type ObservedRequests,
} from './observed-requests.js';

/** `within`: the interval of the ratio holds 1. `lower`, `higher`: simulated is, beyond the noise. `undecided`: no interval. */
export type ReplayVerdict = 'within' | 'lower' | 'higher' | 'undecided';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** One figure of a server, measured and simulated. */
export interface ReplayFigure {
  readonly metric: 'latency_ms' | 'before_app_ms' | 'busiest_worker_ratio';
  /** One of `FIGURES`. */
  readonly statistic: string;
  /** Requests behind it. */
  readonly n: number;
  readonly measured: number;
  /** What other traffic of the kind might have given; null without interval. */
  readonly measuredRange: Range | null;
  readonly simulated: number;
  /** Simulated over measured; NaN if nothing was measured. */
  readonly ratio: number;
  /** What the noise of single requests leaves open; null without interval. */
  readonly ratioRange: Range | null;
  /** How the intervals were made, or why there are none. */
  readonly method: string;
  readonly verdict: ReplayVerdict;
}

export interface ReplayCheck {
  readonly figures: readonly ReplayFigure[];
  /** Requests answered on both sides, in every replay. */
  readonly matched: number;
  readonly measuredFailed: number;
  /** Measured with an answer, but failed in a replay. */
  readonly simulatedFailed: number;
  /** Measured with an answer, but not replayed: in the warm-up, or after the end. */
  readonly notReplayed: number;
  /** Replayed, but not among the measured ones. */
  readonly notMeasured: number;
}

export interface ReplayCheckOptions {
  /** Confidence level, e.g. 0.95. */
  readonly level: number;
  /** For the bootstrap. */
  readonly stream: Stream;
}

/** Resamples of a bootstrap: what B. Efron and R. Tibshirani (1993), An introduction to the bootstrap, ask for percentiles. */
export const RESAMPLES = 1000;
/** Below this many requests the bootstrap says little about a mean. */
const MIN_REQUESTS = 30;

/**
 * Compares what a server did with what replays of the same requests did.
 *
 * The ratios' intervals come from a bootstrap over pairs: a resample takes blocks of successive requests, the same ones
 * of both sides. What the traffic does to both cancels; what is left is how far chance in single requests moves the
 * ratio. Changes that last for a whole measurement (another state of the machine) are not seen.
 *
 * @param replays one a replication, each in the order of arrivals; at least one. Their requests are pooled.
 * @see drawBlocks for the bootstrap's sources
 */
export function checkReplay(
  measured: ObservedRequests,
  replays: readonly ObservedRequests[],
  options: ReplayCheckOptions,
): ReplayCheck {
  const pairing = pair(measured, replays);
  const { pairs } = pairing;
  const figures = [...timeFigures('latency_ms', pairs, measured.latencyMs, latencies(replays), options)];
  if (measured.queueMs !== null) {
    const { queueMs } = measured;
    const started = pairs.filter(
      ({ theirs, ours }) =>
        Number.isFinite(queueMs[theirs]!) && ours.every((row, k) => Number.isFinite(replays[k]!.queueMs![row]!)),
    );
    const queues = replays.map((replay) => replay.queueMs!);
    if (started.length > 0) figures.push(...timeFigures('before_app_ms', started, queueMs, queues, options));
  }
  figures.push(...workerFigures(pairs, measured, replays));
  return { ...pairing.counts, matched: pairs.length, figures };
}

/** A request that was answered on both sides: its row in the measurement, and in each replay. */
interface Pair {
  readonly theirs: number;
  readonly ours: readonly number[];
}

function pair(
  measured: ObservedRequests,
  replays: readonly ObservedRequests[],
): { pairs: Pair[]; counts: Omit<ReplayCheck, 'figures' | 'matched'> } {
  const rowOf = new Map(measured.ids.map((id, row) => [id, row]));
  const others = replays.slice(1).map((replay) => new Map(replay.ids.map((id, row) => [id, row])));
  const pairs: Pair[] = [];
  let notMeasured = 0;
  let simulatedFailed = 0;
  replays[0]!.ids.forEach((id, row) => {
    const theirs = rowOf.get(id);
    if (theirs === undefined) {
      notMeasured++;
      return;
    }
    if (measured.status[theirs] !== ANSWERED) return;
    const ours = [row, ...others.map((rows) => rows.get(id) ?? -1)];
    if (ours.includes(-1)) return;
    if (ours.every((k, replay) => replays[replay]!.status[k] === ANSWERED)) pairs.push({ theirs, ours });
    else simulatedFailed++;
  });
  const measuredFailed = measured.status.filter((status) => status !== ANSWERED).length;
  const notReplayed = measured.ids.length - measuredFailed - simulatedFailed - pairs.length;
  return { pairs, counts: { measuredFailed, simulatedFailed, notReplayed, notMeasured } };
}

function latencies(replays: readonly ObservedRequests[]): Float64Array[] {
  return replays.map(({ latencyMs }) => latencyMs);
}

function timeFigures(
  metric: 'latency_ms' | 'before_app_ms',
  pairs: readonly Pair[],
  measuredColumn: Float64Array,
  simulatedColumns: readonly Float64Array[],
  options: ReplayCheckOptions,
): ReplayFigure[] {
  const n = pairs.length;
  const measured = Float64Array.from(pairs, ({ theirs }) => measuredColumn[theirs]!);
  const simulated = simulatedColumns.map((column, k) => Float64Array.from(pairs, ({ ours }) => column[ours[k]!]!));
  const [theirs, ours] = [figuresOf(measured), figuresOf(pooled(simulated))];
  const { ratios, figures, length } = resample(measured, simulated, options.stream);
  return FIGURES.map((statistic, k) => {
    const reason = whyNoInterval(statistic, n, ratios[k]!);
    const ratioRange = reason === null ? percentileInterval(ratios[k]!, options.level) : null;
    return {
      metric,
      statistic,
      n,
      measured: theirs[k]!,
      measuredRange: reason === null ? percentileInterval(figures[k]!, options.level) : null,
      simulated: ours[k]!,
      ratio: theirs[k]! > 0 ? ours[k]! / theirs[k]! : Number.NaN,
      ratioRange,
      method: reason ?? `paired circular block bootstrap: ${RESAMPLES} resamples in blocks of ${length}`,
      verdict: verdictOf(ratioRange),
    };
  });
}

function whyNoInterval(statistic: (typeof FIGURES)[number], n: number, ratios: Float64Array): string | null {
  if (n < MIN_REQUESTS) return `fewer than ${MIN_REQUESTS} requests`;
  const level = FIGURE_LEVELS[FIGURES.indexOf(statistic) - 1];
  if (level !== undefined && expectedBeyond(n, level) < MIN_OBSERVATIONS_BEYOND_QUANTILE) {
    return `fewer than ${MIN_OBSERVATIONS_BEYOND_QUANTILE} observations beyond the quantile`;
  }
  return ratios.every(Number.isFinite) ? null : 'no ratio: 0 was measured';
}

function verdictOf(range: Range | null): ReplayVerdict {
  if (range === null) return 'undecided';
  if (range.low > 1) return 'higher';
  return range.high < 1 ? 'lower' : 'within';
}

/** For each of `FIGURES` the ratio, and the measured figure, of every resample. */
function resample(
  measured: Float64Array,
  simulated: readonly Float64Array[],
  stream: Stream,
): { ratios: Float64Array[]; figures: Float64Array[]; length: number } {
  const n = measured.length;
  const length = Math.max(blockLength(measured), blockLength(measured.map((value, k) => simulated[0]![k]! - value)));
  const rows = new Uint32Array(n);
  const [theirs, ours] = [new Float64Array(n), new Float64Array(n * simulated.length)];
  const columns = (): Float64Array[] => FIGURES.map(() => new Float64Array(RESAMPLES));
  const [ratios, figures] = [columns(), columns()];
  for (let draw = 0; draw < RESAMPLES && n >= MIN_REQUESTS; draw++) {
    drawBlocks(rows, length, () => stream.uniform());
    for (let k = 0; k < n; k++) theirs[k] = measured[rows[k]!]!;
    simulated.forEach((column, replay) => {
      for (let k = 0; k < n; k++) ours[replay * n + k] = column[rows[k]!]!;
    });
    const simulatedFigures = figuresOf(ours);
    figuresOf(theirs).forEach((figure, k) => {
      figures[k]![draw] = figure;
      ratios[k]![draw] = figure > 0 ? simulatedFigures[k]! / figure : Number.NaN;
    });
  }
  return { ratios, figures, length };
}

function pooled(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0));
  let filled = 0;
  for (const column of columns) {
    all.set(column, filled);
    filled += column.length;
  }
  return all;
}

/** How evenly the requests went to the workers; nothing with one worker. Of several replays the mean. */
function workerFigures(
  pairs: readonly Pair[],
  measured: ObservedRequests,
  replays: readonly ObservedRequests[],
): ReplayFigure[] {
  if (measured.worker === null || pairs.length === 0) return [];
  const theirs = busiestShare(pairs.map(({ theirs: row }) => measured.worker![row]!));
  const shares = replays.map(({ worker }, k) => busiestShare(pairs.map(({ ours }) => worker![ours[k]!]!)));
  const ours = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  if (theirs === 1 && ours === 1) return [];
  return [
    {
      metric: 'busiest_worker_ratio',
      statistic: 'mean',
      n: pairs.length,
      measured: theirs,
      measuredRange: null,
      simulated: ours,
      ratio: ours / theirs,
      ratioRange: null,
      method: 'a maximum: no interval',
      verdict: 'undecided',
    },
  ];
}
