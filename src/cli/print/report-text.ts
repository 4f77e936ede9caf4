import type { BestRow } from '../../experiment/estimates/compare-with-best.js';
import type { JudgedObjective } from '../../experiment/estimates/judge-objectives.js';
import type { ExperimentResult, SummaryRow } from '../../experiment/experiment-result.js';
import type { Row } from '../../report/csv.js';
import { rowAsObject } from '../../report/json.js';
import { bestRows } from '../../report/outputs/best.js';
import { comparisonRows } from '../../report/outputs/comparison.js';
import { SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { objectiveRows } from '../../report/outputs/objectives.js';
import { summaryRows } from '../../report/outputs/summary.js';
import { BEST, COMPARISON, OBJECTIVES, SUMMARY, type Table } from '../../report/tables.js';
import type { CommonArgs, Format } from '../arguments/options.js';
import { showsUnicode, tableWidthOf } from '../terminal.js';
import { gvlsimVersion } from '../version.js';
import { compareTable } from './compare-table.js';
import type { Comparison } from './comparison.js';
import { formatted } from './formatted.js';
import { loadNotes } from './load-note.js';
import { objectiveTable } from './objective-table.js';
import { paintFor } from './paint.js';
import { runTable } from './run-table.js';
import { ASCII_SYMBOLS, UNICODE_SYMBOLS } from './symbols.js';

export interface Report {
  readonly command: 'run' | 'compare';
  readonly result: ExperimentResult;
  readonly summary: readonly SummaryRow[];
  /** null unless variants were compared. */
  readonly comparison: Comparison | null;
  /** Empty unless variants were compared. */
  readonly best: readonly BestRow[];
  readonly objectives: readonly JudgedObjective[];
  readonly notes: readonly string[];
}

/** What stdout gets. The main table is the comparison of `compare` and the summary of `run`. */
export function reportText(report: Report, format: Format, args: CommonArgs): string {
  const { result, summary, comparison } = report;
  const { name } = result.spec;
  return formatted(format, {
    ...(comparison === null
      ? { table: SUMMARY, rows: () => summaryRows(name, summary) }
      : { table: COMPARISON, rows: () => comparisonRows(name, comparison.withBaseline) }),
    json: () => asJson(report),
    text: (isMarkdown) => `${humanTable(report, isMarkdown, args)}\n`,
  });
}

function asJson({ command, result, summary, comparison, best, objectives, notes }: Report): object {
  const { spec } = result;
  const objects = (table: Table, rows: Iterable<Row>): object[] => [...rows].map((row) => rowAsObject(table, row));
  return {
    schema_version: SCHEMA_VERSION,
    command,
    gvlsim_version: gvlsimVersion(),
    scenario: spec.name,
    complete: result.complete,
    seed: spec.run.seed,
    replications: spec.run.replications,
    baseline: spec.baseline,
    notes,
    ...(objectives.length === 0 ? {} : { slo: objects(OBJECTIVES, objectiveRows(spec.name, objectives)) }),
    summary: objects(SUMMARY, summaryRows(spec.name, summary)),
    ...(comparison === null
      ? {}
      : {
          comparison: objects(COMPARISON, comparisonRows(spec.name, comparison.withBaseline)),
          best: objects(BEST, bestRows(spec.name, best)),
        }),
  };
}

function humanTable(
  { result, summary, comparison, best, objectives }: Report,
  isMarkdown: boolean,
  args: CommonArgs,
): string {
  const notes = loadNotes(result);
  const options = {
    width: tableWidthOf(process.stdout),
    symbols: isMarkdown || showsUnicode(process.stdout) ? UNICODE_SYMBOLS : ASCII_SYMBOLS,
    isMarkdown,
    paint: paintFor(process.stdout, { color: args.color && !isMarkdown }),
    loadNote: (variant: string) => notes.get(variant)!,
  };
  const main =
    comparison === null ? runTable(result, summary, options) : compareTable(result, summary, comparison, best, options);
  return objectives.length === 0 ? main : `${main}\n\n${objectiveTable(objectives, options)}`;
}
