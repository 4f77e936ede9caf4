import type { BestRow } from '../experiment/estimates/compare-with-best.js';
import type { JudgedObjective } from '../experiment/estimates/judge-objectives.js';
import { timeBands } from '../experiment/estimates/time-bands.js';
import type { ComparisonRow, ExperimentResult, SummaryRow } from '../experiment/experiment-result.js';
import { percentileText } from '../statistics/hgrm.js';
import { LogHistogram } from '../statistics/log-histogram.js';
import type { Table } from './columns.js';
import { csvChunks, csvHeader } from './csv.js';
import { BEST, bestRows } from './outputs/best.js';
import { COMPARISON, comparisonRows } from './outputs/comparison.js';
import { dataPackage, type Resource } from './outputs/data-package.js';
import { MEMORY, memoryRows } from './outputs/memory.js';
import { OBJECTIVES, objectiveRows } from './outputs/objectives.js';
import { REPLICATIONS, replicationRows } from './outputs/replications.js';
import { REQUESTS } from './outputs/requests.js';
import { SUMMARY, summaryRows } from './outputs/summary.js';
import { TIME_BANDS, timeBandRows } from './outputs/time-bands.js';
import { TIME_SERIES, timeSeriesRows } from './outputs/time-series.js';

/** A file of a result directory, as chunks. */
export interface ResultFile {
  readonly name: string;
  readonly chunks: Iterable<string | Uint8Array>;
}

export interface ResultFileOptions {
  readonly summary: readonly SummaryRow[];
  /** null: nothing was compared. */
  readonly comparison: readonly ComparisonRow[] | null;
  /** Empty or missing: nothing was compared, or there is no second variant with a steady state. */
  readonly best?: readonly BestRow[];
  /** Empty or missing: the scenario has none. */
  readonly objectives?: readonly JudgedObjective[];
  /** Lines of requests.csv without its header; null: not wanted. */
  readonly requestLines: Iterable<string | Uint8Array> | null;
}

/** All files of a result but manifest.json, which lists the others. */
export function* resultFiles(result: ExperimentResult, options: ResultFileOptions): Generator<ResultFile> {
  const { spec, replications } = result;
  const resources: Resource[] = [];
  const csv = (table: Table, chunks: Iterable<string | Uint8Array>): ResultFile => {
    const name = `${table.name}.csv`;
    resources.push({ path: name, table });
    return { name, chunks };
  };
  yield csv(SUMMARY, csvChunks(SUMMARY, summaryRows(spec.name, options.summary)));
  if (options.comparison !== null) {
    yield csv(COMPARISON, csvChunks(COMPARISON, comparisonRows(spec.name, options.comparison)));
  }
  const best = options.best ?? [];
  if (best.length > 0) yield csv(BEST, csvChunks(BEST, bestRows(spec.name, best)));
  const objectives = options.objectives ?? [];
  if (objectives.length > 0) yield csv(OBJECTIVES, csvChunks(OBJECTIVES, objectiveRows(spec.name, objectives)));
  yield csv(REPLICATIONS, csvChunks(REPLICATIONS, replicationRows(replications)));
  yield csv(TIME_SERIES, csvChunks(TIME_SERIES, timeSeriesRows(replications)));
  if (replications.some(({ memory }) => memory !== null))
    yield csv(MEMORY, csvChunks(MEMORY, memoryRows(replications)));
  yield csv(TIME_BANDS, csvChunks(TIME_BANDS, timeBandRows(timeBands(result))));
  if (options.requestLines !== null) yield csv(REQUESTS, withHeader(REQUESTS, options.requestLines));
  const names = histogramNames(spec.configurations.map(({ variant }) => variant));
  for (const { variant } of spec.configurations) {
    yield { name: names.get(variant)!, chunks: [latencyDistribution(result, variant)] };
  }
  yield { name: 'datapackage.json', chunks: [dataPackage(spec.name, spec.description, resources)] };
}

function* withHeader(table: Table, lines: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  yield csvHeader(table);
  yield* lines;
}

/** Latencies of all replications of a variant together. */
function latencyDistribution({ replications }: ExperimentResult, variant: string): string {
  const all = new LogHistogram();
  for (const replication of replications) {
    if (replication.variant === variant) all.merge(LogHistogram.fromData(replication.latency));
  }
  return percentileText(all.buckets());
}

/** `latency.hgrm`; with several variants `latency-<variant>.hgrm`, characters that file systems dislike replaced by `_`. */
export function histogramNames(variants: readonly string[]): ReadonlyMap<string, string> {
  if (variants.length === 1) return new Map([[variants[0]!, 'latency.hgrm']]);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const variant of variants) {
    const safe = variant.replace(/[^A-Za-z0-9._-]/g, '_');
    let name = `latency-${safe}.hgrm`;
    for (let k = 2; taken.has(name.toLowerCase()); k++) name = `latency-${safe}-${k}.hgrm`;
    taken.add(name.toLowerCase());
    names.set(variant, name);
  }
  return names;
}
