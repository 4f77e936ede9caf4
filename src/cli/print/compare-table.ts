import type { BestRow } from '../../experiment/estimates/compare-with-best.js';
import { isWithheld } from '../../experiment/estimates/standing.js';
import type { ComparisonRow, ExperimentResult, SummaryRow } from '../../experiment/experiment-result.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import type { Comparison } from './comparison.js';
import type { Fitted } from './fitting.js';
import { folded } from './fold.js';
import { fitted, fittedText, tableText } from './grid.js';
import { Lookup } from './lookup.js';
import { digits, digitsLike, percent } from './numbers.js';
import { loadLine, warmUpLine } from './run-table.js';
import { isHiddenIn, standingWord } from './standing-word.js';
import type { TableOptions } from './table-options.js';

interface TableColumn {
  readonly head: string;
  readonly metric: string;
  readonly statistic: string;
  readonly show: (value: number | null) => string;
  /** Which one goes first where there is no room for all; undefined: none of these. */
  readonly goes?: number;
}

const col = (
  head: string,
  metric: string,
  statistic: string,
  show: (value: number | null) => string,
  goes?: number,
): TableColumn => ({ head, metric, statistic, show, ...(goes === undefined ? {} : { goes }) });

const COLUMNS: readonly TableColumn[] = [
  col('mean', 'latency_ms', 'mean', digits),
  col('p50', 'latency_ms', 'p50', digits, 3),
  col('p95', 'latency_ms', 'p95', digits),
  col('p99', 'latency_ms', 'p99', digits),
  col('GVL wait', 'gvl_wait_ms', 'mean', digits, 4),
  col('req/s', 'throughput_per_s', 'mean', digits),
  col('GVL', 'gvl_utilisation_ratio', 'mean', percent, 2),
  col('cores', 'core_utilisation_ratio', 'mean', percent, 1),
];

/** Shown where memory is simulated. */
const MEMORY = col('MiB', 'pss_mib', 'max', digits);
/** Shown as soon as one variant has failed requests: their latencies are in the table too. */
const FAILED = col('failed', 'error_ratio', 'mean', percent);

/** What `gvlsim compare` shows: one row a variant, then the differences to the baseline. */
export function compareTable(
  result: ExperimentResult,
  summary: readonly SummaryRow[],
  comparison: Comparison,
  best: readonly BestRow[],
  options: TableOptions,
): string {
  const { spec } = result;
  const done = result.replications.length / spec.configurations.length;
  const replicationsText = result.complete
    ? `${spec.run.replications} replications each`
    : `about ${Math.floor(done)} replications each`;
  const between = ` ${options.symbols.dot} `;
  const variants = variantTable(result, summary, options);
  return [
    prose(
      [
        options.isMarkdown ? `## ${spec.name}` : options.paint.bold(spec.name),
        replicationsText,
        loadText(result, options),
      ].join(between),
      options,
    ),
    fittedText(variants, options, { mayGo: [], file: 'summary.csv' }),
    prose(legend(result, variants.head), options),
    differenceTable(result, comparison, options),
    ...bestLines(result, best, options),
  ].join('\n\n');
}

/** Text between the tables. */
function prose(text: string, { isMarkdown, width }: TableOptions): string {
  return isMarkdown ? text : folded(text, width);
}

/** The load is nearly always the same for all variants. */
function loadText({ spec }: ExperimentResult, { loadNote, paint }: TableOptions): string {
  return loadLine(
    { ...loadNote(spec.baseline), isUnstable: false, standing: { kind: 'steady', text: '' } },
    null,
    paint,
  );
}

function variantTable({ spec }: ExperimentResult, summary: readonly SummaryRow[], options: TableOptions): Fitted {
  const lookup = new Lookup(summary);
  const columns = [
    ...COLUMNS,
    ...(hasMemory(spec, lookup) ? [MEMORY] : []),
    ...(someFailed(spec, lookup) ? [FAILED] : []),
  ];
  const rows = spec.configurations.map(({ variant }) => [
    variant,
    ...columns.map(({ metric, statistic, show }) => {
      const { standing } = options.loadNote(variant);
      const isHidden = isHiddenIn(standing, metric);
      if (isHidden && metric === 'latency_ms' && statistic === 'mean') return options.paint.red(standingWord(standing));
      if (isHidden) return '';
      return show(lookup.find(variant, metric, statistic)?.estimate ?? null);
    }),
  ]);
  const mayGo = columns
    .flatMap(({ goes }, k) => (goes === undefined ? [] : [{ goes, column: k + 1 }]))
    .sort((a, b) => a.goes - b.goes);
  const cells = { head: ['latency', ...columns.map(({ head }) => head)], rows };
  return fitted(cells, options, { mayGo: mayGo.map(({ column }) => column), file: '' });
}

