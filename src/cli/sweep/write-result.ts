import type { Column } from '../../report/columns.js';
import { csvHeader } from '../../report/csv.js';
import { dataPackage } from '../../report/outputs/data-package.js';
import { cellsTable, sweepTable } from '../../report/outputs/sweep.js';
import { type SweepFacts, sweepManifest } from '../../report/outputs/sweep-manifest.js';
import { manifestContext } from '../files/manifest-context.js';
import { writeAtomically } from '../files/out-directory.js';

/** Writes sweep.csv, cells.csv and what describes them; bodies are without their headers. */
export function writeSweep(
  out: string,
  facts: SweepFacts,
  factors: readonly Column[],
  bodies: readonly Iterable<string | Uint8Array>[],
  wallTimeSec: number,
): void {
  const tables = [sweepTable(factors), cellsTable(factors)];
  const files = tables.map((table, k) =>
    writeAtomically(out, `${table.name}.csv`, withHeader(csvHeader(table), bodies[k]!)),
  );
  const resources = tables.map((table) => ({ path: `${table.name}.csv`, table }));
  files.push(writeAtomically(out, 'datapackage.json', [dataPackage(facts.scenario, '', resources)]));
  writeAtomically(out, 'manifest.json', [sweepManifest(facts, manifestContext('sweep', wallTimeSec, files))]);
}

function* withHeader(header: string, body: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  yield header;
  yield* body;
}
