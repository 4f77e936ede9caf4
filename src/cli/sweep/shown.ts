import type { CellRecord } from '../../experiment/estimates/cell-record.js';
import type { SummaryRow } from '../../experiment/experiment-result.js';
import type { Format, SweepArgs } from '../arguments/options.js';
import { folded } from '../print/fold.js';
import { fitted, fittedText } from '../print/grid.js';
import { Lookup } from '../print/lookup.js';
import { digits, grouped, percent } from '../print/numbers.js';
import { paintFor } from '../print/paint.js';
import { tableWidthOf } from '../terminal.js';

/** A line of the table that is shown: of one variant in one cell. */
interface ShownCell {
  readonly factors: readonly string[];
  readonly variant: string;
  readonly isUnstable: boolean;
  /** As in `HEADS`. */
  readonly figures: readonly string[];
}

const HEADS = ['mean', 'p95', 'p99', 'GVL wait', 'req/s', 'GVL', 'cores', 'MiB'] as const;
/** Numbers of those that a narrow terminal goes without, the first one first. */
const MAY_GO = [6, 5, 3, 1];
const MEMORY = 7;
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
          digits(value('pss_mib', 'max')),
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
  const hasMemory = cells.some(({ figures }) => figures[MEMORY] !== '');
  const ids = [...sweep.factors, ...(hasVariants ? ['variant'] : [])];
  const rows = cells.map(({ factors, variant, isUnstable, figures: [mean, ...others] }) => [
    ...factors,
    ...(hasVariants ? [variant] : []),
    isUnstable ? paint.red('UNSTABLE') : mean!,
    ...others.slice(0, hasMemory ? MEMORY : MEMORY - 1),
  ]);
  const table = { head: [...ids, ...HEADS.slice(0, hasMemory ? MEMORY + 1 : MEMORY)], rows };
  const form = { isMarkdown, width: tableWidthOf(process.stdout) };
  const spare = { mayGo: MAY_GO.map((k) => ids.length + k), file: 'sweep.csv' };
  const shown = fitted(table, form, spare);
  const busy = ['GVL', 'cores'].filter((name) => shown.head.includes(name));
  const title = `${sweep.name}: ${grouped(sweep.cells)} cells`;
  const part = sweep.cellsDone < sweep.cells ? `, ${grouped(sweep.cellsDone)} of them done` : '';
  const foot = [
    `Latency${shown.head.includes('GVL wait') ? ' and GVL wait in ms (GVL wait: mean)' : ' in ms'}${busy.length === 0 ? '.' : `; ${busy.join(', ')}: share of time busy.`}`,
    ...(hasMemory ? ['MiB: most memory that the processes used together, shared pages counted once.'] : []),
    ...(rows.length === SHOWN_LINES ? [`The first ${SHOWN_LINES} lines; all are in sweep.csv.`] : []),
  ];
  return `${[
    (isMarkdown ? `## ${title}` : paint.bold(title)) + part,
    fittedText(shown, form, spare),
    isMarkdown ? foot.join('  \n') : folded(foot.join('\n'), form.width),
  ].join('\n\n')}\n`;
}
