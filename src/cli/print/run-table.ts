import { replicationsOf } from '../../experiment/estimates/by-metric.js';
import { hasNoFigures, isWithheld } from '../../experiment/estimates/standing.js';
import type { ExperimentResult, SummaryRow } from '../../experiment/experiment-result.js';
import { folded } from './fold.js';
import { tableText } from './grid.js';
import type { LoadNote } from './load-note.js';
import { Lookup } from './lookup.js';
import { digits, digitsLike, grouped, percent } from './numbers.js';
import type { Paint } from './paint.js';
import { isHiddenIn, standingWord } from './standing-word.js';
import type { Symbols } from './symbols.js';
import type { TableOptions } from './table-options.js';
import { timeTable } from './time-table.js';

/** Rows of the table; indented ones are parts of the one above. */
const LINES: readonly (readonly [metric: string, label: string])[] = [
  ['latency_ms', 'latency'],
  ['backlog_ms', '  backlog'],
  ['queue_ms', '  queue'],
  ['service_ms', '  service'],
  ['run_ms', '    run'],
  ['io_ms', '    I/O'],
  ['gvl_wait_ms', '    GVL wait'],
  ['gc_ms', '    GC'],
  ['cpu_wait_ms', '    core wait'],
  ['pool_wait_ms', '    pool wait'],
];

/** What `gvlsim run` shows: for each variant where the time of its requests went, and how busy it was. */
export function runTable(result: ExperimentResult, summary: readonly SummaryRow[], options: TableOptions): string {
  const lookup = new Lookup(summary);
  return result.spec.configurations
    .map(({ variant }) => {
      const head = heading(result, variant, lookup, options);
      if (replicationsOf(result.replications, variant).length === 0) return head;
      return [head, body(variant, lookup, options), ...overTime(result, variant, options)].join('\n\n');
    })
    .join('\n\n');
}

/** Where the average of the runs is not what is asked for, or there is none to speak of. */
function overTime({ spec, replications }: ExperimentResult, variant: string, options: TableOptions): string[] {
  const isWanted = spec.run.kind === 'transient' || isWithheld(options.loadNote(variant).standing);
  if (!isWanted) return [];
  return [timeTable(variant, replicationsOf(replications, variant), spec.run.confidence, options)];
}

function heading(
  result: ExperimentResult,
  variant: string,
  lookup: Lookup<SummaryRow>,
  { symbols, loadNote, isMarkdown, paint, width }: TableOptions,
): string {
  const { spec, replications } = result;
  const own = replications.filter((replication) => replication.variant === variant);
  const counted = own.reduce((sum, replication) => sum + replication.counted, 0);
  const between = ` ${symbols.dot} `;
  const title = variant === spec.name ? spec.name : `${spec.name}: ${variant}`;
  const replicationsText = own.length === 1 ? '1 replication' : `${own.length} replications`;
  const value = (metric: string): number | null => lookup.find(variant, metric)?.estimate ?? null;
  const errors = value('error_ratio');
  const memory = lookup.find(variant, 'pss_mib', 'max')?.estimate ?? null;
  const lines = [
    [isMarkdown ? `## ${title}` : paint.bold(title), replicationsText, `${grouped(counted)} requests`].join(between),
    loadLine(loadNote(variant), value('throughput_per_s'), paint),
    ...(own.length === 0
      ? []
      : [
          warmUpLine(result, variant),
          [
            `GVL ${percent(value('gvl_utilisation_ratio'))} busy`,
            `cores ${percent(value('core_utilisation_ratio'))} busy`,
            `in system ${digits(value('in_system_count'))}`,
            ...(errors ? [`errors ${percent(errors)}`] : []),
          ].join(between),
        ]),
    ...(memory === null ? [] : [`memory ${digits(memory)} MiB at most (shared pages counted once)`]),
  ];
  return isMarkdown ? lines.join('  \n') : folded(lines.join('\n'), width);
}

/** E.g. `warm-up: first 10 % of each run (settled after 2.5 %)`. */
export function warmUpLine({ spec: { run }, warmUp }: ExperimentResult, variant: string | null): string {
  if (warmUp === undefined) {
    if (run.warmup.kind === 'time') {
      return `warm-up: ${run.warmup.ns === 0 ? 'none' : `first ${Number((run.warmup.ns / 1e9).toPrecision(6))} s of each run`}`;
    }
    return `warm-up: first ${share(run.warmup.kind === 'auto' ? 0 : run.warmup.fraction)} of each run`;
  }
  const cut = `warm-up: first ${share(warmUp.share)} of each run`;
  const found = warmUp.variants.find((one) => one.variant === variant)?.share ?? null;
  return found === null ? cut : `${cut} (settled after ${share(found)})`;
}

function share(value: number): string {
  return `${Number((100 * value).toFixed(1))} %`;
}

/** E.g. `load: open, offered 80.0/s, achieved 79.9/s`. */
export function loadLine(
  { kind, offeredPerSec, isUnstable, standing }: LoadNote,
  achievedPerSec: number | null,
  paint: Paint,
): string {
  const parts = [`load: ${kind}`];
  if (offeredPerSec !== null) parts.push(`offered ${digits(offeredPerSec)}/s`);
  if (achievedPerSec !== null) parts.push(`achieved ${digits(achievedPerSec)}/s`);
  const line = parts.join(', ');
  if (hasNoFigures(standing.kind)) return `${line}\n${paint.red(standingWord(standing))}: ${standing.text}`;
  if (!isUnstable) return line;
  return `${line}\n${paint.red('UNSTABLE')}: ${standing.text === '' ? 'more is offered than can be served' : standing.text}`;
}

function body(variant: string, lookup: Lookup<SummaryRow>, options: TableOptions): string {
  const { standing } = options.loadNote(variant);
  const { red } = options.paint;
  const statistics = ['p50', 'p90', 'p95', 'p99', 'max'];
  const rows: string[][] = [];
  for (const [metric, label] of LINES) {
    const mean = lookup.find(variant, metric);
    if (mean === undefined || (metric !== 'latency_ms' && lookup.find(variant, metric, 'max')?.estimate === 0))
      continue;
    const isHidden = isHiddenIn(standing, metric);
    rows.push([
      label,
      isHidden ? red(standingWord(standing)) : withHalfWidth(mean, options.symbols),
      ...statistics.map((statistic) =>
        isHidden && statistic !== 'max' ? '' : digits(lookup.find(variant, metric, statistic)?.estimate ?? null),
      ),
    ]);
  }
  return tableText({ head: ['ms', 'mean', ...statistics], rows }, options, { mayGo: [3, 6], file: 'summary.csv' });
}

/** E.g. `50.1 ± 0.6`. */
function withHalfWidth({ estimate, ciHigh }: SummaryRow, { plusMinus }: Symbols): string {
  if (estimate === null || ciHigh === null) return digits(estimate);
  return `${digits(estimate)} ${plusMinus} ${digitsLike(ciHigh - estimate, estimate)}`;
}
