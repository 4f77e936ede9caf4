import type { CellRecord } from '../../experiment/estimates/cell-record.js';
import type { SummaryRow } from '../../experiment/experiment-result.js';
import type { Format, SweepArgs } from '../arguments/options.js';
import { grid, markdown } from '../print/grid.js';
import { Lookup } from '../print/lookup.js';
import { digits, grouped, percent } from '../print/numbers.js';
import { paintFor } from '../print/paint.js';

/** A line of the table that is shown: of one variant in one cell. */
interface ShownCell {
  readonly factors: readonly string[];
  readonly variant: string;
  readonly isUnstable: boolean;
  /** As in `HEADS`. */
  readonly figures: readonly string[];
}

const HEADS = ['mean', 'p95', 'p99', 'GVL wait', 'req/s', 'GVL', 'cores'] as const;
/** Of larger sweeps only the beginning is shown. */
export const SHOWN_LINES = 60;

/** Lines for the table, as JSON; the first ones are read back at the end. */
export function shownLines(
  factors: readonly string[],
  records: readonly CellRecord[],
  summary: readonly SummaryRow[],
): string {
  const lookup = new Lookup(summary);
  return records
    .map(({ variant, isUnstable }) => {
      const value = (metric: string, statistic = 'mean'): number | null =>
        lookup.find(variant, metric, statistic)?.estimate ?? null;
      const cell: ShownCell = {
        factors,
        variant,
        isUnstable,
        figures: [
          digits(value('latency_ms')),
          digits(value('latency_ms', 'p95')),
          digits(value('latency_ms', 'p99')),
          digits(value('gvl_wait_ms')),
          digits(value('throughput_per_s')),
          percent(value('gvl_utilisation_ratio')),
          percent(value('core_utilisation_ratio')),
        ],
      };
      return `${JSON.stringify(cell)}\n`;
    })
    .join('');
}

export interface ShownSweep {
  readonly name: string;
  /** Names of the columns of the factors. */
  readonly factors: readonly string[];
  readonly lines: readonly string[];
  readonly cellsDone: number;
  readonly cells: number;
}

/** What `gvlsim sweep` shows: the factors of each cell and where its time went. */
export function shownTable(sweep: ShownSweep, format: Format, args: SweepArgs): string {
  const isMarkdown = format === 'md';
  const paint = paintFor(process.stdout, { color: args.color && !isMarkdown });
  const cells = sweep.lines.map((line) => JSON.parse(line) as ShownCell);
  const hasVariants = cells.some(({ variant }) => variant !== cells[0]!.variant);
  const head = [...sweep.factors, ...(hasVariants ? ['variant'] : []), ...HEADS];
  const rows = cells.map(({ factors, variant, isUnstable, figures: [mean, ...others] }) => [
    ...factors,
    ...(hasVariants ? [variant] : []),
    isUnstable ? paint.red('UNSTABLE') : mean!,
    ...others,
  ]);
  const title = `${sweep.name}: ${grouped(sweep.cells)} cells`;
  const part = sweep.cellsDone < sweep.cells ? `, ${grouped(sweep.cellsDone)} of them done` : '';
  const foot = [
    'Latency and GVL wait in ms (GVL wait: mean); GVL, cores: share of time busy.',
    ...(rows.length === SHOWN_LINES ? [`The first ${SHOWN_LINES} lines; all are in sweep.csv.`] : []),
  ];
  return `${[
    (isMarkdown ? `## ${title}` : paint.bold(title)) + part,
    (isMarkdown ? markdown : grid)(head, rows),
    foot.join(isMarkdown ? '  \n' : '\n'),
  ].join('\n\n')}\n`;
}