function someFailed(spec: ExperimentSpec, lookup: Lookup<SummaryRow>): boolean {
  return spec.configurations.some(
    ({ variant }) => (lookup.find(variant, FAILED.metric, FAILED.statistic)?.estimate ?? 0) > 0,
  );
}

function hasMemory(spec: ExperimentSpec, lookup: Lookup<SummaryRow>): boolean {
  return spec.configurations.some(({ variant }) => lookup.find(variant, MEMORY.metric, MEMORY.statistic) !== undefined);
}

/** What the columns of the first table mean, those that are shown. */
function legend(result: ExperimentResult, head: readonly string[]): string {
  const busy = ['GVL', 'cores'].filter((name) => head.includes(name));
  return [
    `Latency${head.includes('GVL wait') ? ' and GVL wait in ms (GVL wait: mean)' : ' in ms'}${busy.length === 0 ? '.' : `; ${busy.join(', ')}: share of time busy.`}`,
    ...(head.includes(MEMORY.head)
      ? ['MiB: most memory that the processes used together, shared pages counted once.']
      : []),
    sentence(warmUpLine(result, null)),
    ...(head.includes(FAILED.head)
      ? ['Failed requests count with the time until they failed; those that were refused or shed have none.']
      : []),
  ].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function differenceTable(
  { spec }: ExperimentResult,
  { reference, withReference }: Comparison,
  options: TableOptions,
): string {
  const { standing: ofBaseline } = options.loadNote(spec.baseline);
  if (reference === null)
    return `${standingWord(ofBaseline)}: the baseline, ${spec.baseline}, has no steady state, and no two others that could be compared have one.`;
  const lookup = new Lookup(withReference);
  const statistics = ['mean', 'p95', 'p99'];
  const rows = spec.configurations
    .filter(({ variant }) => variant !== reference)
    .map(({ variant }) => {
      const { standing } = options.loadNote(variant);
      const withheld = isWithheld(standing) ? options.paint.dim(standingWord(standing)) : null;
      return [
        variant,
        ...statistics.map(
          (statistic) => withheld ?? difference(lookup.find(variant, 'latency_ms', statistic), options),
        ),
      ];
    });
  const level = `${Math.round(1000 * spec.run.confidence) / 10} %`;
  const title = `Latency less that of ${reference} on the same arrivals, ms, with ${level} intervals:`;
  const why =
    reference === spec.baseline
      ? ''
      : `The baseline, ${spec.baseline}, is ${standingWord(ofBaseline)}, so the first variant with a steady state takes its place.\n`;
  return `${prose(`${why}${title}`, options)}\n\n${tableText({ head: ['difference', ...statistics], rows }, options, { mayGo: [2, 3], file: 'comparison.csv' })}`;
}

/** E.g. `-12.3 ± 1.2 lower`. */
function difference(row: ComparisonRow | undefined, { symbols, paint }: TableOptions): string {
  if (row === undefined || row.difference === null) return '';
  const value = `${row.difference > 0 ? '+' : ''}${digits(row.difference)}`;
  if (row.ciHigh === null) return `${value} no interval`;
  const halfWidth = digitsLike(row.ciHigh - row.difference, row.difference);
  const colour = { lower: paint.green, higher: paint.red, undecided: paint.dim }[row.verdict];
  return `${value} ${symbols.plusMinus} ${halfWidth} ${colour(row.verdict)}`;
}

/** What the latencies say about the best of all, e.g. `Best p95: puma-4x3, or puma7-4x3`. Empty with two variants: the table above says it. */
function bestLines({ spec }: ExperimentResult, best: readonly BestRow[], options: TableOptions): string[] {
  if (spec.configurations.length < 3 || best.length === 0) return [];
  const lines = ['mean', 'p95', 'p99'].flatMap((statistic) => {
    const rows = best.filter((row) => row.metric === 'latency_ms' && row.statistic === statistic);
    if (rows.length === 0 || rows.some(({ ciHigh }) => ciHigh === null)) return [];
    const candidates = rows
      .filter(({ verdict }) => verdict !== 'worse')
      .sort((a, b) => a.difference! - b.difference!)
      .map(({ variant }) => variant);
    return [`${statistic}: ${candidates.length === 1 ? candidates[0] : `one of ${candidates.join(', ')}`}`];
  });
  if (lines.length === 0) return [];
  const level = `${Math.round(1000 * spec.run.confidence) / 10} %`;
  const title = `Lowest latency of all variants with a steady state, at ${level} for each line as a whole (Bonferroni):`;
  return [prose([title, ...lines.map((line) => `  ${line}`)].join(options.isMarkdown ? '  \n' : '\n'), options)];
}
