import type { ReplayCheck, ReplayFigure } from '../../experiment/replay/replay-check.js';
import { grid, markdown } from './grid.js';
import { digits, grouped, percent } from './numbers.js';
import type { Paint } from './paint.js';
import type { Symbols } from './symbols.js';

export interface ReplayTableOptions {
  readonly symbols: Symbols;
  readonly paint: Paint;
  readonly isMarkdown: boolean;
}

export interface CheckedReplay {
  readonly scenario: string;
  readonly measuredFile: string;
  readonly replays: number;
  readonly warmUp: number;
  /** Confidence level of the intervals. */
  readonly level: number;
  readonly check: ReplayCheck;
}

const LABELS: Readonly<Record<ReplayFigure['metric'], string>> = {
  latency_ms: 'latency',
  before_app_ms: 'queue wait',
  busiest_worker_ratio: 'busiest worker',
};

/** What `gvlsim replay-check` shows: each figure as measured and as simulated, their ratio, and whether it is beyond noise. */
export function replayTable(replay: CheckedReplay, options: ReplayTableOptions): string {
  const { figures } = replay.check;
  return [
    heading(replay, options),
    (options.isMarkdown ? markdown : grid)(
      ['ms', 'measured', 'simulated', 'ratio', `${percent(replay.level).replace('.0', '')} interval`, ''],
      figures.map((figure) => figureRow(figure, options)),
    ),
    conclusion(replay, options),
  ].join('\n\n');
}

function heading(
  { scenario, measuredFile, replays, warmUp, check }: CheckedReplay,
  { symbols, paint, isMarkdown }: ReplayTableOptions,
): string {
  const { matched, measuredFailed, simulatedFailed, notReplayed, notMeasured } = check;
  const asides: readonly (readonly [number, string])[] = [
    [measuredFailed, 'failed when measured'],
    [simulatedFailed, 'failed when replayed'],
    [notReplayed - Math.min(warmUp, notReplayed), 'measured, but not replayed'],
    [notMeasured, 'not among the measured'],
  ];
  const leftOut = asides.filter(([count]) => count > 0).map(([count, what]) => `${grouped(count)} ${what}`);
  if (warmUp > 0) leftOut.push(`${grouped(warmUp)} in the warm-up`);
  const between = ` ${symbols.dot} `;
  const times = replays === 1 ? 'replayed once' : `${replays} replays`;
  return [
    [isMarkdown ? `## ${scenario}` : paint.bold(scenario), `against ${measuredFile}`, times].join(between),
    `${grouped(matched)} requests matched${leftOut.length > 0 ? `; left out: ${leftOut.join(', ')}` : ''}`,
  ].join(isMarkdown ? '  \n' : '\n');
}

function figureRow(figure: ReplayFigure, { paint }: ReplayTableOptions): string[] {
  const { metric, statistic, measured, simulated, ratio, ratioRange, verdict } = figure;
  const isShare = metric === 'busiest_worker_ratio';
  const show = isShare ? percent : digits;
  const isFirst = statistic === 'mean';
  const label = isShare ? LABELS[metric] : isFirst ? `${LABELS[metric]} mean` : `  ${statistic}`;
  return [
    label,
    show(measured),
    show(simulated),
    Number.isFinite(ratio) ? ratio.toFixed(3) : '',
    ratioRange === null ? 'none' : `${ratioRange.low.toFixed(3)} to ${ratioRange.high.toFixed(3)}`,
    verdict === 'within' || verdict === 'undecided' ? '' : paint.yellow(verdict),
  ];
}

function conclusion({ level, check, replays }: CheckedReplay, { isMarkdown }: ReplayTableOptions): string {
  const decided = check.figures.filter(({ verdict }) => verdict !== 'undecided');
  const called = decided.filter(({ verdict }) => verdict !== 'within');
  const method = decided[0]?.method;
  const told =
    called.length > 0
      ? `Beyond the noise: ${called.map(({ metric, statistic }) => `${LABELS[metric]} ${statistic}`).join(', ')}.`
      : 'No figure is beyond the noise.';
  const chance = `With ${percent(level).replace('.0', '')} intervals about one figure in ${Math.round(1 / (1 - level))} would be, by chance alone.`;
  const lines = [
    'Ratio: simulated over measured. A ratio whose interval holds 1 is within the noise of single requests.',
    ...(method === undefined
      ? ['There are too few requests for intervals.']
      : [`Interval of the ${LABELS[decided[0]!.metric]}: ${method} (Politis and Romano 1992).`]),
    ...(replays > 1 ? ['Simulated: the requests of all replays together.'] : []),
    ...(method === undefined ? [] : [told, chance]),
  ];
  return lines.join(isMarkdown ? '  \n' : '\n');
}
