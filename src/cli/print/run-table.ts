import type { ExperimentResult, SummaryRow } from '../../experiment/experiment-result.js';
import type { LoadNote } from '../load-note.js';
import { grid, markdown } from './grid.js';
import { Lookup } from './lookup.js';
import { digits, digitsLike, grouped, percent } from './numbers.js';
import type { Paint } from './paint.js';
import type { Symbols } from './symbols.js';

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

/** Grow for as long as the run lasts when more is offered than can be served. */
const WITHOUT_LIMIT = new Set(['latency_ms', 'backlog_ms', 'queue_ms']);

export interface TableOptions {
  readonly width: number;
  readonly symbols: Symbols;
  readonly paint: Paint;
  readonly isMarkdown: boolean;
  /** Of a variant. */
  readonly loadNote: (variant: string) => LoadNote;
}

/** What `gvlsim run` shows: for each variant where the time of its requests went, and how busy it was. */
export function runTable(result: ExperimentResult, summary: readonly SummaryRow[], options: TableOptions): string {
  const lookup = new Lookup(summary);
  return result.spec.configurations
    .map(({ variant }) => [heading(result, variant, lookup, options), body(variant, lookup, options)].join('\n\n'))
    .join('\n\n');
}

function heading(
  { spec, replications }: ExperimentResult,
  variant: string,
  lookup: Lookup<SummaryRow>,
  { symbols, loadNote, isMarkdown, paint }: TableOptions,
): string {
  const own = replications.filter((replication) => replication.variant === variant);
  const counted = own.reduce((sum, replication) => sum + replication.counted, 0);
  const between = ` ${symbols.dot} `;
  const title = variant === spec.name ? spec.name : `${spec.name}: ${variant}`;
  const replicationsText = own.length === 1 ? '1 replication' : `${own.length} replications`;
  const value = (metric: string): number | null => lookup.find(variant, metric)?.estimate ?? null;
  const errors = value('error_ratio');
  const lines = [
    [isMarkdown ? `## ${title}` : paint.bold(title), replicationsText, `${grouped(counted)} requests`].join(between),
    loadLine(loadNote(variant), value('throughput_per_s'), paint),
    [
      `GVL ${percent(value('gvl_utilisation_ratio'))} busy`,
      `cores ${percent(value('core_utilisation_ratio'))} busy`,
      `in system ${digits(value('in_system_count'))}`,
      ...(errors ? [`errors ${percent(errors)}`] : []),
    ].join(between),
  ];
  return lines.join(isMarkdown ? '  \n' : '\n');
}

/** E.g. `load: open, offered 80.0/s, achieved 79.9/s`. */
export function loadLine(
  { kind, offeredPerSec, isUnstable }: LoadNote,
  achievedPerSec: number | null,
  paint: Paint,
): string {
  const parts = [`load: ${kind}`];
  if (offeredPerSec !== null) parts.push(`offered ${digits(offeredPerSec)}/s`);
  if (achievedPerSec !== null) parts.push(`achieved ${digits(achievedPerSec)}/s`);
  return parts.join(', ') + (isUnstable ? `\n${paint.red('UNSTABLE')}: more is offered than can be served` : '');
}

function body(variant: string, lookup: Lookup<SummaryRow>, options: TableOptions): string {
  const { isUnstable } = options.loadNote(variant);
  const statistics =
    options.width < 70 && !options.isMarkdown ? ['p50', 'p95', 'p99'] : ['p50', 'p90', 'p95', 'p99', 'max'];
  const rows: string[][] = [];
  for (const [metric, label] of LINES) {
    const mean = lookup.find(variant, metric);
    if (mean === undefined || (metric !== 'latency_ms' && lookup.find(variant, metric, 'max')?.estimate === 0))
      continue;
    rows.push([
      label,
      isUnstable && WITHOUT_LIMIT.has(metric) ? options.paint.red('UNSTABLE') : withHalfWidth(mean, options.symbols),
      ...statistics.map((statistic) => digits(lookup.find(variant, metric, statistic)?.estimate ?? null)),
    ]);
  }
  return (options.isMarkdown ? markdown : grid)(['ms', 'mean', ...statistics], rows);
}

/** E.g. `50.1 ± 0.6`. */
function withHalfWidth({ estimate, ciHigh }: SummaryRow, { plusMinus }: Symbols): string {
  if (estimate === null || ciHigh === null) return digits(estimate);
  return `${digits(estimate)} ${plusMinus} ${digitsLike(ciHigh - estimate, estimate)}`;
}
